"""Thousands of open runs: a glance moves those that need nothing, and no request to look is lost by it."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from bot.assembly import build_context
from bot.domain.models import DiscussionRef, Requester, Run, RunState, run_id_for
from bot.domain.snapshot import snapshot_of
from bot.runs.follow import CATCH_UP, LONGEST_SILENCE, LOOKS_A_SECOND, next_look
from bot.runs.glance import HANDED_ON, glance
from bot.store.claims import PutOff
from tests.harness.small_bot import small_settings
from tests.harness.waiting import wait_until

START = 1_800_000_000.0
SILENCE = 60.0


class Bot:
    """Its rows and its engine, and no Hub. `ticked` is which runs got a tick; `may_end` lets them end."""

    def __init__(self, folder: Path) -> None:
        self.now = START
        self.ctx = build_context(small_settings(folder), lambda: self.now)
        self.ticked: list[str] = []
        self.may_end = threading.Event()
        self.may_end.set()
        self.ctx.engine.start(deliver=self.ticked.append, tick=self._tick, look=self.ticked.append)

    def _tick(self, run_id: str) -> None:
        self.ticked.append(run_id)
        self.may_end.wait(60)

    def has(self, name: str, **changed: object) -> Run:
        """An open run whose worker was launched now, and whose message shows all there is."""
        run = Run(
            id=run_id_for(name),
            requester=Requester(id=name, name=name),
            thread=DiscussionRef(repo=f"{name}/model", num=1),
            model_id=f"{name}/model",
            target_space=f"{name}/demo",
            state=RunState.RUNNING,
            job_id="job",
            message_id="message",
            created_at=self.now,
            launched_at=self.now,
        ).model_copy(update=changed)
        shown = run.model_copy(update={"shown": snapshot_of(run, []).digest})
        self.ctx.runs.admit(shown, limit=1)
        return shown

    def due(self) -> list[str]:
        return [each.run.id for each in self.ctx.runs.due(self.now, limit=10_000)]


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Bot]:
    made = Bot(tmp_path)
    yield made
    made.may_end.set()
    made.ctx.engine.stop()
    made.ctx.close_databases()


def test_a_run_that_needs_nothing_is_found_again_when_its_worker_has_been_silent(bot: Bot) -> None:
    run = bot.has("ada")

    glance(bot.ctx)
    assert bot.due() == []
    bot.now += SILENCE - 1
    assert bot.due() == []
    bot.now += 2
    assert bot.due() == [run.id]
    assert bot.ticked == []


def test_a_run_that_needs_something_gets_a_tick_and_is_found_again_if_none_comes_of_it(bot: Bot) -> None:
    run = bot.has("ada", message_id=None)

    glance(bot.ctx)

    wait_until(lambda: bot.ticked == [run.id], "the tick")
    assert bot.due() == []
    bot.now += HANDED_ON
    assert bot.due() == [run.id]


def test_all_that_are_due_are_seen_however_many(bot: Bot) -> None:
    for number in range(5):
        bot.has(f"person-{number}")

    assert glance(bot.ctx, at_once=4)
    assert len(bot.due()) == 1
    assert not glance(bot.ctx, at_once=4)
    assert bot.due() == []


def test_a_look_that_is_asked_for_during_a_glance_is_not_put_off(bot: Bot) -> None:
    run = bot.has("ada")
    seen = bot.ctx.runs.due(bot.now, 1)[0]

    bot.ctx.claims.ask(run.id, bot.now)
    bot.ctx.claims.put_off([PutOff(run.id, seen.run.version, seen.asked, bot.now + 60)], bot.now)

    assert bot.due() == [run.id]


def test_a_run_that_changed_during_a_glance_is_not_put_off(bot: Bot) -> None:
    run = bot.has("ada")

    bot.ctx.runs.save(run)
    bot.ctx.claims.put_off([PutOff(run.id, run.version, 0, bot.now + 60)], bot.now)

    assert bot.due() == [run.id]


def test_a_run_that_somebody_took_during_a_glance_is_found_at_once_should_they_die(bot: Bot) -> None:
    run = bot.has("ada")
    bot.ctx.claims.claim(run.id, bot.now, seconds=30)

    bot.ctx.claims.put_off([PutOff(run.id, run.version, 0, bot.now + 60)], bot.now)
    bot.ctx.claims.free_of(bot.ctx.replica)

    assert bot.due() == [run.id]


def test_what_waits_to_be_begun_is_not_begun_twice(bot: Bot) -> None:
    bot.may_end.clear()
    names = [f"run-{number}" for number in range(100)]

    for run_id in names * 3:
        bot.ctx.engine.look_after(run_id)
    wait_until(lambda: bot.ticked, "the first ones")
    bot.may_end.set()
    wait_until(lambda: set(bot.ticked) == set(names), "all of them")

    # Those that had begun already when they were asked for again may have come twice.
    assert len(bot.ticked) < 2 * len(names)


def test_the_longer_a_worker_is_silent_the_longer_a_look_may_wait(bot: Bot) -> None:
    run = bot.has("ada", heard_at=START + 1)

    looks = [next_look(run, bot.ctx)]
    while looks[-1] < START + 1500:
        looks.append(next_look(run.model_copy(update={"looked_at": looks[-1]}), bot.ctx))

    waits = [after - before for before, after in zip([START + 1, *looks], looks, strict=False)]
    assert waits == [60, 60, 120, 240, 300, 300, 300, 300]
    assert max(waits) == LONGEST_SILENCE


def test_the_more_runs_are_open_the_longer_a_look_may_wait(bot: Bot) -> None:
    ctx = replace(bot.ctx, limits=replace(bot.ctx.limits, silence_seconds=1))
    run = bot.has("ada", heard_at=START + 1)
    for number in range(2 * LOOKS_A_SECOND - 1):
        bot.has(f"person-{number}")

    assert next_look(run, ctx) == START + 1 + 2


def test_after_a_start_the_runs_are_looked_at_one_after_the_other(bot: Bot) -> None:
    before = [bot.has(f"person-{number}", launched_at=START - 1) for number in range(50)]

    looks = sorted(next_look(run, bot.ctx) for run in before)

    assert looks[0] >= START + CATCH_UP
    assert looks[-1] <= START + CATCH_UP + len(before) / LOOKS_A_SECOND
    assert all(later - sooner < 10 / LOOKS_A_SECOND for sooner, later in pairwise(looks))
