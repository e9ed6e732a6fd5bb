"""Did real inference happen? Each check looks at what came back and says what it saw. Pure; no I/O.

`passed` is None where a check could not be made. What these checks cannot tell is whether other weights would
have given other answers.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from statistics import median

from pydantic import BaseModel, ConfigDict, JsonValue

from worker.card import Card
from worker.contract import Evidence
from worker.validate.labels import Labels, labels_in

SAME = 1e-3
"""Probabilities this close are the same answer: sums come in another order from call to call on a GPU."""
CLEARLY = 10
"""Different inputs must move an answer this many times further than asking again does."""


class Answered(BaseModel):
    """One call that was made. Equal `content` means equal inputs."""

    model_config = ConfigDict(frozen=True)

    content: int
    text: str | None = None
    """The input, where it was a text."""
    expected: str | None = None
    """The label that the card gives for this input."""
    output: JsonValue = None
    error: str | None = None
    seconds: float = 0.0


def judge(
    card: Card, health: dict[str, JsonValue] | None, answers: Sequence[Answered]
) -> tuple[Evidence, ...]:
    """Every check of a classifier, in the order in which they explain themselves."""
    read = [(answer, labels) for answer in answers if (labels := labels_in(answer.output)) is not None]
    return (
        healthy(card, health),
        weights_opened(card, health),
        answered(answers),
        typed(answers),
        probable(read),
        own_labels(card, read),
        repeatable(read),
        sensitive(read),
        as_documented(card, read),
        no_echo(card, answers),
        latency(answers),
    )


def healthy(card: Card, health: dict[str, JsonValue] | None) -> Evidence:
    if health is None:
        return Evidence(name="health", passed=False, detail="/health did not answer with JSON.")
    for key, expected in (("model_id", card.model_id), ("revision", card.revision)):
        if health.get(key) != expected:
            said = str(health.get(key))[:100]
            return Evidence(
                name="health", passed=False, detail=f"/health says {key} is {said}, not {expected}."
            )
    return Evidence(
        name="health", passed=True, detail=f"/health names {card.model_id} at {card.revision[:7]}."
    )


def weights_opened(card: Card, health: dict[str, JsonValue] | None) -> Evidence:
    """The app says which files it opened; they must be this revision's, with its sizes, and hold a model."""
    opened = (health or {}).get("opened")
    if not isinstance(opened, dict) or not opened:
        return Evidence(name="weights_opened", passed=False, detail="The app names no file it opened.")
    strange = [path for path, size in opened.items() if card.files.get(path) != size]
    if strange:
        detail = f"{strange[0]} is not a file of the model with that size."
        return Evidence(name="weights_opened", passed=False, detail=detail)
    weights = [path for path in opened if path.endswith((".onnx", ".safetensors", ".bin", ".gguf"))]
    detail = f"The app says it opened {', '.join(weights)}." if weights else "No opened file holds weights."
    return Evidence(name="weights_opened", passed=bool(weights), detail=detail)


def answered(answers: Sequence[Answered]) -> Evidence:
    failed = [answer.error for answer in answers if answer.error]
    if not answers:
        return Evidence(name="answered", passed=None, detail="No endpoint could be called.")
    detail = f"{len(answers) - len(failed)} of {len(answers)} calls were answered."
    if failed:
        detail += f" First error: {failed[0]}"
    return Evidence(name="answered", passed=not failed, detail=detail)


def typed(answers: Sequence[Answered]) -> Evidence:
    outputs = [answer.output for answer in answers if not answer.error]
    if not outputs:
        return Evidence(name="type", passed=None, detail="There is no answer to look at.")
    wrong = [output for output in outputs if labels_in(output) is None]
    if wrong:
        return Evidence(
            name="type", passed=False, detail=f"Not labels with probabilities: {_brief(wrong[0])}"
        )
    return Evidence(name="type", passed=True, detail="Every answer is labels with probabilities.")


def probable(read: Sequence[tuple[Answered, Labels]]) -> Evidence:
    for _, labels in read:
        for label, value in labels.probabilities.items():
            if not math.isfinite(value) or not -SAME <= value <= 1 + SAME:
                detail = f"{label[:80]} has the probability {value}."
                return Evidence(name="probabilities", passed=False, detail=detail)
    if not read:
        return Evidence(name="probabilities", passed=None, detail="There is no answer to look at.")
    return Evidence(name="probabilities", passed=True, detail="All are finite and between 0 and 1.")


def own_labels(card: Card, read: Sequence[tuple[Answered, Labels]]) -> Evidence:
    if card.labels is None or not read:
        what = (
            "The model's config names no labels." if card.labels is None else "There is no answer to look at."
        )
        return Evidence(name="labels", passed=None, detail=what)
    foreign = {label for _, labels in read for label in labels.probabilities} - set(card.labels)
    if foreign:
        detail = f"Not labels of this model: {', '.join(sorted(foreign))[:200]}."
        return Evidence(name="labels", passed=False, detail=detail)
    return Evidence(name="labels", passed=True, detail="Every label is one of the model's own.")


def repeatable(read: Sequence[tuple[Answered, Labels]]) -> Evidence:
    drift = _drift(read)
    if drift is None:
        return Evidence(name="repeatable", passed=None, detail="No input was answered twice.")
    if drift > SAME:
        detail = f"The same input got answers that differ by {drift:.3f}."
        return Evidence(name="repeatable", passed=False, detail=detail)
    return Evidence(name="repeatable", passed=True, detail="The same input got the same answer.")


def sensitive(read: Sequence[tuple[Answered, Labels]]) -> Evidence:
    """A sure model moves little, so any difference counts, unless asking again makes as much."""
    by_content = [group[0] for group in _by_content(read).values()]
    if len(by_content) < 2:
        return Evidence(name="input_sensitive", passed=None, detail="Fewer than two inputs were answered.")
    first, *others = by_content
    moved = max(first.distance(other) for other in others)
    if moved <= CLEARLY * (_drift(read) or 0.0):
        detail = f"{len(others) + 1} different inputs got one and the same answer."
        return Evidence(name="input_sensitive", passed=False, detail=detail)
    tops = ", ".join(answer.top[:40] for answer in (first, *others))
    return Evidence(
        name="input_sensitive", passed=True, detail=f"Different inputs, different answers: {tops}."
    )


def as_documented(card: Card, read: Sequence[tuple[Answered, Labels]]) -> Evidence:
    """Cards grow old and scores are close, so only a contradiction of every example counts as one."""
    own = set(card.labels or ())
    agreed = [labels.top == answer.expected for answer, labels in read if answer.expected in own]
    detail = f"{sum(agreed)} of {len(agreed)} examples of the card got the label that the card gives."
    match agreed:
        case []:
            return Evidence(name="card_examples", passed=None, detail="The card gives no answers.")
        case _ if all(agreed):
            return Evidence(name="card_examples", passed=True, detail=detail)
        case _:
            refuted = len(agreed) > 1 and not any(agreed)
            return Evidence(name="card_examples", passed=False if refuted else None, detail=detail)


def no_echo(card: Card, answers: Sequence[Answered]) -> Evidence:
    own = set(card.labels or ())
    for answer in answers:
        said = answer.text.strip() if answer.text else ""
        if said and any(said in text for text in _texts(answer.output) if text not in own):
            return Evidence(name="no_echo", passed=False, detail="An answer repeats its input.")
    if all(answer.error for answer in answers):
        return Evidence(name="no_echo", passed=None, detail="There is no answer to look at.")
    return Evidence(name="no_echo", passed=True, detail="No answer repeats its input.")


def latency(answers: Sequence[Answered]) -> Evidence:
    seconds = [answer.seconds for answer in answers if not answer.error]
    detail = (
        f"First call {seconds[0]:.2f} s, median {median(seconds):.2f} s."
        if seconds
        else "Nothing to measure."
    )
    return Evidence(name="latency", passed=None, detail=detail)


def _drift(read: Sequence[tuple[Answered, Labels]]) -> float | None:
    """How far answers to one and the same input lie apart; None if none was asked twice."""
    repeated = [group for group in _by_content(read).values() if len(group) > 1]
    return max((first.distance(other) for first, *others in repeated for other in others), default=None)


def _by_content(read: Sequence[tuple[Answered, Labels]]) -> dict[int, list[Labels]]:
    groups = defaultdict(list)
    for answer, labels in read:
        groups[answer.content].append(labels)
    return groups


def _texts(value: JsonValue) -> list[str]:
    match value:
        case str():
            return [value]
        case list():
            return [text for item in value for text in _texts(item)]
        case dict():
            return [text for item in value.values() for text in _texts(item)]
        case _:
            return []


def _brief(value: JsonValue) -> str:
    text = repr(value)
    return text if len(text) <= 120 else text[:119] + "…"
