"""Rate limits: the headers that the client understands, and the refusal that it meets."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.utils import parse_ratelimit_headers

from tests.harness.local_hub import LocalHub
from tests.localhub.around_the_hub import ARGUMENTS


@pytest.fixture
def narrow(tmp_path: Path) -> Iterator[LocalHub]:
    limits = [*("--rate-limit", "api=4"), *("--rate-limit", "whoami=2"), *("--rate-limit", "pages=3")]
    hub = LocalHub(tmp_path / "hub", [*ARGUMENTS, *limits]).start()
    yield hub
    hub.stop()


def test_each_answer_says_how_much_is_left(hub: LocalHub, model: str) -> None:
    with hub.browser() as browser:
        headers = {"Authorization": f"Bearer {hub.token('bob')}"}
        first, second = (browser.get(f"/api/models/{model}", headers=headers) for _ in range(2))

    told = [parse_ratelimit_headers(answer.headers) for answer in (first, second)]
    assert told[0] is not None
    assert told[1] is not None
    assert (told[0].resource_type, told[0].limit, told[0].window_seconds) == ("api", 100_000, 300)
    assert told[1].remaining == told[0].remaining - 1
    assert 0 < told[1].reset_in_seconds <= 300


def test_resolving_and_pages_are_counted_apart(hub: LocalHub, model: str) -> None:
    with hub.browser() as browser:
        resolved = browser.get(f"/{model}/resolve/main/.gitattributes")
        page = browser.get(f"/{model}")

    assert resolved.headers["ratelimit"].startswith('"resolvers";r=')
    assert page.headers["ratelimit"].startswith('"pages";r=')


def test_whoami_is_stricter_and_the_client_says_so(narrow: LocalHub) -> None:
    alice = narrow.api("alice")
    assert [alice.whoami()["name"] for _ in range(2)] == ["alice", "alice"]

    with pytest.raises(HfHubHTTPError, match="rate limit for the /whoami-v2 endpoint") as refused:
        alice.whoami()
    told = parse_ratelimit_headers(refused.value.response.headers)
    assert told is not None
    assert (told.remaining, told.limit) == (0, 2)
    assert narrow.api("bob").whoami()["name"] == "bob"
    assert alice.get_user_overview("bob").username == "bob"


def test_who_asks_too_much_is_refused_and_others_are_not(narrow: LocalHub) -> None:
    for _ in range(4):
        narrow.api("alice").get_user_overview("bob")

    with pytest.raises(HfHubHTTPError, match="rate limit") as refused:
        narrow.api("alice").get_user_overview("bob")
    assert refused.value.response.status_code == 429
    assert narrow.api("bob").get_user_overview("alice").username == "alice"
    assert narrow.api().get_user_overview("alice").username == "alice"
