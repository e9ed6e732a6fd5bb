"""What is taken is on disk before whoever brought it goes on, once, whatever becomes of what came with it."""

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import Message

from bot.domain.events import ApiAsked, CommentPosted, Event
from bot.intake import Intake
from bot.store.database import open_database
from bot.store.deliveries import Deliveries, DeliveryState
from bot.web.webhooks import OUR_FAULT, HubWebhook
from tests.harness.waiting import wait_until

MANY = 40


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Engine]:
    database = open_database(f"sqlite:///{tmp_path}/inbox.sqlite", "inbox")
    yield database
    database.dispose()


@pytest.fixture
def intake(database: Engine) -> Iterator[Intake]:
    intake = Intake(Deliveries(database), time.time)
    intake.start()
    yield intake
    intake.stop()


def comment(number: int) -> CommentPosted:
    return CommentPosted(repo="ada/model", num=1, comment_id=f"{number:024x}", author_id="a" * 24)


async def take_all(intake: Intake, events: list[Event]) -> list[BaseException | None]:
    return await asyncio.gather(*map(intake.take, events), return_exceptions=True)


def test_all_that_come_at_once_are_kept_each_once(intake: Intake, database: Engine) -> None:
    kept = Deliveries(database)

    assert (
        asyncio.run(take_all(intake, [comment(number % MANY) for number in range(3 * MANY)])) == [None] * 120
    )

    assert kept.count(DeliveryState.NEW) == MANY
    assert [kept.event_of(comment(number).key) for number in range(MANY)] == [*map(comment, range(MANY))]


def test_of_two_loops_that_share_a_commit_each_is_answered(database: Engine) -> None:
    intake = Intake(Deliveries(database), time.time)
    halves = [[comment(number) for number in range(start, MANY, 2)] for start in (0, 1)]
    answers = list[BaseException | None]()
    threads = [
        threading.Thread(
            target=lambda half=half: answers.extend(asyncio.run(take_all(intake, half))), daemon=True
        )
        for half in halves
    ]
    for each in threads:
        each.start()
    wait_until(lambda: intake._queue.qsize() == 2, "both, before the first commit")
    intake.start()
    for each in threads:
        each.join(60)
    intake.stop()

    assert answers == [None] * MANY
    assert Deliveries(database).count(DeliveryState.NEW) == MANY


def test_strange_letters_keep_nothing_of_others_from_the_disk(intake: Intake, database: Engine) -> None:
    strange = ApiAsked(
        user_id="a" * 24, user_name="\ud800", request_id=f"q_{'b' * 24}", words=("\x00", "ä'\"]}", ":key")
    )

    assert asyncio.run(take_all(intake, [comment(1), strange, comment(2)])) == [None] * 3

    assert Deliveries(database).event_of(strange.key) == strange
    assert Deliveries(database).event_of(comment(2).key) == comment(2)


def test_what_can_not_be_kept_is_said_to_everybody_and_the_next_is_taken(
    intake: Intake, database: Engine
) -> None:
    with database.begin() as connection:
        connection.execute(text("ALTER TABLE deliveries RENAME TO away"))
    refused = asyncio.run(take_all(intake, [comment(1), comment(2)]))
    with database.begin() as connection:
        connection.execute(text("ALTER TABLE away RENAME TO deliveries"))

    assert all(isinstance(each, SQLAlchemyError) for each in refused), refused
    assert asyncio.run(take_all(intake, [comment(1)])) == [None]
    assert Deliveries(database).count(DeliveryState.NEW) == 1


def test_while_somebody_waits_for_an_answer_there_is_no_calm(database: Engine) -> None:
    intake = Intake(Deliveries(database), time.time)

    async def seen() -> tuple[float, float, float]:
        before = intake.calm
        taking = asyncio.create_task(intake.take(comment(1)))
        await asyncio.sleep(0)
        meanwhile = intake.calm
        intake.start()
        await taking
        return before, meanwhile, intake.calm

    before, meanwhile, after = asyncio.run(seen())
    intake.stop()

    assert (before, meanwhile) == (float("inf"), 0.0) and 0.0 < after < float("inf")


def test_a_webhook_that_can_not_keep_its_delivery_says_so_that_it_is_sent_again(
    intake: Intake, database: Engine
) -> None:
    begun, answers = list[str](), list[Message]()
    hook = HubWebhook(
        lambda _given, _whose: True, lambda _body, _whose: comment(1), intake.take, begun.append
    )
    scope = {"type": "http", "method": "POST", "path": "/webhooks/hub", "headers": []}

    async def receive() -> Message:
        return {"type": "http.request", "body": b"{}"}

    async def send(message: Message) -> None:
        answers.append(message)

    with database.begin() as connection:
        connection.execute(text("DROP TABLE deliveries"))
    asyncio.run(hook(scope, receive, send))

    assert answers[0]["status"] == 500 and json.loads(answers[1]["body"]) == {"error": OUR_FAULT}
    assert begun == []
