"""`python -m bot replay`: give the bot a delivery again, or see what it would decide about it.

With `--dry-run` the real handlers work on a copy of the database; the Hub is only looked at, nothing is said,
and no token is renewed.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from pydantic import ValidationError

import handlers
from bot.assembly import build_context
from bot.context import Context
from bot.domain.errors import HubError, HubUnavailable, TokenGone
from bot.domain.events import CommentPosted, Event, Ignored
from bot.domain.models import ThreadRef
from bot.engine import Engine
from bot.hub.client import WouldChange, only_look
from bot.hub.payloads import UnreadablePayload, read_payload
from bot.log import set_up
from bot.settings import Settings, what_is_wrong
from bot.store.copying import copy_rows
from bot.store.database import open_database
from bot.store.decisions import Decision
from bot.store.deliveries import Deliveries
from bot.threads.base import Thread
from bot.threads.fetched import FetchedThread

NOWHERE = "https://sign-in.invalid"
"""Renewing a token ends the one before, so it is not done for a rehearsal."""


class Rehearsal(Context):
    """Nothing is said."""

    def thread(self, ref: ThreadRef) -> Thread:
        return FetchedThread()


class Still(Engine):
    """Nothing starts."""

    def __init__(self) -> None:
        pass

    def deliver(self, key: str) -> None:
        pass

    def tick(self, run_id: str) -> None:
        pass

    def look(self, watch_id: str) -> None:
        pass


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bot replay", description=__doc__)
    words = "webhooks' bodies as files, such as the Hub's page shows them"
    parser.add_argument("payload", type=Path, nargs="+", help=words)
    parser.add_argument("--dry-run", action="store_true", help="only say what would be decided, and why")
    parser.add_argument("--env-file", help="read settings from this file as well")
    given = parser.parse_args(arguments)
    set_up("WARNING")
    try:
        settings = Settings(_env_file=given.env_file)
        bodies = [file.read_bytes() for file in given.payload]
        said = _rehearse(bodies, settings) if given.dry_run else _put_back(bodies, settings)
    except ValidationError as error:
        return _complain(what_is_wrong(error, given.env_file), 2)
    except (OSError, UnreadablePayload) as problem:
        return _complain(f"That is no webhook's body: {problem}", 2)
    except (HubError, HubUnavailable, TokenGone) as problem:
        return _complain(f"It can't be told now: {problem}", 1)
    sys.stdout.write("\n".join(said) + "\n")
    return 0


def _complain(problem: str, code: int) -> int:
    sys.stderr.write(f"{problem}\n")
    return code


def _put_back(bodies: list[bytes], settings: Settings) -> list[str]:
    """As the webhook would: the running bot finds it when it looks around. What is known changes nothing."""
    inbox = Deliveries(open_database(settings.inbox_database, "inbox"))
    return [_put_one_back(read_payload(body, settings.bot_name, ""), inbox) for body in bodies]


def _put_one_back(event: Event | Ignored, inbox: Deliveries) -> str:
    if isinstance(event, Ignored):
        return f"ignored: {event.reason}"
    if inbox.is_known(event.key):
        return f"{event.key}: known already, so nothing happens again"
    inbox.put([event], time.time())
    return f"{event.key}: taken; a bot that works with this database does it now"


def _rehearse(bodies: list[bytes], settings: Settings) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        changed = {"data_dir": Path(folder), "database_url": "", "openid_provider_url": NOWHERE}
        apart = settings.model_copy(update=changed)
        copy_rows("main", settings.main_database, apart.main_database)
        ctx = Rehearsal(**vars(build_context(apart, time.time)) | {"engine": Still()})
        only_look(settings.hub_seconds)
        try:
            own_id = ctx.bot_hub.whoami()[0]
            events = [read_payload(body, settings.bot_name, own_id) for body in bodies]
            return [line for event in events for line in _decided(event, ctx)]
        finally:
            ctx.close_databases()


def _decided(event: Event | Ignored, ctx: Context) -> list[str]:
    if isinstance(event, Ignored):
        return [f"ignored: {event.reason}"]
    who = event.author_id if isinstance(event, CommentPosted) else ""
    before = {each.id for each in ctx.decisions.about(who)}
    would = _handle(event, ctx)
    new = [_line(each, ctx) for each in ctx.decisions.about(who) if each.id not in before]
    return [event.key, *(f"  {line}" for line in [*new, *would] or [NOTHING])]


NOTHING = "nothing: it was decided before, or the line above says why"


def _handle(event: Event, ctx: Context) -> list[str]:
    try:
        handlers.handle(event, ctx)
    except WouldChange as change:
        return [f"OK: allowed; it would go on at the Hub with {change}"]
    return []


def _line(decision: Decision, ctx: Context) -> str:
    run = ctx.runs.get(decision.run_id) if decision.run_id else None
    what = f"run {run.id}, {run.state}, of {run.model_id or run.target_space}" if run else ""
    said = " · ".join(part for part in (what, decision.sentence.replace("\n", " ")) if part)
    return f"{decision.verb or 'not understood'}: {decision.code}{f' · {said}' if said else ''}"
