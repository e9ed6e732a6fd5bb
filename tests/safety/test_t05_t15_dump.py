"""T5, T15: after a story with secrets in every field, the bot's whole disk gives an attacker nothing.

The files are searched as they are, deleted pages and write-ahead logs included, not column by column.
"""

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx2
import pytest

from bot.domain.models import RunState
from bot.log import TALKATIVE
from tests.harness import leaving
from tests.harness.people import Thread
from tests.harness.waiting import wait_until
from tests.harness.world import SENTIMENT, World
from tests.safety.canaries import SECRETS, tails
from tests.safety.deliveries import all_done, deliver, payload

pytestmark = pytest.mark.thorough
ADDRESS = "203.0.113.77"
REMARK = "a private remark of bob's"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Its people write what looks like tokens into their own comments, where leaving would find it."""
    world = World(tmp_path)
    try:
        yield world
        leaving.check(world)
    finally:
        world.close()


def test_t05_t15_a_dump_of_database_and_log_gives_an_attacker_nothing(world: World) -> None:
    ada, bob = world.ada.signs_in(), world.bob
    thread = everything_with_secrets(world)
    code = bob_connects(world, thread)
    strangers_knock(world, thread)
    bob.says(thread, f"@space-factory build # {REMARK}")
    run = thread.run_reaches(RunState.RUNNING)
    ada.says(thread, "@space-factory cancel")
    bob.says(thread, "@space-factory cancel")
    assert thread.run_ends().state is RunState.CANCELLED
    all_done(world)
    thread.read.update(reply.id for reply in thread.replies())
    pages = [httpx2.get(f"{world.url}/{page}").text for page in ("", "runs", f"runs/{run.id}", "readyz")]
    said = "".join(reply.content for reply in thread.replies())
    live = {"a link": code, **tokens(world), **secrets_of_the_bot(world)}

    world.stops()
    dump = {file.name: file.read_bytes() for file in (world.folder / "bot").rglob("*") if file.is_file()}
    assert run.id.encode() in b"".join(dump.values()), "the story is in it"
    dump["log"] = as_in_production(world.log.file.read_text())
    for name, content in dump.items():
        for what, secret in live.items():
            assert not any(form in content for form in forms(secret)), f"{what} in {name}"
        for word in (*tails(), ADDRESS, REMARK, "Hello there"):
            assert word.encode() not in content, f"{word!r} in {name}"
    for tail in tails():
        assert tail not in said and not [page for page in pages if tail in page]
    assert not re.search(rb"Bearer (?!\[)", dump["log"])
    world.starts()


def as_in_production(log: str) -> bytes:
    """Without what the bot's set-up of the log keeps out (here the test's own client writes there too)."""
    lines = [json.loads(line) for line in log.splitlines()]
    kept = [line for line in lines if line["level"] != "info" or not line["logger"].startswith(TALKATIVE)]
    assert {line["logger"].partition(".")[0] for line in kept} >= {"bot", "handlers"}
    return json.dumps(kept, ensure_ascii=False).encode()


def bob_connects(world: World, thread: Thread) -> str:
    """With a link of his own; returns its code."""
    world.bob.says(thread, "@space-factory connect")
    [code] = wait_until(
        lambda: re.findall(r"/c/([\w-]{22})\)", "".join(reply.content for reply in thread.replies())),
        "a link",
    )
    assert world.bob.follows(f"{world.url}/c/{code}").status_code == 200
    return str(code)


def tokens(world: World) -> dict[str, str]:
    """What could act for people now: their tokens and their browser sessions."""
    found = {}
    for person in (world.ada, world.bob):
        found[f"{person.name}'s token"] = world.ctx.accounts.open_token(person.id, lives=0)
        found[f"{person.name}'s session"] = person.browser._client.cookies["session"]
    assert all(found.values())
    return found


def secrets_of_the_bot(world: World) -> dict[str, str]:
    return {f"secret {number}": value for number, value in enumerate(world.settings.all_secrets())}


def forms(secret: str) -> set[bytes]:
    """As it stands, and as encodings that would hide it from a plain search."""
    raw = secret.encode()
    return {raw, base64.b64encode(raw), raw.hex().encode(), quote(secret, safe="").encode(), raw[::-1]}


def everything_with_secrets(world: World) -> Thread:
    """A secret in a title, a comment, an option, a model's name and a reason."""
    title = f"Title with {SECRETS[0]}"
    thread = world.bob.opens_discussion(SENTIMENT, f"Hello there {SECRETS[1]}", title=title)
    for secret in SECRETS:
        if " " in secret:  # what stands after `Bearer ` is a word like any other, and a good name for a Space
            continue
        world.bob.says(thread, f"@space-factory build name={secret} # {secret}")
        world.ada.says(thread, f"@space-factory {secret}")
    all_done(world)
    return thread


def strangers_knock(world: World, thread: Thread) -> None:
    """Requests that carry secrets where a server could note them."""
    for secret in SECRETS:
        headers = {"Authorization": f"Bearer {secret}", "X-Forwarded-For": ADDRESS, "User-Agent": secret}
        for path in (
            f"/?token={secret}",
            f"/runs/{secret}",
            f"/c/{secret}",
            f"/callback?state={secret}&code=x",
        ):
            httpx2.get(f"{world.url}{path}", headers=headers, cookies={"session": secret.replace(" ", "")})
        httpx2.post(f"{world.url}/api/runs/r_{'0' * 16}/reports", headers=headers, content=secret)
        httpx2.post(f"{world.url}/webhooks/hub", headers={"X-Webhook-Secret": secret}, content=secret)
        lie = payload(thread, "c" * 24, "d" * 24, f"@space-factory build {secret}")
        lie["comment"]["id"] = secret
        deliver(world, lie)
