"""The deploy checklist of a custom app: what every Space is asked, and what its own judge has found out."""

from collections.abc import Iterable

from worker.checklist import FirstRun, Item, checklist
from worker.contract import Evidence
from worker.redact import Redactor

FROM_EVIDENCE = (
    ("fallback", "It works without a backend, and says who has made a part."),
    ("prompt_cap", "The length of a prompt is capped."),
    ("rate_limit", "Callers are limited, by their address and all together."),
    ("run_log", "Each run is logged, with every field."),
    ("untracked_logs", "No run log is part of the repo."),
    ("refusals", "What can't be made is refused with a sentence."),
)
FIX = "Read the evidence of the run."


def app_checklist(
    files: dict[str, str], first_run: FirstRun, evidence: Iterable[Evidence], redactor: Redactor
) -> tuple[Item, ...]:
    """Every item, those of all Spaces first."""
    seen = {each.name: each for each in evidence}
    return (
        *checklist(files, first_run, redactor, shows_model=False),
        *(_item(name, seen.get(name), detail) for name, detail in FROM_EVIDENCE),
        Item(
            name="backend_key",
            passed=None,
            detail="Set NATURALCAD_API_KEY here and at the backend, once there is one. A backend without it"
            " answers nobody.",
        ),
    )


def _item(name: str, found: Evidence | None, detail: str) -> Item:
    if found is None:
        return Item(name=name, passed=None, detail="The run did not get so far.")
    return Item(
        name=name, passed=found.passed, detail=found.detail or detail, fix="" if found.passed else FIX
    )
