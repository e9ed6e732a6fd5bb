"""The verdict: one pure function from what is known about a run to how it ended, and why in one sentence."""

from pydantic import BaseModel, ConfigDict

from worker.contract import AnswerType, Evidence, Failure, Verdict, Weights
from worker.errors import Blocker

ALWAYS = ("answered", "type", "substance")
"""Evidence that must be there for any success; every other check must only not have failed."""
STEADY = ("repeatable", "input_sensitive")
NEEDED: dict[AnswerType, tuple[str, ...]] = {
    AnswerType.LABELS: ("probabilities", *STEADY),
    AnswerType.DATA: STEADY,
    AnswerType.ANNOTATED: STEADY,
}
"""What such answers must have shown besides. Where others are drawn by lot, this cannot be told."""
TWINNED = frozenset({"type", *STEADY})
"""What the twin has shown as well: our test files may hold nothing that the real model finds or hears."""
NOT_PROVEN = Weights(proven=False, reason="The app was not run beside a twin of its model.")


class Findings(BaseModel):
    """All that the verdict depends on."""

    model_config = ConfigDict(frozen=True)

    blockers: tuple[Blocker, ...] = ()
    hardware_refusal: str | None = None
    """Set where the app is uploaded and a person has to choose its hardware."""
    failure: Failure | None = None
    running: bool = False
    tested: bool = False
    """Whether the Space was called, or a call was tried."""
    evidence: tuple[Evidence, ...] = ()
    answer: AnswerType = AnswerType.ANY
    """What the app should give."""
    ours: bool = True
    """Whether we made the Space: then it has a /health that names its model."""
    shows_model: bool = True
    """Whether the Space is a model's; a custom app has its own judge."""
    weights: Weights = NOT_PROVEN
    """What the twin has shown."""
    checked: bool = False
    """Whether a hello came to its end."""
    planned: bool = False
    """Whether a plan was all that was asked for, and was made."""


class Decision(BaseModel):
    """`failure` is set exactly where the verdict is `failed`."""

    model_config = ConfigDict(frozen=True)

    verdict: Verdict
    reason: str
    failure: Failure | None = None


def decide(findings: Findings) -> Decision:
    """The strongest verdict that the findings carry, and none that is stronger."""
    return _ended_early(findings) or _judged(findings)


def _ended_early(findings: Findings) -> Decision | None:  # noqa: PLR0911  # one for each ending
    """What was decided before the Space could be called; None where it ran."""
    match findings:
        case Findings(failure=Failure() as failure):
            return Decision(verdict=Verdict.FAILED, reason=failure.message, failure=failure)
        case Findings(blockers=(first, *_)):
            return Decision(verdict=Verdict.TECHNICAL_BLOCKER, reason=first.message)
        case Findings(hardware_refusal=str() as what_to_do):
            return Decision(verdict=Verdict.MANUAL_HARDWARE_REQUIRED, reason=what_to_do)
        case Findings(checked=True):
            reason = "Jobs run with this account, and the run record can be written."
            return Decision(verdict=Verdict.ACCOUNT_READY, reason=reason)
        case Findings(planned=True):
            reason = "The plan is made; nothing was built. Ask for a build to go on."
            return Decision(verdict=Verdict.PLANNED, reason=reason)
        case Findings(running=False):
            return _failed("internal", "The run ended without a Space and without a reason.")
        case _:
            return None


def _judged(findings: Findings) -> Decision:
    """What the evidence says about a Space that runs."""
    passed = {each.name: each.passed for each in findings.evidence}
    refuted = next((each for each in findings.evidence if each.passed is False), None)
    if not findings.tested and passed.get("health"):
        what = " and has loaded the model" if findings.shows_model else ""
        reason = f"The Space runs{what}; it was not called."
        return Decision(verdict=Verdict.CANDIDATE, reason=reason)
    if refuted:
        return _failed("evidence", f"The check “{refuted.name}” failed: {refuted.detail}")
    if passed.get("answered") is None:
        reason = "The Space runs, but no endpoint was found that could be called with a test input."
        return Decision(verdict=Verdict.HEALTH_ONLY, reason=reason)
    if missing := _missing(findings, passed):
        return _failed("evidence", f"The check “{missing}” could not be made.")
    what = "with what this model answers" if findings.shows_model else "as its blueprint demands"
    reason = f"The Space was called and answered {what}."
    return Decision(verdict=Verdict.FULL_INFERENCE_SUCCESS, reason=reason)


def _missing(findings: Findings, passed: dict[str, bool | None]) -> str | None:
    """The first check that must have passed and did not; answers drawn by lot need another witness."""
    health = ("health",) if findings.ours else ()
    needed: tuple[str, ...] = (*health, *ALWAYS, *NEEDED.get(findings.answer, ()))
    for name in needed:
        if not passed.get(name) and not (name in TWINNED and name in passed and findings.weights.proven):
            return name
    if passed.get("source") or findings.weights.proven:
        return None
    # A picture like the one that was sent may be that one, saved anew.
    if findings.answer is AnswerType.IMAGE and passed.get("no_echo", True) is None:
        return "no_echo"
    return None if passed.get("input_sensitive") else "input_sensitive"


def _failed(category: str, message: str) -> Decision:
    return Decision(
        verdict=Verdict.FAILED, reason=message, failure=Failure(category=category, message=message)
    )
