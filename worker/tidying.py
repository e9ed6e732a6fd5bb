"""What earlier runs left in this account and nobody needs any more: old records, and the staging Spaces of
rebuilds that were killed. The worker looks at the end of its Job: it has the token and the bucket at hand.

All of it is the requester's property. What is not surely ours, or not surely over, stays.
"""

import shutil
import threading
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from huggingface_hub import SpaceInfo
from huggingface_hub.errors import HfHubHTTPError
from pydantic import ValidationError

from worker.contract import BuildSpec, Kept, Kind, Progress
from worker.hub import Hub
from worker.journal import now
from worker.promotion import STAGING, STAGING_OF, staging_name
from worker.space import names

SECONDS = 20.0
LEFT_BEHIND = timedelta(days=1)
"""Since anything about a staging Space was changed: longer than a Job lives."""
MOST_SPACES = 1000
MOST_AT_ONCE = 50
STATE = "state.json"
OURS = frozenset(
    {
        STATE,
        "events.jsonl",
        "report.json",
        "report.md",
        "target_space.json",
        "inference_gate.json",
        "runtime_recommendation.json",
        "checklist.json",
        "TECHNICAL_BLOCKERS.json",
        "hello.txt",
        "generated",
        "tests",
        "logs",
        "traces",
        "artifacts",
        "author",
    }
)
"""What a record's folder holds. Whoever puts anything else into it keeps it for good."""


def tidy(spec: BuildSpec, token: str, records: Path, say: Callable[[str], None]) -> None:
    """Bounded in time: a Hub or a bucket that hangs is left to the next Job."""

    def work() -> None:
        try:
            for name in old_records(records, spec.run_id, spec.kept):
                say(f"The record of {name} is old and was deleted.")
            if spec.kind is Kind.BUILD:
                for name in left_behind(Hub(token), spec.target_space.partition("/")[0]):
                    say(f"{name}, left by a rebuild that did not end, was deleted.")
        except Exception as error:  # the run is over and told; the next Job looks again
            say(f"Tidying up did not end: {type(error).__name__}.")

    tidying = threading.Thread(target=work, name="tidying", daemon=True)
    tidying.start()
    tidying.join(SECONDS)


def old_records(records: Path, own: str, kept: Kept) -> list[str]:
    """Delete the records that are both older than what is kept and not among the newest of their Space;
    their names. `kept.days` of 0 keeps everything."""
    if not kept.days:
        return []
    oldest = now() - timedelta(days=kept.days)
    of_space: dict[str | None, list[tuple[datetime, Path]]] = defaultdict(list)
    for folder in records.iterdir():
        if folder.name != own and (progress := _ours(folder)):
            of_space[progress.space_id].append((progress.updated_at, folder))
    old = [
        folder
        for found in of_space.values()
        for written, folder in sorted(found, reverse=True)[kept.runs_of_a_space :]
        if written < oldest
    ]
    return [folder.name for folder in old[:MOST_AT_ONCE] if _delete(folder)]


def _ours(folder: Path) -> Progress | None:
    """Where the run of this record stood last; None for what is not surely a record of ours and no more."""
    try:
        progress = Progress.model_validate_json((folder / STATE).read_bytes())
        names = {each.name for each in folder.iterdir() if not each.name.endswith(".part")}
    except (OSError, ValidationError):
        return None
    is_whole = progress.run_id == folder.name and progress.updated_at.tzinfo and names <= OURS
    return progress if is_whole and not folder.is_symlink() else None


def _delete(folder: Path) -> bool:
    """What tells that it is ours goes last, so that a deletion that was cut off is found again."""
    with suppress(OSError):
        for each in sorted(folder.iterdir(), key=lambda path: path.name == STATE):
            shutil.rmtree(each) if each.is_dir() else each.unlink()
        folder.rmdir()
    return not (folder / STATE).exists()


def left_behind(hub: Hub, owner: str) -> list[str]:
    """Delete the staging Spaces of an owner that no rebuild works on any more; their names."""
    spaces = hub.call(lambda: list(hub.api.list_spaces(author=owner, full=True, limit=MOST_SPACES)))
    found = [space for space in spaces if STAGING in space.id and _is_left_behind(hub, space)]
    return [space.id for space in found[:MOST_AT_ONCE] if _deleted(hub, space.id)]


def _is_left_behind(hub: Hub, space: SpaceInfo) -> bool:
    """Whether it says for which Space it is, has the name that goes with it, and was left alone for long."""
    try:
        variables = hub.call(lambda: hub.api.get_space_variables(space.id))
    except HfHubHTTPError:
        return False
    target = variables[STAGING_OF].value if STAGING_OF in variables else ""
    if "/" not in target or space.id not in names(staging_name(target)):
        return False
    touched = [space.last_modified, *(each.updated_at for each in variables.values())]
    known = [each for each in touched if each]
    return bool(known) and max(known) < now() - LEFT_BEHIND


def _deleted(hub: Hub, space_id: str) -> bool:
    """False with a token that may make Spaces but not delete them."""
    try:
        hub.call(lambda: hub.api.delete_repo(space_id, repo_type="space", missing_ok=True))
    except HfHubHTTPError:
        return False
    return True
