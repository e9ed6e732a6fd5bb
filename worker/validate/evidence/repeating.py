"""Do equal inputs get equal answers, other contents other ones, and does the seed decide?"""

from worker.contract import AnswerType, Evidence
from worker.validate.calls import Calls
from worker.validate.difference import distance, same
from worker.validate.evidence.comparing import DRAWN, Compared
from worker.validate.probes import Turn

CLEARLY, CLEARLY_DRAWN = 10, 3
"""Another input must move an answer this many times further than asking again does: where answers should be
steady, and where a generator may answer differently each time."""
NOISE = 0.02
"""Answers that differ by less than this, each time, are one answer with noise on it."""


def repeatable(answers: Compared) -> Evidence:
    drift = answers.apart(Turn.AGAIN)
    if drift is None:
        return Evidence(name="repeatable", passed=None, detail="No input was answered twice.")
    if drift <= same(answers.kind):
        return Evidence(name="repeatable", passed=True, detail="The same input got the same answer.")
    detail = f"The same input got answers that differ by {drift:.3f}."
    if answers.may_vary:
        detail += " The app takes no seed, so its answers may be drawn by lot."
        return Evidence(name="repeatable", passed=None, detail=detail)
    return Evidence(name="repeatable", passed=False, detail=detail)


def sensitive(answers: Compared, calls: Calls) -> Evidence:
    """A sure model moves little, so any difference counts, unless asking again makes as much."""
    if not calls.plans.has_content:
        return _without_content(answers, calls)
    moved = answers.apart(Turn.OTHER)
    if answers.silent:
        detail = "The model had nothing to say to any test file."
        return Evidence(name="input_sensitive", passed=None, detail=detail)
    if moved is None:
        detail = "Fewer than two inputs were answered."
        return Evidence(name="input_sensitive", passed=None, detail=detail)
    if moved > _clearly(answers):
        return Evidence(name="input_sensitive", passed=True, detail=_different(answers, moved))
    detail = "Different inputs got one and the same answer."
    by_lot = answers.may_vary and answers.drift > max(NOISE, same(answers.kind))
    if not by_lot or _drawn_from_few(answers):
        return Evidence(name="input_sensitive", passed=False, detail=detail)
    detail = f"It cannot be told: another input moved it by {moved:.3f}, asking again by {answers.drift:.3f}."
    return Evidence(name="input_sensitive", passed=None, detail=detail)


def seed_matters(answers: Compared, calls: Calls) -> Evidence:
    """An app that only draws must follow its seed; others may have one that their model does not use."""
    moved = answers.apart(Turn.OTHER_SEED)
    if moved is None:
        return Evidence(name="seed_matters", passed=None, detail="The app takes no seed.")
    if moved > _clearly(answers):
        detail = f"Another seed moved the answer by {moved:.3f}."
        return Evidence(name="seed_matters", passed=True, detail=detail)
    draws = answers.kind in {AnswerType.IMAGE, AnswerType.VIDEO}
    sends_files = any(answer.sent for answer, _ in answers.answers)
    passed = False if draws and not sends_files else None
    return Evidence(name="seed_matters", passed=passed, detail="Another seed left the answer as it was.")


def _without_content(answers: Compared, calls: Calls) -> Evidence:
    """An app without an input for content shows another answer for another seed, or each time."""
    moved = answers.apart(Turn.OTHER_SEED if calls.plans.has_seed else Turn.AGAIN)
    if moved is None:
        return Evidence(name="input_sensitive", passed=None, detail="Fewer than two calls were answered.")
    changes = moved > (_clearly(answers) if calls.plans.has_seed else NOISE)
    what = "another seed" if calls.plans.has_seed else "asking again"
    detail = f"The app takes no content; {what} {'changed' if changes else 'did not change'} its answer."
    return Evidence(name="input_sensitive", passed=changes, detail=detail)


def _clearly(answers: Compared) -> float:
    return answers.drift * (CLEARLY_DRAWN if answers.kind in DRAWN else CLEARLY)


def _drawn_from_few(answers: Compared) -> bool:
    """Whether an answer to one content is also an answer to another: a list of ready answers."""
    return any(
        one.content != other.content and distance(answers.kind, mine, theirs) <= same(answers.kind)
        for one, mine in answers.answers
        for other, theirs in answers.answers
    )


def _different(answers: Compared, moved: float) -> str:
    tops = [labels.top[:40] for _, content in answers.different() for labels in content.labels[:1]]
    named = f": {', '.join(tops)}" if tops else f", {moved:.3f} apart"
    return f"Different inputs, different answers{named}."
