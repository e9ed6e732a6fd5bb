"""Work on what was taken is begun one after another, each once, whatever becomes of one of them."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.hand_over import HandOver
from bot.intake import Intake
from bot.store.database import open_database
from bot.store.deliveries import Deliveries
from tests.harness.waiting import wait_until


class NeverCalm(Intake):
    """Somebody waits for an answer at every moment."""

    @property
    def calm(self) -> float:
        return 0.0


@pytest.fixture
def intake(tmp_path: Path) -> Iterator[Intake]:
    database = open_database(f"sqlite:///{tmp_path}/inbox.sqlite", "inbox")
    yield Intake(Deliveries(database), time.time)
    database.dispose()


def test_what_waits_already_is_begun_once_and_one_that_fails_stops_nobody(intake: Intake) -> None:
    begun, may_go_on = list[str](), threading.Event()

    def begin(key: str) -> None:
        begun.append(key)
        assert may_go_on.wait(20)
        if key == "first":
            raise RuntimeError("the database is away")

    hand_over = HandOver(intake, begin)
    hand_over.start()
    hand_over.take("first")
    wait_until(lambda: begun == ["first"], "the first")
    for key in ("second", "second", "third"):
        hand_over.take(key)
    may_go_on.set()

    wait_until(lambda: begun == ["first", "second", "third"], "all of them, once")
    hand_over.take("second")
    wait_until(lambda: begun == ["first", "second", "third", "second"], "what came again later")
    hand_over.stop()


def test_while_deliveries_keep_coming_work_is_begun_all_the_same(intake: Intake) -> None:
    begun = list[str]()
    hand_over = HandOver(NeverCalm(intake._deliveries, time.time), begun.append)
    hand_over.start()
    hand_over.take("one")

    wait_until(lambda: begun, "the beginning of its work")
    hand_over.stop()


def test_at_its_end_what_waits_is_left_to_the_next_start(intake: Intake) -> None:
    begun, may_go_on = list[str](), threading.Event()

    def begin(key: str) -> None:
        begun.append(key)
        assert may_go_on.wait(20)

    hand_over = HandOver(intake, begin)
    hand_over.start()
    for key in ("under way", "left"):
        hand_over.take(key)
    wait_until(lambda: begun, "the first")
    stopping = threading.Thread(target=hand_over.stop)
    stopping.start()
    wait_until(lambda: hand_over._is_stopping, "the stop")
    may_go_on.set()
    stopping.join(20)

    assert begun == ["under way"] and not stopping.is_alive()
