"""The play: start the stage, let alice ask, watch the message change, and show how it ended."""

import argparse
import re
import signal
import sys
import time
from pathlib import Path

from bot.demo.alice import Conversation, listen, read_report, sign_in
from bot.demo.screen import Screen
from bot.demo.stage import BOT, Stage, StageError, set_up
from bot.domain.errors import HubUnavailable
from worker.contract import Report, Verdict

MODELS = {"text": "zoo/product-reviews-sentiment", "image": "zoo/handwritten-digits"}
PATIENCE = 300


def main(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    # A shell that starts us in the background has Ctrl-C ignored; whoever sends it means it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    screen = Screen()
    try:
        with set_up(options.folder.resolve(), options.hub_port, options.bot_port) as stage:
            return play(stage, screen, MODELS[options.model], keep=options.keep)
    except StageError as error:
        screen.say(f"[red]{error}[/red]")
        return 1
    except KeyboardInterrupt:
        screen.say("\nStopped: every process has ended.")
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot demo", description=__doc__)
    add = parser.add_argument
    add("--keep", action="store_true", help="stay up afterwards, to look around and comment by hand")
    add("--model", choices=MODELS, default="text", help="which model of the zoo alice asks for")
    add("--folder", type=Path, default=Path(".demo"), help="where everything is kept (emptied first)")
    add("--hub-port", type=int, default=8100, help="port of the local Hub, if it is free")
    add("--bot-port", type=int, default=7860, help="port of the bot, if it is free")
    return parser


def play(stage: Stage, screen: Screen, model: str, *, keep: bool) -> int:
    with screen.live():
        screen.act(f"local Hub on {stage.hub}")
        stage.start_bot()
        screen.act(f"bot on {stage.bot}")
        listen(stage)
        screen.act("a webhook tells the bot of comments on [bold]zoo[/bold] and [bold]alice[/bold]")
        sign_in(stage)
        screen.act("[bold]alice[/bold] signed in and allowed: contribute-repos, jobs")
        conversation = Conversation(stage, model, f"Nice model!\n\n@{BOT} build")
        screen.act(f"[bold]alice[/bold] wrote [bold]@{BOT} build[/bold] on {model}")
        _watch(stage, screen, conversation)
    report = _show_end(stage, screen, conversation, keep=keep)
    if keep:
        _stay(stage, screen)
    return 0 if report.verdict is Verdict.FULL_INFERENCE_SUCCESS else 1


def _watch(stage: Stage, screen: Screen, conversation: Conversation) -> None:
    """Look at the thread until the final answer is there."""
    deadline, is_answered = time.monotonic() + PATIENCE, False
    while not is_answered:
        if time.monotonic() > deadline:
            raise StageError(f"No answer after {PATIENCE} s. The logs are in {stage.folder}.")
        stage.revive(screen.act)
        try:
            message, is_answered = conversation.living_message(), conversation.answer() is not None
        except HubUnavailable:
            continue
        if message:
            screen.show_message(message)
        time.sleep(0.4)
    screen.act("the final answer is in the thread")


def _show_end(stage: Stage, screen: Screen, conversation: Conversation, *, keep: bool) -> Report:
    answer = conversation.answer() or ""
    run_id = re.search(r"\br_[0-9a-f]{16}\b", answer)
    assert run_id is not None
    report = read_report(stage, run_id[0])
    screen.outcome(report, conversation.living_message() or "")
    rows = [("thread", conversation.url), ("run page", f"{stage.bot}/runs/{run_id[0]}")]
    if report.space_url:
        rows.insert(0, ("Space", report.space_url))
    rows += [("local Hub", stage.hub), ("bot", stage.bot)]
    title = (
        "open in a browser" if keep else "open in a browser with `make demo KEEP=1`: they end with the demo"
    )
    screen.addresses(rows, title)
    return report


def _stay(stage: Stage, screen: Screen) -> None:
    screen.say(
        "Everything stays up. Sign in on the local Hub as [bold]alice[/bold] to open the private Space, "
        f"or write [bold]@{BOT} build[/bold] on another model and watch.\n"
        f"Logs and data: {stage.folder}, with alice's token in alice.env. "
        f"The bot's pid is {stage.children['bot'].pid}: kill it, and it comes back. "
        "[bold]Ctrl-C[/bold] ends everything."
    )
    while True:
        stage.revive(screen.say)
        time.sleep(0.5)
