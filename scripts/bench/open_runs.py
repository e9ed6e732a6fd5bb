"""Open runs as they are in the middle of their lives, put into a bot's database while no bot uses it."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from sqlalchemy import Table, insert

from bot.domain.models import DiscussionRef, Requester, Run, RunState, Wishes, run_id_for
from bot.domain.snapshot import snapshot_of
from bot.settings import Settings
from bot.store.asked_columns import columns_of
from bot.store.database import close_databases, open_database
from bot.store.tables import accounts, run_events, runs
from bot.store.vault import Vault
from scripts.bench.cheap_hub import SHA, id_of
from worker.contract import EventKind, Phase, ProgressEvent

SAID = (Phase.CARD, Phase.PLAN, Phase.WRITE, Phase.PUBLISH)
"""The phases that are over; the next one, which takes longest, has begun."""
EACH = 2
"""Open runs of one person: as many as they may have."""
AT_ONCE = 1000
SCOPES = "openid profile contribute-repos jobs"


def put_people(settings: Settings, count: int) -> None:
    """Connected accounts, with tokens that the cheap Hub knows."""
    _insert(settings, accounts, _accounts(settings, count))


def put_open_runs(settings: Settings, count: int) -> None:
    """Each with its Job, its living message, and a worker that last spoke within the last minute."""
    close_databases(open_database(settings.inbox_database, "inbox"))  # in mid-life both are there
    put_people(settings, count // EACH)
    now = time.time()
    made = [(run, _events(run)) for run in (_run(number, count, now) for number in range(count))]
    _insert(settings, runs, (_run_row(run, events) for run, events in made))
    _insert(settings, run_events, (row for run, events in made for row in _event_rows(run, events)))


def person(number: int) -> str:
    return f"person-{number}"


def _accounts(settings: Settings, count: int) -> Iterator[dict[str, object]]:
    vault, now = Vault([key.get_secret_value() for key in settings.vault_keys]), time.time()
    for name in map(person, range(count)):
        yield {
            "user_id": id_of(name),
            "name": name,
            "scopes": SCOPES,
            "access_token": vault.seal(f"hf_{name}", id_of(name)),
            "expires_at": now + 8 * 3600,
            "connected_at": now - 600,
            "used_at": now,
            "refreshing_until": 0.0,
        }


def _run(number: int, count: int, now: float) -> Run:
    """Launched up to ten minutes ago."""
    name, part = person(number // EACH), number / count
    model, heard_at = f"models/{name}-{number % EACH}", now - 60 * part
    launched_at = heard_at - 60 - 480 * (number * 0.618 % 1)
    return Run(
        id=run_id_for(model),
        requester=Requester(id=id_of(name), name=name),
        thread=DiscussionRef(repo=model, num=1),
        wishes=Wishes(budget=1.0),
        model_id=model,
        sha=SHA,
        target_space=f"{name}/{model}-demo",
        state=RunState.RUNNING,
        job_id=id_of(f"job of {model}"),
        message_id=id_of(f"message of {model}"),
        shown_at=heard_at,
        created_at=launched_at - 2,
        launched_at=launched_at,
        heard_at=heard_at,
        model_repo=id_of(model),
        version=4,
    )


def _events(run: Run) -> list[ProgressEvent]:
    """A word at the beginning and at the end of each phase, until the last word."""
    assert run.launched_at and run.heard_at
    said = [(phase, kind) for phase in SAID for kind in (EventKind.STARTED, EventKind.DONE)]
    said.append((Phase.START, EventKind.STARTED))
    began, took = datetime.fromtimestamp(run.launched_at, UTC), run.heard_at - run.launched_at
    return [
        ProgressEvent(
            seq=number,
            at=began + timedelta(seconds=took * number / len(said)),
            phase=phase,
            kind=kind,
            message=f"The phase {phase} has {kind}, and this is what came of it.",
        )
        for number, (phase, kind) in enumerate(said, 1)
    ]


def _run_row(run: Run, events: list[ProgressEvent]) -> dict[str, object]:
    shown = run.model_copy(update={"shown": snapshot_of(run, events).digest})
    looks = {"due_at": (run.heard_at or 0) + 60, "asked": len(events), "claimed_until": 0.0}
    return columns_of(shown) | looks


def _event_rows(run: Run, events: list[ProgressEvent]) -> Iterator[dict[str, object]]:
    for event in events:
        yield json.loads(event.model_dump_json()) | {"run_id": run.id, "at": event.at.timestamp()}


def _insert(settings: Settings, table: Table, rows: Iterator[dict[str, object]]) -> None:
    database = open_database(settings.main_database, "main")
    every = list(rows)
    with database.begin() as connection:
        for start in range(0, len(every), AT_ONCE):
            connection.execute(insert(table), every[start : start + AT_ONCE])
    close_databases(database)
