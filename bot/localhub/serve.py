"""`python -m bot localhub`: serve a Hub on loopback; one line on stdout says where it is and for whom."""

import argparse
import asyncio
import contextlib
import fcntl
import json
import logging
import re
import socket
import sys
from pathlib import Path
from typing import Any, TextIO

import uvicorn

from bot.localhub.accounts import Token, User
from bot.localhub.app import create_app, end_children
from bot.localhub.errors import HubError
from bot.localhub.misbehaviour import Setting, Switch, board_of
from bot.localhub.misbehaviour_routes import checked, setting_in
from bot.localhub.oauth_records import OAuthApp
from bot.localhub.population import populate
from bot.localhub.rate_limits import WINDOW, Bucket
from bot.localhub.state import Hub

OAUTH_EXPIRES = 8 * 3600
KEEP_ALIVE = 75
"""Seconds that an idle connection stays open. With few, a busy client sends into one that is just closing."""
STOP_WITHIN = 5
"""Seconds that open answers, such as followed logs, get to end at shutdown."""


def main(argv: list[str]) -> int:
    options = _parser().parse_args(argv)
    try:
        lock = _only_here(options.data)
        listening = _listen(options.port)
    except (OSError, ValueError) as error:
        print(f"The local Hub cannot start: {error}", file=sys.stderr)  # noqa: T201 - the command's own voice
        return 2
    with lock, listening:
        hub = Hub(
            endpoint=f"http://127.0.0.1:{listening.getsockname()[1]}",
            folder=options.data.resolve(),
            image_variables=dict(options.image_variable),
        )
        try:
            populate(hub, options)
        except ValueError as error:
            print(f"The local Hub cannot start: {error}", file=sys.stderr)  # noqa: T201 - the command's own voice
            return 2
        logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
        return _serve(hub, listening, options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot localhub", description=__doc__)
    add = parser.add_argument
    add("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    add("--data", type=Path, required=True, metavar="DIR", help="folder that keeps everything")
    add(
        "--user",
        type=_person,
        action="append",
        default=[],
        metavar="NAME[=TOKEN]",
        help="a person; without a token they get one, which the first line of output tells",
    )
    add(
        "--free-user",
        type=_person,
        action="append",
        default=[],
        metavar="NAME[=TOKEN]",
        help="as --user, without a paid plan and without credits",
    )
    add(
        "--org",
        type=_pair,
        action="append",
        default=[],
        metavar="NAME=MEMBER,MEMBER:ROLE",
        help="an organisation; a member is an admin unless the role is write or read",
    )
    add(
        "--full-name",
        type=_pair,
        action="append",
        default=[],
        metavar="NAME=FULL NAME",
        help="what a person or an organisation is called besides",
    )
    add(
        "--private-by-default",
        action="append",
        default=[],
        metavar="NAME",
        help="an organisation whose new repos and buckets are private unless asked otherwise",
    )
    add(
        "--oauth-app",
        type=_pair,
        action="append",
        default=[],
        metavar="NAME=REDIRECT_URI",
        help="an app; repeat for more addresses",
    )
    add(
        "--oauth-expires", type=int, default=OAUTH_EXPIRES, metavar="SECONDS", help="lifetime of OAuth tokens"
    )
    add(
        "--misbehave",
        type=_switch,
        action="append",
        default=[],
        metavar="NAME[=VALUE]",
        help='a switch of misbehaviour, on from the start; VALUE is how often, or JSON like {"seconds": 5}',
    )
    add(
        "--rate-limit",
        type=_limit,
        action="append",
        default=[],
        metavar="NAME=CALLS",
        help=f"calls per {WINDOW} s for each caller, of {', '.join(Bucket)}",
    )
    add("--journal", type=Path, metavar="FILE", help="keep the journal of all requests in this file too")
    add(
        "--image-variable",
        type=_pair,
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="an environment variable that the image of every Job brings",
    )
    add("--no-zoo", action="store_true", help="start without the example models")
    return parser


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (equals and value and re.fullmatch(r"[\w.-]+", name, re.ASCII)):
        # What was typed may be a token, so it is not repeated.
        raise argparse.ArgumentTypeError("it needs the form NAME=VALUE")
    return name, value


def _switch(text: str) -> tuple[Switch, Setting]:
    name, _, value = text.partition("=")
    try:
        switch = Switch(name)
        return switch, checked(switch, setting_in(value))
    except ValueError as error:
        known = "" if name in set(Switch) else f"; the names are {', '.join(Switch)}"
        raise argparse.ArgumentTypeError(f"{error}{known}") from None
    except HubError as error:
        raise argparse.ArgumentTypeError(error.message) from None


def _limit(text: str) -> tuple[Bucket, int]:
    name, _, calls = text.partition("=")
    if name not in set(Bucket) or not calls.isdecimal():
        raise argparse.ArgumentTypeError(f"it needs the form NAME=CALLS with one of {', '.join(Bucket)}")
    return Bucket(name), int(calls)


def _person(text: str) -> tuple[str, str | None]:
    """Without a token, none stands in the process list."""
    if text.startswith("hf_"):
        raise argparse.ArgumentTypeError("that looks like a token; it needs the form NAME=TOKEN or NAME")
    return _pair(text) if "=" in text else (_pair(f"{text}=any")[0], None)


def _only_here(folder: Path) -> TextIO:
    """Hold the folder: two Hubs on one folder would not see each other's changes."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = (folder / "lock").open("w", encoding="utf-8")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise ValueError(f"another local Hub is using {folder}. Stop it, or choose another --data") from None
    return lock


def _listen(port: int) -> socket.socket:
    # Only when the protocol is named does asyncio switch Nagle's algorithm off, which costs 40 ms per answer.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
    except (OSError, OverflowError) as error:
        listening.close()
        raise ValueError(
            f"port {port} cannot be used ({error}). Choose another --port, or 0 for a free one"
        ) from None
    listening.listen(2048)
    return listening


def _announcement(hub: Hub) -> str:
    tokens = {token.user: token.value for token in hub.all(Token) if token.scopes is None}
    people = {user.name: user for user in hub.all(User) if user.type == "user"}
    ready: dict[str, Any] = {
        "endpoint": hub.endpoint,
        "users": {name: {"id": user.id, "token": tokens.get(name)} for name, user in people.items()},
        "oauth": {
            app.name: {"client_id": app.client_id, "client_secret": app.client_secret}
            for app in hub.all(OAuthApp)
        },
    }
    return json.dumps(ready)


class _Server(uvicorn.Server):
    """Announces the Hub once it answers, and ends its children before it waits for clients."""

    def __init__(self, config: uvicorn.Config, hub: Hub) -> None:
        super().__init__(config)
        self.hub = hub

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        print(_announcement(self.hub), flush=True)  # noqa: T201 - the one line of stdout

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Who follows a Job's log is waiting for the Job: it has to end first.
        await asyncio.to_thread(end_children, self.hub)
        await super().shutdown(sockets)


def _serve(hub: Hub, listening: socket.socket, options: argparse.Namespace) -> int:
    for switch, setting in options.misbehave:
        board_of(hub).set(switch, setting)
    app = create_app(hub, limits=dict(options.rate_limit), journal_file=options.journal)
    config = uvicorn.Config(
        app,
        http="h11",  # the one that what this Hub does wrong on purpose was tried with
        ws="none",
        log_config=None,
        access_log=False,
        date_header=False,
        server_header=False,
        timeout_graceful_shutdown=STOP_WITHIN,
        timeout_keep_alive=KEEP_ALIVE,
    )
    app.state.server = server = _Server(config, hub)
    # The server has already ended everything when it passes Ctrl-C on.
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(server.serve(sockets=[listening]))
    return 0
