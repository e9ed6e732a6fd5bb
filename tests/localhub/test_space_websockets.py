"""WebSockets through the front door of a Space, to an app that is Gradio and has a WebSocket beside it."""

import json
import re
from collections.abc import Iterator

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from tests.harness.local_hub import LocalHub
from tests.harness.waiting import wait_until
from tests.localhub import small_apps
from tests.localhub.one_space import OneSpace


@pytest.fixture(scope="module")
def space(hub: LocalHub) -> Iterator[OneSpace]:
    """A private Space of alice's."""
    one = OneSpace(hub)
    one.push({"README.md": small_apps.GRADIO_README, "requirements.txt": small_apps.WEBSOCKET_REQUIREMENTS})
    one.run(small_apps.WEBSOCKETS)
    yield one
    one.delete()


def talk(
    space: OneSpace, name: str | None = "alice", path: str = "/talk", chat: str | None = None, **headers: str
) -> ClientConnection:
    token = {"Authorization": f"Bearer {space.hub.token(name)}"} if name else {}
    protocols = [Subprotocol(chat)] if chat else None
    address = space.host.replace("http", "ws") + path
    return connect(
        address, additional_headers={**token, **headers}, subprotocols=protocols, proxy=None, max_size=None
    )


def cookie_of(space: OneSpace) -> str:
    """What the browser of somebody who came by alice's signed link sends from then on."""
    with space.hub.browser() as browser:
        browser.post("/login", data={"username": "alice", "next": "/"})
        page = browser.get(f"/spaces/{space.id}").text
        signed = re.search(rf"{re.escape(space.host)}/\?__sign=[\w.-]+", page)
        assert signed, page
        jar = browser.get(signed[0]).headers["set-cookie"]
    return jar.partition(";")[0]


def test_text_and_bytes_go_both_ways(space: OneSpace) -> None:
    assert space.ask("/config").json()["components"]
    with talk(space, path="/talk?mark=%21") as socket:
        for text in ("hello", "", "grüße", "x" * 3_000_000):
            socket.send(text)
            assert socket.recv(10) == f"{text}!"
        socket.send(bytes(range(256)))
        assert socket.recv(10) == bytes(range(256))[::-1]


def test_the_chosen_protocol_reaches_the_client(space: OneSpace) -> None:
    with talk(space, chat="chat") as socket:
        assert socket.subprotocol == "chat"


def test_the_app_sees_the_client_and_not_its_passes(space: OneSpace) -> None:
    cookie = f"{cookie_of(space)}; mine=1"
    with talk(space, name=None, Cookie=cookie, Origin=space.host) as socket:
        socket.send("headers")
        seen = dict(json.loads(socket.recv(10)))
    assert seen["cookie"] == "mine=1"
    assert (seen["origin"], f"http://{seen['host']}") == (space.host, space.host)
    assert "x-forwarded-for" in seen
    assert "hf_" not in str(seen)


def test_strangers_do_not_get_in_and_neither_do_foreign_pages(space: OneSpace) -> None:
    for name in ("bob", None):
        with pytest.raises(InvalidStatus) as refusal:
            talk(space, name=name)
        assert refusal.value.response.status_code == 404
    with pytest.raises(InvalidStatus):
        talk(space, name=None, Cookie=cookie_of(space), Origin="http://127.0.0.1:9")
    with talk(space, name=None, **{"X-HF-Authorization": f"Bearer {space.hub.token('alice')}"}) as socket:
        socket.send("in")
        assert socket.recv(10) == "in"


def test_either_side_may_end_it(space: OneSpace) -> None:
    with talk(space) as socket:
        socket.send("bye")
        with pytest.raises(ConnectionClosed) as end:
            socket.recv(10)
    assert end.value.rcvd is not None
    assert (end.value.rcvd.code, end.value.rcvd.reason) == (4001, "as you wish")
    with talk(space) as socket:
        socket.close(4002, "enough")
    wait_until(lambda: "client left with 4002" in space.log(), "the app hears of it")


def test_an_address_without_a_websocket_says_so(space: OneSpace) -> None:
    with pytest.raises(InvalidStatus) as refusal:
        talk(space, path="/no-such-place")
    assert refusal.value.response.status_code in {403, 404}


def test_everyone_may_talk_to_a_public_space_until_its_app_ends(space: OneSpace) -> None:
    space.api.update_repo_settings(space.id, repo_type="space", private=False)
    with talk(space, name=None) as socket:
        socket.send("end")
        with pytest.raises(ConnectionClosed) as end:
            socket.recv(10)
    assert end.value.rcvd is not None
    assert end.value.rcvd.code == 1012
    space.await_stage("RUNTIME_ERROR")
    with pytest.raises(InvalidStatus) as refusal:
        talk(space, name=None)
    assert refusal.value.response.status_code == 503
