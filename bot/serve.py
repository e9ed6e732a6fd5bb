"""`python -m bot serve`: the production entrance. Local and real differ in settings only."""

import argparse
import sys

import uvicorn
from pydantic import ValidationError

from bot.app import create_app
from bot.at_work import AlreadyRunningError
from bot.domain.errors import HubError, HubUnavailable, TokenGone
from bot.log import set_up
from bot.memory import share_one_heap
from bot.safekeeping import StateError
from bot.settings import Settings, what_is_wrong
from bot.web.bounded_heads import BoundedHeads

SWITCH_SECONDS = 0.0005
"""A tenth of Python's own: the thread that answers waits no longer than this for each thread that works."""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bot serve", description=__doc__)
    parser.add_argument("--env-file", help="read settings from this file as well (see .env.example)")
    options = parser.parse_args(arguments)
    try:
        settings = Settings(_env_file=options.env_file)
    except ValidationError as error:
        print(what_is_wrong(error, options.env_file), file=sys.stderr)  # noqa: T201  # before there is a log
        return 2
    set_up(settings.log_level)
    sys.setswitchinterval(SWITCH_SECONDS)
    share_one_heap()
    try:
        app = create_app(settings)
    except (AlreadyRunningError, StateError, HubError, HubUnavailable, TokenGone) as error:
        print(f"The bot can't start: {error}", file=sys.stderr)  # noqa: T201  # for the operator's eyes
        return 2
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            http=BoundedHeads,
            host=settings.host,
            port=settings.port,
            ws="none",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=5,
        )
    )
    server.run()
    return 0 if server.started else 1
