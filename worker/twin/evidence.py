"""What a rehearsal proves, and what it refutes. Pure."""

from worker.contract import Evidence, Weights
from worker.twin.rehearsal import Rehearsal

SMALLEST_SHARE = 0.05
"""Of the model's weights. Calling less than this is calling something else."""
CHECKS = (
    "booted",
    "answers",
    "swap_changes",
    "closed_without_weights",
    "forward_calls",
    "disturbance_changes",
    "work_grows",
)
NAMES = {
    "booted": "twin_boots",
    "answers": "twin_answers",
    "swap_changes": "weights_swap",
    "closed_without_weights": "no_weights",
    "forward_calls": "forward_calls",
    "disturbance_changes": "answers_from_model",
    "work_grows": "work_grows",
}
OWN_FAULT = frozenset({"booted", "answers"})
"""What a twin that is not the model itself may be to blame for."""
NEEDED = ("swap_changes", "closed_without_weights", "forward_calls", "disturbance_changes")


def evidence_of(rehearsal: Rehearsal) -> tuple[Evidence, ...]:
    """One item for each check, with what it saw. `passed` is None where it could not be made."""
    if rehearsal.why_not:
        return (Evidence(name="twin", passed=None, detail=rehearsal.why_not),)
    return tuple(
        Evidence(name=NAMES[check], passed=_passed(rehearsal, check), detail=_detail(rehearsal, check))
        for check in CHECKS
    )


def weights_proof(rehearsal: Rehearsal) -> Weights:
    """Whether the answers come from this model's weights; the reason is a sentence."""
    if rehearsal.why_not:
        return Weights(proven=False, reason=rehearsal.why_not)
    for check in CHECKS:
        passed = _passed(rehearsal, check)
        if passed is False or (passed is None and (check in NEEDED or check in OWN_FAULT)):
            return Weights(proven=False, reason=_detail(rehearsal, check))
    return Weights(
        proven=True,
        reason=f"Beside {rehearsal.twin}, other weights changed the answer, without weights the app did not"
        f" work, and the answer is made from the model's {rehearsal.forward_calls} forward calls.",
    )


def _passed(rehearsal: Rehearsal, check: str) -> bool | None:
    match check, getattr(rehearsal, check):
        case "forward_calls", int(calls):
            share = rehearsal.share_touched
            return calls > 0 and (share is None or share >= SMALLEST_SHARE)
        case _, False if check in OWN_FAULT and not rehearsal.exact:
            return None
        case _, bool(seen):
            return seen
        case _:
            return None


def _detail(rehearsal: Rehearsal, check: str) -> str:
    return rehearsal.details.get(check, "It was not looked at, because of what was seen before.")
