"""The calls of the Hub that a page makes while somebody waits for it, and every way in which the Hub fails them: the
page comes all the same, it says what it has not, and the next one has it."""

from collections.abc import Iterator

import httpx2
import pytest

from bot.domain.models import RunState
from tests.harness import leaving
from tests.harness.calls import OF_A_FORM, OF_A_RECORD
from tests.harness.faults import FAULTS, HUB_SECONDS
from tests.harness.people import Thread
from tests.harness.waiting import wait_until
from tests.harness.world import SENTIMENT, World

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(240)]

PRICED = {"hardware of Spaces": "an hour", "hardware of Jobs": "a minute"}
IS_PRIVATE, REFUSED = "which is private", "could not be made or looked at"
THERE = {("make the bucket", status) for status in ("401", "403")}
"""The client takes these for one that is there and may not be made again, and goes on."""
SECONDS = 4 * HUB_SECONDS


@pytest.fixture(scope="module")
def thread(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Thread]:
    """Where ada's plan has ended, so that there is a record."""
    world = World(tmp_path_factory.mktemp("faults"), hub_seconds=HUB_SECONDS, requests_per_minute=100_000)
    with leaving.lived_in(world):
        there = world.ada.signs_in().opens_discussion(SENTIMENT, "@space-factory plan")
        assert there.run_ends().state is RunState.SUCCEEDED
        there.read.update(each.id for each in there.replies())
        yield there


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("call", OF_A_FORM)
def test_a_page_keeps_the_prices_that_it_knew(thread: Thread, call: str, fault: str) -> None:
    world, switch = thread.world, FAULTS[fault].switch
    assert PRICED[call] in shown(world)
    world.passes(hours=1.1)  # they are asked for once an hour
    FAULTS[fault].befalls(world.hub, OF_A_FORM[call])

    for _ in range(3):
        assert PRICED[call] in shown(world)

    assert world.hub.has_met(switch)
    world.hub.behaves(switch)


@pytest.mark.parametrize("call", OF_A_FORM)
def test_a_bot_whose_own_token_has_ended_still_has_its_pages(thread: Thread, call: str) -> None:
    world = thread.world
    world.passes(hours=1.1)
    world.hub.misbehaves("token-revoked", **OF_A_FORM[call].setting)

    assert PRICED[call] in shown(world)

    world.hub.behaves("token-revoked")


def shown(world: World) -> str:
    page = httpx2.get(f"{world.url}/about", timeout=SECONDS)
    assert page.status_code == 200, page.text
    return page.text


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("call", ["make the bucket", "look at the bucket"])
def test_a_look_at_the_records_says_how_it_went(thread: Thread, call: str, fault: str) -> None:
    world = thread.world
    FAULTS[fault].befalls(world.hub, OF_A_RECORD[call])

    said = looks_at_the_bucket(world)

    fails = fault != "slow" and (call, fault) not in THERE
    assert (REFUSED in said, IS_PRIVATE in said) == (fails, not fails), said
    world.hub.behaves(FAULTS[fault].switch)
    connects_again(world)
    assert IS_PRIVATE in looks_at_the_bucket(world)


def looks_at_the_bucket(world: World) -> str:
    return world.ada.browser.post(f"{world.url}/account/bucket").text


@pytest.mark.parametrize("fault", FAULTS)
def test_a_file_of_a_record_is_shown_or_said_not_to_be_there(thread: Thread, fault: str) -> None:
    world, run = thread.world, thread.run()
    page = f"{world.url}/runs/{run.id}/record?file=events.jsonl"
    FAULTS[fault].befalls(world.hub, OF_A_RECORD["a file of it"])

    first = world.ada.browser.open(page)

    assert first.status_code == 200
    assert world.hub.has_met(FAULTS[fault].switch) or fault in {"refused", "429"}
    world.hub.behaves(FAULTS[fault].switch)
    connects_again(world)
    wait_until(lambda: "&#34;seq&#34;" in world.ada.browser.open(page).text, "the file", seconds=30)


def connects_again(world: World) -> None:
    """Where a refusal has ended the connection."""
    if not world.ctx.accounts.is_connected(world.ada.id):
        world.ada.signs_in()
