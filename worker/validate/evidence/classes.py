"""What only a classifier's answers can show: probabilities, the model's own labels, what its card says."""

import math

from worker.contract import Evidence
from worker.validate.evidence.comparing import Compared
from worker.validate.evidence.subject import Subject

ABOUT = 1e-3
"""Probabilities may be this far outside their bounds."""
OPEN = frozenset({"zero-shot-classification", "zero-shot-image-classification", "fill-mask"})
"""Tasks whose labels are the caller's, or words of the language."""


def probable(answers: Compared) -> Evidence:
    found = [labels for _, content in answers.answers for labels in content.labels]
    for labels in found:
        for label, value in labels.probabilities.items():
            if not math.isfinite(value) or not -ABOUT <= value <= 1 + ABOUT:
                detail = f"{label[:80]} has the probability {value}."
                return Evidence(name="probabilities", passed=False, detail=detail)
    if not found:
        return Evidence(name="probabilities", passed=None, detail="There is no answer to look at.")
    return Evidence(name="probabilities", passed=True, detail="All are finite and between 0 and 1.")


def own_labels(subject: Subject, answers: Compared) -> Evidence:
    card = subject.card
    if card is None or card.labels is None or card.pipeline_tag in OPEN or not answers.answers:
        what = (
            "There is no answer to look at." if not answers.answers else "The labels are not the model's own."
        )
        if card and card.labels is None:
            what = "The model's config names no labels."
        return Evidence(name="labels", passed=None, detail=what)
    given = {
        label for _, content in answers.answers for each in content.labels for label in each.probabilities
    }
    foreign = given - set(card.labels)
    if foreign:
        detail = f"Not labels of this model: {', '.join(sorted(foreign))[:200]}."
        return Evidence(name="labels", passed=False, detail=detail)
    return Evidence(name="labels", passed=True, detail="Every label is one of the model's own.")


def as_documented(subject: Subject, answers: Compared) -> Evidence:
    """Cards grow old and scores are close, so only a contradiction of every example counts as one."""
    own = set((subject.card and subject.card.labels) or ())
    agreed = [
        content.labels[0].top == answer.expected
        for answer, content in answers.answers
        if answer.expected in own and content.labels
    ]
    detail = f"{sum(agreed)} of {len(agreed)} examples of the card got the label that the card gives."
    match agreed:
        case []:
            return Evidence(name="card_examples", passed=None, detail="The card gives no answers.")
        case _ if all(agreed):
            return Evidence(name="card_examples", passed=True, detail=detail)
        case _:
            refuted = len(agreed) > 1 and not any(agreed)
            return Evidence(name="card_examples", passed=False if refuted else None, detail=detail)
