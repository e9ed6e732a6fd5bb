"""What `space-factory` can be told, out of the table of options, and what `--help` says of it."""

import argparse
import json
import math
import re
from collections.abc import Callable
from functools import partial
from typing import Any, get_args, get_origin, get_type_hints

from .ends import MEANINGS
from .options import OPTIONS

COMMANDS = {
    "build": ("model", "build a private, tested Space for a model in your account"),
    "rebuild": ("model", "bring your Space for a model up to date, judged beside it first"),
    "plan": ("model", "say what would be built, on which hardware and for how much; builds nothing"),
    "validate": ("space", "call a Space of yours with test inputs and judge its answers"),
    "watch": ("model", "rebuild by itself at each new version"),
    "unwatch": ("model", "stop doing that"),
    "retry": ("run", "run it again, with other options where some are given"),
    "cancel": ("run", "stop a run"),
    "rollback": ("run", "put a rebuilt Space back to what it was before"),
}
"""What each is about, and what it does."""
RUNS = frozenset({"build", "rebuild", "plan", "validate", "retry"})
"""What a run comes of, which can be waited for."""
SWITCHES = {
    "hub-token": "use HF_TOKEN instead of a key, or beside it where the bot's Space is private",
    "json": "one JSON document on standard output",
    "quiet": "no progress on standard error",
}
OTHER_FLAGS = {"wait": "wake-up"}
"""Options that are called otherwise here: `--wait` waits for the run."""
CUSTOM_APP = "blueprint:"
"""What may stand for a model: `blueprint:cad` makes a Space of another kind."""
EXAMPLES = """\
environment:
  SPACE_FACTORY_URL   address of the bot
  SPACE_FACTORY_KEY   your key, made on the bot's account page

examples:
  space-factory build owner/model --wait
  space-factory build owner/model --hardware zero-a10g --budget 0.50 --wait --timeout 45m
  space-factory validate you/your-space --api /generate --kwargs '{"prompt": "a cat"}' --wait
  space-factory --json runs --state failed
"""


def parser() -> argparse.ArgumentParser:
    codes = "\n".join(f"  {end.value:<4}{words}" for end, words in MEANINGS.items())
    top = argparse.ArgumentParser(
        prog="space-factory",
        description="From a model card to a private Space that has answered.",
        epilog=f"{EXAMPLES}\nexit codes:\n{codes}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _everywhere(top, default=None)
    # They may stand behind the command too; what stood before it is not forgotten then.
    shared = argparse.ArgumentParser(add_help=False)
    _everywhere(shared, default=argparse.SUPPRESS)
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    for name, (about, does) in COMMANDS.items():
        _command(_add(commands, shared, name, does), name, about)
    _readers(commands, shared)
    return top


def _add(commands: Any, shared: argparse.ArgumentParser, name: str, does: str) -> argparse.ArgumentParser:
    description = f"{does[0].upper()}{does[1:]}."
    added: argparse.ArgumentParser = commands.add_parser(
        name, help=does, description=description, parents=[shared]
    )
    return added


def _everywhere(given: argparse.ArgumentParser, default: str | None) -> None:
    given.add_argument("--url", default=default, help="address of the bot, instead of SPACE_FACTORY_URL")
    given.add_argument("--key-file", default=default, metavar="FILE", help="read the key from this file")
    for name, words in SWITCHES.items():
        given.add_argument(f"--{name}", action="store_true", default=default or False, help=words)


def _command(given: argparse.ArgumentParser, name: str, about: str) -> None:
    is_run = about == "run"
    given.add_argument("about", metavar=about.upper(), type=_run_id if is_run else _repo)
    hints = get_type_hints(OPTIONS[name], include_extras=True) if name in OPTIONS else {}
    for option, hint in hints.items():
        kind, words = get_args(hint)
        flag = OTHER_FLAGS.get(option, option.replace("_", "-"))
        given.add_argument(f"--{flag}", dest=option, help=words, **_read(kind))
    given.set_defaults(
        action="command",
        path=f"runs/{{about}}/{name}" if is_run else name,
        body=(lambda _: {}) if is_run else (lambda word: {about: word}),
        options=tuple(hints),
        is_awaited=False,
        timeout=math.inf,
    )
    if name in RUNS:
        words = "follow the run to its end; the exit code says how it ended"
        given.add_argument("--wait", dest="is_awaited", action="store_true", help=words)
        _waiting(given)


def _waiting(given: argparse.ArgumentParser) -> None:
    words = "wait no longer, like 90s or 45m"
    given.add_argument("--timeout", type=_seconds, default=math.inf, metavar="TIME", help=words)


def _readers(commands: Any, shared: argparse.ArgumentParser) -> None:
    """What only looks."""
    add = partial(_add, commands, shared)
    follow = add("follow", "wait until a run is over")
    _waiting(follow)
    status = add("status", "how a run stands")
    logs = add("logs", "the end of a run's log")
    logs.add_argument("--lines", type=int, default=100, metavar="NUMBER", help="how many, at most 1000")
    for each, name in ((follow, "follow"), (status, "status"), (logs, "logs")):
        each.add_argument("about", metavar="RUN", type=_run_id)
        each.set_defaults(action=name)
    runs = add("runs", "your runs, newest first")
    runs.add_argument("--state", metavar="WORD", help="succeeded, failed, running, …; or open")
    runs.add_argument("--model", metavar="WORD", help="a part of its name, or of the Space's")
    runs.add_argument("--limit", type=int, metavar="NUMBER", help="how many, at most 100")
    runs.add_argument("--before", metavar="RUN", type=_run_id, help="only runs older than this one")
    runs.set_defaults(action="runs")
    add("watches", "the models that you watch").set_defaults(action="watches")
    add("me", "whom your key speaks for").set_defaults(action="me")


def _read(kind: Any) -> dict[str, Any]:
    """How argparse reads a value of this kind."""
    if kind is bool:
        return {"action": "store_true", "default": None}
    if (get_origin(kind) or kind) in {list, dict}:
        return {"type": _json_of(get_origin(kind) or kind), "metavar": "JSON"}
    return {"type": kind, "metavar": {float: "DOLLARS", int: "NUMBER"}.get(kind, "WORD")}


def _json_of(kind: type) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        try:
            value = json.loads(text)
        except ValueError:
            value = None
        if not isinstance(value, kind):
            example = '["a cat", 4]' if kind is list else '{"prompt": "a cat"}'
            raise argparse.ArgumentTypeError(f"takes JSON like {example}")
        return value

    return read


def _run_id(text: str) -> str:
    """A run's id, or its page's address."""
    if found := re.search(r"r_[0-9a-f]{16}\b", text):
        return found[0]
    raise argparse.ArgumentTypeError(f"{text!r} is no run: it looks like r_0123456789abcdef")


def _repo(text: str) -> str:
    if "/" in text or text.startswith(CUSTOM_APP):
        return text
    raise argparse.ArgumentTypeError(f"{text!r} lacks its owner: write owner/{text}")


def _seconds(text: str) -> float:
    if found := re.fullmatch(r"(\d+)([smh]?)", text):
        return int(found[1]) * {"s": 1.0, "m": 60.0, "h": 3600.0}.get(found[2], 1.0)
    raise argparse.ArgumentTypeError("takes a time like 90s, 45m or 2h")
