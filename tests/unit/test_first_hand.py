"""What the bot has seen itself it does not look for before an effect is tried first; after that it does.

The Hub refuses every effect for now, so that each run stays before it. What was asked of it is compared.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete

from bot import first_hand
from bot.assembly import build_context
from bot.domain.models import DiscussionRef, Requester, Run, RunState, Wishes, run_id_for
from bot.domain.snapshot import snapshot_of
from bot.first_hand import FirstHand, Seen
from bot.runs.advance import advance
from bot.store.claims import Claims
from bot.store.database import open_database
from bot.store.tables import runs
from tests.harness.small_bot import connects, small_settings
from tests.worker.scripted_hub import ScriptedHub, scripted_hub
from worker.contract import Kind, Report, Verdict
from worker.validate.gate import NOT_PROVEN

START = 1_800_000_000.0
DISCUSSION = "/api/models/ada/model/discussions/1"
READ, SAY = f"GET {DISCUSSION}", f"POST {DISCUSSION}/comment"
FIND, LAUNCH = "GET /api/jobs/ada", "POST /api/jobs/ada"
MAKE = "POST /api/buckets/ada/space-factory-runs"
PRICES = "GET /api/jobs/hardware"
REPORT = Report(
    run_id=run_id_for("comment:1"),
    kind=Kind.BUILD,
    model_id="ada/model",
    revision="0" * 40,
    verdict=Verdict.FULL_INFERENCE_SUCCESS,
    reason="It answered.",
    weights=NOT_PROVEN,
    space_id="ada/demo",
    space_repo="5" * 24,
    started_at=datetime.fromtimestamp(START, UTC),
    ended_at=datetime.fromtimestamp(START + 60, UTC),
)
NOT_NOW = (503, {"error": "not now"})
EMPTY = {"title": "", "num": 1, "status": "open", "author": {"name": "ada"}, "isPullRequest": False}
EMPTY |= {
    "createdAt": "2026-01-01T00:00:00.000Z",
    "repo": {"name": "ada/model", "type": "model"},
    "events": [],
}


class Bot:
    """One life of a process."""

    def __init__(self, folder: Path, hub: ScriptedHub, **settings: object) -> None:
        self.now = START
        self.hub = hub
        chosen = small_settings(folder, hf_endpoint=hub.endpoint, **settings)
        self.database = open_database(chosen.main_database, "main")
        self.ctx = build_context(chosen, lambda: self.now)
        connects("ada", self.ctx, chosen)

    def admits(self, **changed: object) -> Run:
        run = Run(
            id=run_id_for("comment:1"),
            requester=Requester(id="ada", name="ada"),
            thread=DiscussionRef(repo="ada/model", num=1),
            model_id="ada/model",
            sha="0" * 40,
            target_space="ada/demo",
            state=RunState.QUEUED,
            wishes=Wishes(budget=1.0),
            created_at=self.now,
        ).model_copy(update=changed)
        shown = run.model_copy(update={"shown": snapshot_of(run, []).digest})
        self.ctx.runs.admit(shown, limit=1)
        return shown

    def state_of(self, run: Run) -> RunState:
        found = self.ctx.runs.get(run.id)
        assert found
        return found.state

    def looks_at(self, run: Run) -> list[str]:
        """What that asks of the Hub, prices apart."""
        before = len(self.hub.asked)
        advance(run.id, self.ctx)
        self.now += 600
        return [call for call, _ in self.hub.asked[before:] if call != PRICES]


@pytest.fixture
def hub() -> Iterator[ScriptedHub]:
    with scripted_hub() as made:
        made.says(READ, (200, EMPTY))
        made.says(SAY, NOT_NOW)
        made.says(FIND, (200, []))
        made.says(MAKE, (200, {"url": f"{made.endpoint}/buckets/ada/space-factory-runs"}))
        made.says(LAUNCH, NOT_NOW)
        made.says(PRICES, (200, []))
        yield made


@pytest.fixture
def bot(hub: ScriptedHub, tmp_path: Path) -> Bot:
    return Bot(tmp_path, hub)


def heard(bot: Bot, *said: str | None, at: float = START + 1) -> None:
    bot.ctx.first_hand.heard(run_id_for("comment:1"), at, said)


def test_what_was_asked_for_just_now_is_not_looked_for_before_it_is_begun(bot: Bot) -> None:
    heard(bot, "another run's message")

    assert bot.looks_at(bot.admits()) == [SAY]


def test_after_an_attempt_that_failed_the_message_is_looked_for(bot: Bot) -> None:
    heard(bot)
    run = bot.admits()
    bot.looks_at(run)

    assert bot.looks_at(run) == [READ, SAY]


def test_after_an_attempt_that_failed_the_job_is_looked_for(bot: Bot) -> None:
    heard(bot)
    run = bot.admits(message_id="message")

    assert bot.looks_at(run) == [MAKE, LAUNCH]
    assert bot.looks_at(run) == [FIND, MAKE, LAUNCH]


def test_after_an_attempt_that_failed_the_answer_is_looked_for(bot: Bot) -> None:
    heard(bot)
    run = bot.admits(message_id="message", state=RunState.EXPIRED)

    assert bot.looks_at(run) == [SAY]
    assert bot.looks_at(run) == [READ, SAY]


@pytest.mark.parametrize("said", [f"Run `{run_id_for('comment:1')}`", None])
def test_where_we_spoke_of_it_or_nobody_can_tell_it_is_looked_for(bot: Bot, said: str | None) -> None:
    heard(bot, said)

    assert bot.looks_at(bot.admits()) == [READ, SAY]


def test_what_was_asked_for_before_this_life_is_looked_for(bot: Bot) -> None:
    heard(bot, at=START - 1)

    assert bot.looks_at(bot.admits()) == [READ, SAY]


def test_where_a_bot_with_another_memory_was_replaced_it_is_looked_for_at_first(
    hub: ScriptedHub, tmp_path: Path
) -> None:
    successor = Bot(tmp_path, hub, database_url="", state_bucket="space-factory/state")
    heard(successor, at=START + first_hand.OVERLAP - 1)

    assert successor.looks_at(successor.admits()) == [READ, SAY]


def test_after_a_restart_it_is_looked_for(bot: Bot, hub: ScriptedHub, tmp_path: Path) -> None:
    heard(bot)
    run = bot.admits()

    assert Bot(tmp_path, hub).looks_at(run) == [READ, SAY]


def test_what_another_process_had_in_hand_before_is_looked_for(bot: Bot) -> None:
    heard(bot)
    run = bot.admits()
    another_has(bot, run)

    assert bot.looks_at(run) == [READ, SAY]


def test_what_another_process_had_in_hand_meanwhile_is_looked_for(bot: Bot) -> None:
    heard(bot)
    run = bot.admits()
    assert bot.looks_at(run) == [SAY]
    bot.ctx.runs.save(run.model_copy(update={"message_id": "message", "version": run.version + 1}))
    another_has(bot, run)

    assert bot.looks_at(run) == [FIND, MAKE, LAUNCH]


def test_what_this_process_had_in_hand_all_the_time_is_not_looked_for(bot: Bot) -> None:
    heard(bot)
    run = bot.admits()
    assert bot.looks_at(run) == [SAY]
    bot.ctx.runs.save(run.model_copy(update={"message_id": "message", "version": run.version + 1}))

    assert bot.looks_at(run) == [MAKE, LAUNCH]


def test_a_row_that_came_anew_is_not_taken_for_the_one_that_was_heard_of(bot: Bot) -> None:
    """As from a backup of the database: its thread was not read again since."""
    heard(bot)
    run = bot.admits()
    assert bot.looks_at(run) == [SAY]
    with bot.database.begin() as connection:
        connection.execute(delete(runs))

    assert bot.looks_at(bot.admits(message_id="message")) == [FIND, MAKE, LAUNCH]


def test_the_bucket_that_a_worker_wrote_to_is_relied_on_once(bot: Bot) -> None:
    bot.ctx.first_hand.sees("ada", Seen.BUCKET)
    run = bot.admits(message_id="message")

    assert bot.looks_at(run) == [FIND, LAUNCH]
    assert bot.looks_at(run) == [FIND, MAKE, LAUNCH]


def test_a_refusal_without_making_the_bucket_is_not_the_last_word(bot: Bot, hub: ScriptedHub) -> None:
    bot.ctx.first_hand.sees("ada", Seen.BUCKET)
    hub.says(LAUNCH, (404, {"error": "no such bucket"}))
    run = bot.admits(message_id="message")

    bot.looks_at(run)
    assert bot.state_of(run) is RunState.QUEUED
    assert bot.looks_at(run)[:3] == [FIND, MAKE, LAUNCH]
    assert bot.state_of(run) is RunState.ERRORED


def test_what_a_workers_report_says_is_there_is_not_looked_for(bot: Bot) -> None:
    heard(bot)
    run = bot.admits(message_id="message", state=RunState.RUNNING, job_id="job", launched_at=START)
    bot.ctx.runs.hear(run.id, START, REPORT)

    assert not any("/spaces/" in call for call in bot.looks_at(run))
    settled = bot.ctx.runs.get(run.id)
    assert settled and (settled.state, settled.space_repo) == (RunState.SUCCEEDED, "5" * 24)
    assert bot.ctx.first_hand.relies_on("ada", Seen.BUCKET)


def test_what_is_relied_on_is_not_known_any_more() -> None:
    known = FirstHand("me", since=START)
    known.sees("ada", Seen.BUCKET)

    assert known.relies_on("ada", Seen.BUCKET)
    assert not known.relies_on("ada", Seen.BUCKET)


def test_of_too_much_the_oldest_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_hand, "MOST", 2)
    known = FirstHand("me", since=START)
    for name in ("ada", "bob", "cleo"):
        known.sees(name, Seen.BUCKET)

    assert [known.relies_on(name, Seen.BUCKET) for name in ("ada", "bob", "cleo")] == [False, True, True]


def another_has(bot: Bot, run: Run) -> None:
    others = Claims(bot.database, "another")
    claim = others.claim(run.id, bot.now, seconds=30)
    assert claim
    others.release(claim, bot.now)
