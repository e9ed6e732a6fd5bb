"""Who may enter a Space, what its app gets to see, and what it never does."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError

from tests.harness.local_hub import LocalHub
from tests.localhub import small_apps
from tests.localhub.around_the_hub import OAuthPerson
from tests.localhub.one_space import OneSpace


@pytest.fixture
def space(hub: LocalHub) -> Iterator[OneSpace]:
    """A private Space of alice's, without an app yet. Deleted in the end, as nothing else would stop it."""
    one = OneSpace(hub)
    yield one
    one.delete()


@pytest.fixture(scope="module")
def running(hub: LocalHub) -> Iterator[OneSpace]:
    """A private Space whose app tells what it sees. For tests that only ask it."""
    one = OneSpace(
        hub,
        space_variables=[{"key": "COLOUR", "value": "green"}],
        space_secrets=[{"key": "KEY", "value": "hidden-value"}],
        space_hardware="cpu-upgrade",
        space_sleep_time=3600,
    )
    one.run(small_apps.telling("one"))
    yield one
    one.delete()


def test_the_run_log_can_be_read_while_the_app_runs(running: OneSpace) -> None:
    assert "serving one" in running.log()


def test_the_app_finds_what_the_platform_promises(running: OneSpace) -> None:
    seen = running.ask().json()["environment"]
    host = running.host.removeprefix("http://")
    creator = running.hub.user_id("alice")
    assert (seen["SPACE_ID"], seen["SPACE_HOST"], seen["SYSTEM"]) == (running.id, host, "spaces")
    assert (seen["SPACE_AUTHOR_NAME"], seen["SPACE_CREATOR_USER_ID"]) == ("alice", creator)
    assert (seen["SPACE_TITLE"], seen["CPU_CORES"], seen["ACCELERATOR"]) == ("Small", "8", "none")
    assert (seen["COLOUR"], seen["KEY"]) == ("green", "hidden-value")
    assert seen["HF_ENDPOINT"] == running.hub.endpoint
    assert Path(seen["HF_HOME"]).is_relative_to(running.folder)
    assert "hf_alice_token" not in str(seen)
    assert not {"HF_HUB_DISABLE_IMPLICIT_TOKEN", "PYTEST_CURRENT_TEST"} & set(seen)


def test_secrets_never_come_out(running: OneSpace) -> None:
    variables = running.api.get_space_variables(running.id)
    assert {name: variable.value for name, variable in variables.items()} == {"COLOUR": "green"}
    assert list(running.api.get_space_secrets(running.id)) == ["KEY"]
    headers = {"Authorization": f"Bearer {running.hub.token('alice')}"}
    with running.hub.browser() as browser:
        for path in ("", "/runtime", "/secrets", "/variables"):
            assert "hidden-value" not in browser.get(f"/api/spaces/{running.id}{path}", headers=headers).text


def test_what_was_asked_at_creation_is_there(running: OneSpace) -> None:
    runtime = running.runtime()
    assert (runtime.hardware, runtime.sleep_time) == ("cpu-upgrade", 3600)


def test_only_its_owner_sees_and_runs_a_private_space(running: OneSpace) -> None:
    for stranger in (running.hub.api("bob"), running.hub.api()):
        with pytest.raises(RepositoryNotFoundError):
            stranger.get_space_runtime(running.id)
        with pytest.raises(HfHubHTTPError):
            stranger.pause_space(running.id)
        with pytest.raises(HfHubHTTPError):
            list(stranger.fetch_space_logs(running.id))
    assert running.ask(token=running.hub.token("bob")).status_code == 404
    assert running.ask(token="hf_unknown").status_code == 404
    assert running.ask(token="").status_code == 404


def test_a_public_space_answers_everyone_but_keeps_its_logs(hub: LocalHub) -> None:
    space = OneSpace(hub, private=False)
    space.run(small_apps.telling("open"))
    assert space.ask(token="").json()["version"] == "open"
    assert hub.api("bob").get_space_runtime(space.id).stage == "RUNNING"
    with pytest.raises(HfHubHTTPError) as refused:
        list(hub.api("bob").fetch_space_logs(space.id))
    assert refused.value.response.status_code == 403
    space.api.update_repo_settings(space.id, private=True, repo_type="space")
    assert space.ask(token="").status_code == 404
    space.api.delete_repo(space.id, repo_type="space")


def test_the_real_hubs_way_with_oauth_tokens(space: OneSpace) -> None:
    alice = OAuthPerson(space.hub, "alice")
    api = space.hub.api(token=alice.token("openid profile manage-repos"))
    alice.browser.close()
    space.run(small_apps.telling("one"))
    for refused_call in (
        lambda: api.request_space_hardware(space.id, "cpu-basic"),  # type: ignore[arg-type]  # a str enum
        lambda: api.restart_space(space.id),
        lambda: api.set_space_sleep_time(space.id, 300),
    ):
        with pytest.raises(HfHubHTTPError, match="Invalid username or password") as refused:
            refused_call()
        assert refused.value.response.status_code == 401
    assert api.get_space_runtime(space.id).stage == "RUNNING"
    assert api.pause_space(space.id).stage == "PAUSED"


def test_the_door_keeps_what_is_the_hubs(running: OneSpace) -> None:
    token = running.hub.token("alice")
    cookies = "token=session-of-the-hub; theirs=1; space-abc=pass; _other=2"
    answer = running.ask(
        "/a%2Fb/ä?q=1&q=%20", token="", **{"X-HF-Authorization": f"Bearer {token}", "Cookie": cookies}
    )
    told = answer.json()
    headers = {name.lower(): value for name, value in told["headers"]}
    assert told["path"] == "/a%2Fb/%C3%A4?q=1&q=%20"
    assert headers["cookie"] == "theirs=1; _other=2"
    assert "x-hf-authorization" not in headers
    assert headers["x-forwarded-host"] == headers["host"] == running.host.removeprefix("http://")
    assert (headers["x-forwarded-proto"], headers["x-forwarded-for"]) == ("http", "127.0.0.1")
    assert token not in answer.text
    assert answer.headers.get_list("set-cookie") == ["mine=1"]


def test_answers_and_uploads_flow_through(running: OneSpace) -> None:
    headers = {"Authorization": f"Bearer {running.hub.token('alice')}"}
    with httpx2.Client(base_url=running.host, headers=headers, trust_env=False) as client:
        seen = []
        with client.stream("GET", "/stream") as answer:
            for line in filter(None, answer.iter_lines()):
                seen.append(line)
                running.ask("/go")  # the app goes on only when its line has been seen here
        assert seen == ["data: 0", "data: 1", "data: 2"]
        pieces = (b"x" * 100_000 for _ in range(20))
        assert client.post("/", content=pieces).json()["body"] == 2_000_000
        assert client.post("/", content=b"y" * 5_000_000).json()["body"] == 5_000_000


def test_an_app_may_think_for_longer_than_clients_usually_wait(running: OneSpace) -> None:
    headers = {"Authorization": f"Bearer {running.hub.token('alice')}"}
    with (
        httpx2.Client(base_url=running.host, headers=headers, trust_env=False, timeout=30) as client,
        client.stream("GET", "/stream") as answer,
    ):
        lines = filter(None, answer.iter_lines())
        assert next(lines) == "data: 0"
        time.sleep(httpx2.Client().timeout.read + 1)  # what is tested is this very silence
        for said in ("data: 1", "data: 2"):
            running.ask("/go")
            assert next(lines) == said


def signed_link(space: OneSpace, name: str) -> str:
    """The address of the app in the Space's page, as this signed-in person's browser gets it."""
    with space.hub.browser() as browser:
        browser.post("/login", data={"username": name})
        page = browser.get(f"/spaces/{space.id}")
    found = re.search(r'src="(http[^"]+__sign=[^"]+)"', page.text)
    assert found, page.text[:2000]
    return found[1]


def test_a_signed_link_lets_a_browser_in(running: OneSpace, space: OneSpace) -> None:
    link = signed_link(running, "alice")
    with httpx2.Client(trust_env=False) as browser:
        landing = browser.get(link + "&theme=dark")
        assert landing.status_code == 303
        assert landing.headers["location"] == f"{running.host}/?theme=dark"
        assert browser.get(running.host).json()["version"] == "one"
        [value] = [value for name, value in browser.cookies.items() if name.startswith("space-")]

    space.run(small_apps.telling("other"))
    other = f"space-{space.api.space_info(space.id).__dict__['_id']}"
    with httpx2.Client(trust_env=False, cookies={other: value}) as browser:
        assert browser.get(space.host).status_code == 404


@pytest.mark.parametrize("damage", [lambda s: s[:-4] + "AAAA", lambda _: "x", lambda _: "a.b.c"])
def test_a_damaged_link_lets_nobody_in(running: OneSpace, damage: Any) -> None:
    address, _, signed = signed_link(running, "alice").partition("__sign=")
    with httpx2.Client(trust_env=False, follow_redirects=True) as browser:
        assert browser.get(f"{address}__sign={damage(signed)}").status_code == 404
        assert not dict(browser.cookies)
