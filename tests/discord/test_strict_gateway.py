"""Clients that don't keep to the gateway's protocol are closed, each with its code."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.harness.discord import DiscordServer

QUERY = "v=10&encoding=json"
ME = {"os": "x", "browser": "x", "device": "x"}


@pytest.fixture
def socket(discord: DiscordServer) -> Iterator[ClientConnection]:
    with opened(discord) as client:
        yield client


def opened(discord: DiscordServer, query: str = QUERY) -> ClientConnection:
    return connect(f"ws://127.0.0.1:{discord.port}/gateway?{query}", compression=None, proxy=None)


def send(socket: ClientConnection, op: int, data: Any) -> None:
    socket.send(json.dumps({"op": op, "d": data}))


def next_op(socket: ClientConnection, op: int, event: str | None = None) -> Any:
    """The data of the next payload, which is of this kind."""
    payload = json.loads(socket.recv(5))
    assert (payload["op"], payload["t"]) == (op, event)
    return payload["d"]


def closed_with(socket: ClientConnection) -> int:
    with pytest.raises(ConnectionClosed) as closed:
        while True:
            socket.recv(5)
    assert closed.value.rcvd
    return closed.value.rcvd.code


def identity(discord: DiscordServer, **changed: Any) -> dict[str, Any]:
    return {"token": discord.token, "intents": 1, "properties": ME} | changed


def test_a_client_is_greeted_and_introduced_to_its_guilds(
    discord: DiscordServer, socket: ClientConnection
) -> None:
    assert next_op(socket, 10)["heartbeat_interval"] == 41250
    send(socket, 1, None)
    next_op(socket, 11)
    send(socket, 2, identity(discord))
    ready = next_op(socket, 0, "READY")
    guild = next_op(socket, 0, "GUILD_CREATE")
    assert ready["guilds"] == [{"id": guild["id"], "unavailable": True}]


@pytest.mark.parametrize(
    ("op", "changed", "code"),
    [
        (2, {"token": "x"}, 4004),
        (2, {"intents": 1 << 15}, 4014),
        (2, {"intents": 1 << 40}, 4013),
        (2, {"intents": None}, 4013),
        (2, {"shard": [2, 2]}, 4010),
        (2, {"properties": {}}, 4002),
        (3, {}, 4003),
        (99, {}, 4001),
    ],
    ids=["token", "privileged", "intents", "no intents", "shard", "properties", "too early", "opcode"],
)
def test_a_client_is_closed_for_a_wrong(
    discord: DiscordServer, socket: ClientConnection, op: int, changed: dict[str, Any], code: int
) -> None:
    send(socket, op, identity(discord, **changed))
    assert closed_with(socket) == code


def test_a_client_that_identifies_twice_or_sends_no_json_is_closed(
    discord: DiscordServer, socket: ClientConnection
) -> None:
    for _ in range(2):
        send(socket, 2, identity(discord))
    assert closed_with(socket) == 4005
    with opened(discord) as other:
        other.send("{")
        assert closed_with(other) == 4002


@pytest.mark.parametrize(
    ("query", "code"),
    [("v=9&encoding=json", 4012), ("v=10&encoding=etf", 4002), (QUERY + "&compress=gzip", 4002)],
    ids=["version", "encoding", "compression"],
)
def test_only_what_was_built_is_negotiated(discord: DiscordServer, query: str, code: int) -> None:
    with opened(discord, query) as socket:
        assert closed_with(socket) == code


def test_a_client_that_sends_too_much_is_closed(socket: ClientConnection) -> None:
    for _ in range(121):
        send(socket, 1, None)
    assert closed_with(socket) == 4008


@pytest.mark.parametrize(("goodbye", "resumes"), [(4000, True), (1000, False)], ids=["broken", "goodbye"])
def test_a_session_that_was_not_ended_can_be_resumed(
    discord: DiscordServer, goodbye: int, resumes: bool
) -> None:
    with opened(discord) as first:
        next_op(first, 10)
        send(first, 2, identity(discord))
        session = next_op(first, 0, "READY")["session_id"]
        first.close(goodbye)
    discord.disconnects()
    with opened(discord) as second:
        next_op(second, 10)
        send(second, 6, {"token": discord.token, "session_id": session, "seq": 1})
        if resumes:
            next_op(second, 0, "GUILD_CREATE")
            next_op(second, 0, "RESUMED")
        else:
            assert next_op(second, 9) is False


def test_a_sequence_that_never_was_can_t_be_resumed_from(
    discord: DiscordServer, socket: ClientConnection
) -> None:
    next_op(socket, 10)
    send(socket, 2, identity(discord))
    session = next_op(socket, 0, "READY")["session_id"]
    with opened(discord) as second:
        send(second, 6, {"token": discord.token, "session_id": session, "seq": 99})
        assert closed_with(second) == 4007
