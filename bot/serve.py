"""`python -m bot serve`: the production entrance. Local and real differ in settings only."""

import argparse
import sys

import uvicorn
from pydantic import ValidationError

from bot.app import create_app
from bot.at_work import AlreadyRunningError
from bot.domain.errors import HubError, TokenGone
from bot.log import set_up
from bot.settings import Settings


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bot serve", description=__doc__)
    parser.add_argument("--env-file", help="read settings from this file as well (see .env.example)")
    options = parser.parse_args(arguments)
    try:
        settings = Settings(_env_file=options.env_file)
    except ValidationError as error:
        print(_what_is_wrong(error), file=sys.stderr)  # noqa: T201  # before there is a log
        return 2
    set_up(settings.log_level)
    try:
        app = create_app(settings)
    except (AlreadyRunningError, HubError, TokenGone) as error:
        print(f"The bot can't start: {error}", file=sys.stderr)  # noqa: T201  # for the operator's eyes
        return 2
    server = uvicorn.Server(
        uvicorn.Config(
            app,
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


def _what_is_wrong(error: ValidationError) -> str:
    """Each setting that is missing or unfit, by its name and without its value."""
    lines = [f"  {str(each['loc'][0]).upper()}: {each['msg']}" for each in error.errors(include_input=False)]
    return "The settings are not complete; .env.example explains each.\n" + "\n".join(lines)
