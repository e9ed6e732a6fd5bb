"""The other calls of the Hub, each by the function that makes it, and every way in which the Hub fails them: what
comes of it is an answer or one of our own errors, and doing it again does it once."""

from collections.abc import Callable, Iterator

import pytest

from bot.domain.errors import HubError, HubUnavailable, TokenGone
from bot.hub.client import HubClient, bound_all_calls
from bot.hub.discussions import Discussions
from bot.hub.models import read_model
from bot.hub.search import find_models
from bot.hub.spaces import restore
from bot.hub.webhooks import heard_repos
from tests.harness.calls import (
    BOT,
    OF_A_ROLLBACK,
    OF_A_START,
    OF_CATCHING_UP,
    OF_COMPLETION,
    OF_DOUBLES,
    PERSON,
    Call,
)
from tests.harness.faults import FAULTS, HUB_SECONDS, REFUSED
from tests.harness.forked_hub import ForkedHub
from tests.harness.local_hub import LocalHub, people
from tests.harness.waiting import wait_until

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(240)]

MODEL, SPACE, ADDRESS = "ada/poems", "ada/poems-demo", "http://127.0.0.1:9/webhooks/hub"
Do = Callable[[LocalHub], object]


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    """Ada has a model with a discussion, and a Space with two commits; the bot listens to her."""
    bound_all_calls(HUB_SECONDS)
    there = ForkedHub(tmp_path_factory.mktemp("faults") / "hub", people(PERSON, BOT)).start()
    ada, bot = there.api(PERSON), there.api(BOT)
    ada.create_repo(MODEL)
    ada.create_discussion(MODEL, "A Space, please")
    ada.create_repo(SPACE, repo_type="space", space_sdk="static")
    watched = [{"type": "user", "name": PERSON}]
    bot.create_webhook(url=ADDRESS, watched=watched, domains=["discussion"], secret="s" * 40)  # type: ignore[arg-type]  # it takes dicts
    yield there
    there.stop()


def as_(hub: LocalHub, who: str) -> HubClient:
    return HubClient(hub.endpoint, hub.token(who))


def hides(hub: LocalHub) -> object:
    discussions = Discussions(as_(hub, BOT))
    shown = [each for each in discussions.comments(MODEL, 1) if each.author == BOT and not each.hidden]
    for each in shown:
        discussions.hide(MODEL, 1, each.id)
    return True


def catches_up(hub: LocalHub) -> object:
    eyes = as_(hub, BOT)
    [repo] = heard_repos(eyes, ADDRESS, 10) or [MODEL]
    return Discussions(eyes).begun_since(repo, 0.0, 10) == [1] and eyes.user_id(PERSON) is not None


def completes(hub: LocalHub) -> object:
    found = [find_models(as_(hub, who), "poems", limit=5) for who in (BOT, PERSON)]
    return [*found, read_model(as_(hub, BOT), MODEL).id] == [[MODEL], [MODEL], MODEL]


DOES: dict[str, tuple[dict[str, Call], Do]] = {
    "start": (OF_A_START, lambda hub: as_(hub, BOT).whoami()[1] == BOT),
    "catch up": (OF_CATCHING_UP, catches_up),
    "complete": (OF_COMPLETION, completes),
    "take back": (OF_DOUBLES, hides),
}
CASES = [(what, call) for what, (calls, _) in DOES.items() for call in calls]


def does(do: Do, hub: LocalHub) -> object:
    """What comes of it; nothing where the Hub was too slow for so little patience."""
    try:
        return do(hub)
    except HubUnavailable:
        return None


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(("what", "call"), CASES)
def test_a_call_that_fails(hub: LocalHub, what: str, call: str, fault: str) -> None:
    calls, do = DOES[what]
    if what == "take back":
        hub.api(BOT).comment_discussion(MODEL, 1, f"said twice: {fault}")
    FAULTS[fault].befalls(hub, calls[call])

    try:
        done = do(hub)
    except (HubError, HubUnavailable, TokenGone) as trouble:
        assert isinstance(trouble, HubUnavailable) or fault in REFUSED, trouble
    else:
        assert done
    hub.behaves(FAULTS[fault].switch)

    wait_until(lambda: does(do, hub), "it done", seconds=60, every=0.5)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("call", OF_A_ROLLBACK)
def test_a_rollback_that_fails_is_one_commit_when_it_is_done_again(
    hub: LocalHub, call: str, fault: str
) -> None:
    ada, eyes = hub.api(PERSON), as_(hub, PERSON)
    ada.upload_file(path_or_fileobj=b"old", path_in_repo="page.html", repo_id=SPACE, repo_type="space")
    old = str(ada.space_info(SPACE).sha)
    ada.upload_file(
        path_or_fileobj=fault.encode(), path_in_repo="page.html", repo_id=SPACE, repo_type="space"
    )
    before = len(ada.list_repo_commits(SPACE, repo_type="space"))
    FAULTS[fault].befalls(hub, OF_A_ROLLBACK[call])

    try:
        restore(eyes, SPACE, old)
    except (HubError, HubUnavailable) as trouble:
        assert isinstance(trouble, HubUnavailable) or fault in REFUSED, trouble
    hub.behaves(FAULTS[fault].switch)
    wait_until(lambda: does(lambda _: restore(eyes, SPACE, old) is not None, hub), "it done", 60, 0.5)

    assert eyes.get_bytes(f"/spaces/{SPACE}/resolve/main/page.html", 100) == b"old"
    assert len(ada.list_repo_commits(SPACE, repo_type="space")) == before + 1
