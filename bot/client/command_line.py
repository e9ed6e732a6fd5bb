"""`space-factory`: the API for a terminal and for CI."""

import argparse
import json
import os
import sys
from collections.abc import Callable
from io import TextIOWrapper
from pathlib import Path

from .arguments import parser
from .calls import SpaceFactory
from .ends import CONTROL, End, end_of, plain, said_of
from .problems import Refused, TooLate, Unreachable
from .progress import Progress
from .shapes import Answer, Request, Run

URL, KEY, HUB_TOKEN = "SPACE_FACTORY_URL", "SPACE_FACTORY_KEY", "HF_TOKEN"


def main(arguments: list[str] | None = None) -> int:
    """The exit code; `--help` lists them."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a code page without ✅ must not change how it ended
            stream.reconfigure(errors="replace")
    given = parser().parse_args(arguments)
    try:
        with _bot(given) as bot:
            return _ACTIONS[given.action](bot, given)
    except (Refused, Unreachable, TooLate, ValueError) as problem:
        return _complain(problem, given)
    except KeyboardInterrupt:
        print("Stopped waiting. What was started goes on; `space-factory runs` shows it.", file=sys.stderr)
        return End.INTERRUPTED


def _bot(given: argparse.Namespace) -> SpaceFactory:
    """Secrets come from the environment or a file: an argument could be read by everybody on this machine."""
    url = (given.url or os.environ.get(URL, "")).strip()
    if not url:
        raise ValueError(f"Which bot? Set {URL} to its address, or give --url.")
    if given.hub_token:
        return SpaceFactory(url, key=_key(given), hub_token=_from_environment(HUB_TOKEN))
    return SpaceFactory(url, key=_key(given) or _from_environment(KEY))


def _key(given: argparse.Namespace) -> str | None:
    if given.key_file is None:
        return os.environ.get(KEY, "").strip() or None
    try:
        key = Path(given.key_file).read_text(errors="replace").strip()
    except OSError as error:
        raise ValueError(f"--key-file {given.key_file} can't be read: {error.strerror}.") from None
    if not key:
        raise ValueError(f"--key-file {given.key_file} is empty.")
    return key


def _from_environment(name: str) -> str:
    value = os.environ.get(name, "").strip()
    if not value:
        where = "the bot's account page makes one"
        if name == HUB_TOKEN:
            where = "huggingface.co/settings/tokens makes one"
        raise ValueError(f"Set {name} in the environment; {where}.")
    return value


def _command(bot: SpaceFactory, given: argparse.Namespace) -> int:
    """Have a command done; with --wait, follow the run that came of it."""
    options = {name: value for name in given.options if (value := getattr(given, name)) is not None}
    request = bot.ask(given.path.format(about=given.about), given.body(given.about) | options)
    if not given.is_awaited or request.run is None:
        _say(given, request, plain(request.sentence) or _started(request))
        return End.GOOD
    return _follow(bot, given, request.run)


def _started(request: Request) -> str:
    return f"Started run {request.run}. `space-factory follow {request.run}` waits for its end."


def _follow(bot: SpaceFactory, given: argparse.Namespace, run_id: str) -> int:
    """Until it is over, or until only its requester can help it on."""
    with Progress(is_silent=given.json or given.quiet) as progress:
        run = None
        for run in bot.follow(run_id, given.timeout):
            progress.show(run)
            if run.links.connect:
                break
    assert run is not None
    _say(given, run, said_of(run))
    return end_of(run)


def _follow_named(bot: SpaceFactory, given: argparse.Namespace) -> int:
    return _follow(bot, given, given.about)


def _status(bot: SpaceFactory, given: argparse.Namespace) -> int:
    run = bot.run(given.about)
    _say(given, run, said_of(run))
    return End.GOOD


def _runs(bot: SpaceFactory, given: argparse.Namespace) -> int:
    names = ("state", "model", "limit", "before")
    runs = bot.runs(**{name: value for name in names if (value := getattr(given, name)) is not None})
    lines = [f"{run.id}  {run.state:<20}  {run.kind:<8}  {run.model or run.target_space}" for run in runs]
    _say(given, runs, "\n".join(lines) or "No runs yet: `space-factory build owner/model` starts one.")
    return End.GOOD


def _logs(bot: SpaceFactory, given: argparse.Namespace) -> int:
    lines = bot.logs(given.about, given.lines)
    _say(given, lines, CONTROL.sub("", "\n".join(lines)))
    return End.GOOD


def _watches(bot: SpaceFactory, given: argparse.Namespace) -> int:
    watches = bot.watches()
    lines = [f"{each.model}{f'  paused: {each.paused}' if each.paused else ''}" for each in watches]
    _say(given, watches, "\n".join(lines) or "You watch nothing: `space-factory watch owner/model` begins.")
    return End.GOOD


def _me(bot: SpaceFactory, given: argparse.Namespace) -> int:
    me = bot.me()
    connected = "connected" if me.connected else "not connected: sign in on the bot's page before you build"
    spent = f"${me.spent_this_month_usd:.2f} of ${me.monthly_budget_usd:.2f} spent this month"
    _say(given, me, f"{me.name}, {connected}; {spent}")
    return End.GOOD


def _say(given: argparse.Namespace, answer: Answer | list[Run] | list[str] | object, words: str) -> None:
    """One thing on standard output: JSON where that is asked for, else words."""
    _print(json.dumps(_as_json(answer), indent=2) if given.json else words)


def _print(words: str) -> None:
    try:
        print(words, flush=True)
    except BrokenPipeError:  # whoever read has left; the exit code still says how it ended
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _as_json(answer: object) -> object:
    match answer:
        case Answer():
            return answer.model_dump(mode="json")
        case list():
            return [_as_json(each) for each in answer]
        case _:
            return answer


def _complain(problem: Exception, given: argparse.Namespace) -> int:
    code = problem.code if isinstance(problem, Refused) else type(problem).__name__
    if given.json:
        _print(json.dumps({"code": code, "error": str(problem)}, indent=2))
    else:
        print(f"space-factory: {plain(str(problem))}", file=sys.stderr)
    return End.of(problem)


_ACTIONS: dict[str, Callable[[SpaceFactory, argparse.Namespace], int]] = {
    "command": _command,
    "follow": _follow_named,
    "status": _status,
    "runs": _runs,
    "logs": _logs,
    "watches": _watches,
    "me": _me,
}
