"""Who may write the state: of several bots with one bucket the last that starts, and who can begin at all."""

import httpx2
import pytest

from bot.safekeeping import StateError, take_over
from bot.settings import Settings
from bot.store.database import close_databases, open_database
from bot.store.moments import Moments
from tests.behaviour.test_starting import serve
from tests.behaviour.test_state_bucket import (
    BUCKET,
    OFTEN,
    SELDOM,
    copies,
    settled,
    the_disk_is_wiped,
)
from tests.harness.bot import BotProcess
from tests.harness.calls import OF_A_RESTART
from tests.harness.faults import FAULTS
from tests.harness.waiting import wait_until
from tests.harness.world import SENTIMENT, World, free_port

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.timeout(240),
    pytest.mark.world(state_bucket=BUCKET, state_seconds=SELDOM),
]


@pytest.mark.world(state_bucket=BUCKET, state_seconds=OFTEN)
def test_a_bot_that_finds_another_after_it_writes_no_more_and_ends(world: World) -> None:
    world.stops()
    world.starts_as_process()
    older = owner(copies(world)[-1])
    newer = BotProcess(elsewhere(world), world.folder)

    wait_until(lambda: not answers(world.url), "the end of the older one", seconds=120)

    assert owner(copies(world)[-1]) > older
    world.stops()  # it has ended well
    assert "another bot has taken over STATE_BUCKET" in world.log.file.read_text()
    assert owner(copies(world)[-1]) > older
    newer.stop()
    last = copies(world)[-1]
    world.starts()
    assert owner(copies(world)[-1]) > owner(last) > older


def test_of_two_that_start_in_the_same_moment_one_goes_on(world: World) -> None:
    world.stops()
    both = []
    for name in ("one", "other"):
        settings = world.settings.model_copy(update={"data_dir": world.folder / name})
        settings.data_dir.mkdir()
        databases = [
            open_database(settings.main_database, "main"),
            open_database(settings.inbox_database, "inbox"),
        ]
        keeper = take_over(settings, world.clock)
        assert keeper
        both.append((keeper, Moments(databases[0]), databases))

    (loser, its_moments, _), (winner, moments, _) = sorted(both, key=lambda each: each[0].owner)
    winner.claim(moments)
    with pytest.raises(StateError, match="in the same moment"):
        loser.claim(its_moments)

    assert owner(copies(world)[-1]) == winner.owner
    for _, _, databases in both:
        close_databases(*databases)
    world.starts()


def owner(name: str) -> str:
    return name.rpartition("-")[0]


def answers(url: str) -> bool:
    try:
        return httpx2.get(f"{url}/healthz").status_code == 200
    except httpx2.TransportError:
        return False


def elsewhere(world: World) -> Settings:
    """As the bot of the world, on another machine."""
    port = free_port()
    changed = {"data_dir": world.folder / "other", "port": port, "public_url": f"http://127.0.0.1:{port}"}
    return world.settings.model_copy(update=changed)


def test_a_copy_that_is_damaged_is_passed_over(world: World) -> None:
    ada = world.ada.signs_in()
    thread = ada.opens_discussion(SENTIMENT, "@space-factory plan")
    thread.run_ends()
    world.stops()
    damaged = f"{int(copies(world)[-1][:8]) + 1:08d}-00000000-00000001.zip"
    world.hub.api("space-factory").batch_bucket_files(BUCKET, add=[(b"not a copy", damaged)])

    the_disk_is_wiped(world)
    world.starts()
    world.reads_again()

    assert len(world.runs()) == 1
    settled(thread)


def test_a_hub_that_fails_at_the_start_is_waited_for(world: World) -> None:
    thread = world.ada.opens_discussion(SENTIMENT, "@space-factory ping")
    thread.next_reply()
    for call in OF_A_RESTART.values():
        world.stops()
        the_disk_is_wiped(world)
        FAULTS["503"].befalls(world.hub, call)
        world.starts()
        assert world.hub.has_met(FAULTS["503"].switch), call
    world.reads_again()

    assert world.deliveries.is_known(f"comment:{thread.comments()[0].id}")
    settled(thread)


def test_a_bucket_that_others_can_read_is_refused(world: World) -> None:
    world.hub.api("space-factory").create_bucket("space-factory/open", private=False)

    ended = serve(elsewhere(world), STATE_BUCKET="space-factory/open")

    assert ended.returncode == 2
    assert "STATE_BUCKET space-factory/open is public" in ended.stderr and "Traceback" not in ended.stderr
