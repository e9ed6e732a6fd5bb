"""What must be true when a test leaves the world, whatever it was about."""

import base64
import re
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2

from bot.domain.models import FINAL_STATES
from bot.store.deliveries import DeliveryState
from tests.harness import discord_calls, postgres
from tests.harness.calls import BOT, NOBODY, PERSON, unlisted
from tests.harness.chat import Chat
from tests.harness.world import PEOPLE, World

TOKEN = re.compile(rb"hf_oauth_(?!expiration_minutes)[A-Za-z0-9_]{8,}|hf_[0-9a-f]{34}|\bsf_[\w-]{43}")
VAULTED = {"accounts": {"access_token", "refresh_token"}, "sign_ins": {"verifier"}}


@contextmanager
def lived_in(world: World, *, expected_errors: tuple[str, ...] = ()) -> Iterator[World]:
    """A world for one test or for many: checked when it is left, and closed whatever happened in it."""
    try:
        yield world
        check(world, expected_errors=expected_errors)
    finally:
        world.close()
    check_after(world)


@contextmanager
def chatted_in(chat: Chat, *, expected_errors: tuple[str, ...] = ()) -> Iterator[Chat]:
    """Likewise, with Discord beside it."""
    try:
        yield chat
        check(chat.world, expected_errors=expected_errors)
        check_discord(chat)
    finally:
        chat.close()
    check_after(chat.world)


def check(world: World, *, expected_errors: tuple[str, ...] = ()) -> None:
    """Called after every behaviour test, while bot and Hub still run."""
    _nothing_unread(world)
    _nothing_unfinished(world)
    _nothing_said_twice(world)
    _no_call_unlisted(world)
    unexpected = [error for error in world.log.errors if error not in expected_errors]
    assert not unexpected, f"errors in the log: {unexpected}"


def check_discord(chat: Chat) -> None:
    """What must be true of Discord, while it still runs."""
    log = chat.world.log.file.read_text()
    assert chat.discord.token not in log, "Discord's token is in the log"
    told = [each.token for each in chat.discord.state.interactions.values()]
    assert not [token for token in told if token in log], "an interaction's token is in the log"
    made = {(each.method, each.route) for each in chat.discord.journal.entries()}
    forgotten = sorted(f"{method} {route}" for method, route in made if discord_calls.unlisted(method, route))
    assert not forgotten, f"calls that tests/harness/discord_calls.py lacks: {forgotten}"


def check_after(world: World) -> None:
    """Called when bot and Hub have stopped."""
    _no_child_alive(world)
    _no_token_anywhere(world)


def _nothing_unread(world: World) -> None:
    for thread in world.threads:
        unread = [reply.content for reply in thread.replies() if reply.id not in thread.read]
        assert not unread, f"replies nobody read in {thread.repo}#{thread.num}: {unread}"


def _nothing_unfinished(world: World) -> None:
    assert world.deliveries.count(DeliveryState.PARKED) == 0, "a delivery is parked"
    open_runs = [run.id for run in world.runs() if run.state not in FINAL_STATES or not run.is_settled]
    assert not open_runs, f"runs not finished: {open_runs}"


def _nothing_said_twice(world: World) -> None:
    for thread in world.threads:
        said = [reply.content for reply in thread.replies()]
        assert len(said) == len(set(said)), f"said twice in {thread.repo}#{thread.num}: {said}"


def _no_call_unlisted(world: World) -> None:
    """Every call that bot and workers made is in the table of which the fault matrices are made."""
    requests = httpx2.get(f"{world.hub.endpoint}/__journal", trust_env=False).json()["requests"]
    ours = {
        (each["method"], re.sub(rf"/{each['user']}(?=/|$)", f"/{PERSON}", each["path"]), _whose(each))
        for each in requests
        if each["kind"] == "oauth" or each["user"] == BOT or each["path"] == "/oauth/token"
    }
    forgotten = sorted(
        f"{method} {path}, as {whose}" for method, path, whose in ours if unlisted(method, path, whose)
    )
    assert not forgotten, f"calls that tests/harness/calls.py lacks: {forgotten}"


def _whose(request: dict[str, Any]) -> str | None:
    match request:
        case {"user": None}:
            return NOBODY
        case {"user": "space-factory"}:
            return BOT
        case _:
            return PERSON


def _no_child_alive(world: World) -> None:
    listing = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    alive = [line for line in listing.splitlines() if str(world.folder) in line]
    assert not alive, f"children alive: {alive}"


def _no_token_anywhere(world: World) -> None:
    """Not in a log, a database column outside the vault, a bucket file, a comment, a Space or a trace.

    The local Hub's own database is where its users' tokens live, so only its comments are looked at there.
    """
    secret_words = _forms(world.settings.webhook_secrets[0].get_secret_value())
    secret_words |= {form for name in PEOPLE for form in _forms(world.hub.token(name))}
    for name, content in _everything_written(world):
        found = TOKEN.search(content) or next((word for word in secret_words if word in content), None)
        assert not found, f"a secret in {name}"


def _everything_written(world: World) -> list[tuple[str, bytes]]:
    files = [file for file in world.folder.rglob("*") if file.is_file() and not _is_ours_to_skip(file)]
    written = [(str(file), file.read_bytes()) for file in files]
    kept = columns_of(world.folder / "bot") + _columns_elsewhere(world.settings.database_url)
    return written + kept + _hub_records(world.hub.folder / "hub.sqlite")


def _is_ours_to_skip(file: Path) -> bool:
    """Databases are read column by column; environments hold libraries, not our words."""
    return ".sqlite" in file.name or "site-packages" in file.parts or "environments" in file.parts


def columns_of(folder: Path) -> list[tuple[str, bytes]]:
    """Every column of the bot's databases, the engine's included, except those that hold sealed secrets."""
    found = []
    for file in folder.glob("*.sqlite"):
        with sqlite3.connect(file) as db:
            tables = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type='table'")]
            for table in tables:
                cursor = db.execute(f'SELECT * FROM "{table}"')
                names = [column[0] for column in cursor.description]
                sealed = VAULTED.get(table, set())
                for row in cursor:
                    text = " ".join(str(v) for name, v in zip(names, row, strict=True) if name not in sealed)
                    found.append((f"{file.name}:{table}", text.encode()))
        db.close()
    return found


def _columns_elsewhere(address: str) -> list[tuple[str, bytes]]:
    """Likewise, where the database is a PostgreSQL."""
    found = postgres.columns_of(address) if address else ()
    return [
        (f"{table}.{column}", str(value).encode())
        for table, column, value in found
        if column not in VAULTED.get(table, ())
    ]


def _hub_records(file: Path) -> list[tuple[str, bytes]]:
    """Comments, Jobs and Spaces as the Hub keeps them; its token and sign-in records are its own."""
    own = ("Token", "OAuth", "Session", "Code", "Webhook", "Grant", "Secret")
    with sqlite3.connect(file) as db:
        rows = db.execute("SELECT kind, body FROM documents").fetchall()
    db.close()
    return [(f"hub:{kind}", body.encode()) for kind, body in rows if not any(word in kind for word in own)]


def _forms(secret: str) -> set[bytes]:
    """A secret as it stands, and as encodings that would hide it from a plain search."""
    raw = secret.encode()
    return {raw, base64.b64encode(raw), quote(secret).encode(), raw[::-1]}
