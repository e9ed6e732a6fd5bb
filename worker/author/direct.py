"""The plain question: one completion without tools, whole files in its answer. For broken tool calls.

It goes through the same router proxy as the agent, with the same key and budgets, and meets the same guard.
"""

import re
import time
from collections.abc import Callable
from dataclasses import replace

import httpx2
from pydantic import JsonValue

from worker.author.ledger import Totals
from worker.author.turns import TurnEnd, TurnReport
from worker.author.workspace import LARGEST_FILE

Ask = Callable[[str], TurnReport]
FENCE = re.compile(
    r"^(?P<fence>`{3,})[ \t]*(?:file[ :]+|\w+:)(?P<path>[\w][\w./ -]{0,200}?)[ \t]*\n"
    r"(?P<text>.*?)^(?P=fence)[ \t]*$",
    re.DOTALL | re.MULTILINE,
)
MOST_FILES = 40
PATIENCE = 600.0


def direct_turn(ask: Ask, prompt: str) -> tuple[TurnReport, dict[str, bytes]]:
    """What the model answered, and the files in it."""
    report = ask(prompt)
    files = fenced_files(report.said) if report.end is TurnEnd.DONE else {}
    if report.end is TurnEnd.DONE and not files:
        report = replace(report, end=TurnEnd.BROKE, problem="The model's answer holds no file.")
    return report, files


def fenced_files(text: str) -> dict[str, bytes]:
    """The files of an answer by path; paths that lead out of the workspace are left out, a cut block too."""
    found = {}
    for block in list(FENCE.finditer(text))[:MOST_FILES]:
        path, content = block["path"].strip(), block["text"].encode()
        steps = path.split("/")
        if len(content) <= LARGEST_FILE and not any(
            each in {"", ".", ".."} or each[0] == "." for each in steps
        ):
            found[path] = content
    return found


def asking(address: str, key: str, model: str, totals: Callable[[], Totals], *, longest: int = 16_384) -> Ask:
    """Asks at an OpenAI-compatible address, the router proxy's. `totals` is what the proxy has counted."""

    def ask(prompt: str) -> TurnReport:
        begun, before = time.monotonic(), totals()
        message: JsonValue = {"role": "user", "content": prompt}
        body: dict[str, JsonValue] = {"model": model, "max_tokens": longest, "messages": [message]}
        end, said, problem = _asked(f"{address}/chat/completions", key, body)
        took = totals() - before
        seconds = time.monotonic() - begun
        return TurnReport(end, said, 0, took.requests, took.tokens, took.usd, seconds, problem)

    return ask


def _asked(url: str, key: str, body: dict[str, JsonValue]) -> tuple[TurnEnd, str, str]:
    """How it ended, what the model said, and what went wrong."""
    try:
        with httpx2.Client(trust_env=False, timeout=PATIENCE) as client:
            answer = client.post(url, json=body, headers={"Authorization": f"Bearer {key}"})
        said = answer.json()
    except httpx2.TimeoutException:
        return TurnEnd.STALLED, "", "The model did not answer in time."
    except (httpx2.HTTPError, ValueError) as error:
        return TurnEnd.BROKE, "", f"The model could not be asked: {type(error).__name__}."
    if answer.status_code != 200:
        return _end_of(answer.status_code), "", _sentence(said, answer.status_code)
    match said:
        case {"choices": [{"message": {"content": str(text)}}, *_]}:
            return TurnEnd.DONE, text, ""
        case _:
            return TurnEnd.BROKE, "", "The model's answer has no text."


def _end_of(status: int) -> TurnEnd:
    match status:
        case 402:
            return TurnEnd.OUT_OF_BUDGET
        case 408 | 425 | 429:
            return TurnEnd.STALLED
        case _ if status >= 500:
            return TurnEnd.STALLED
        case _:
            return TurnEnd.BROKE


def _sentence(said: JsonValue, status: int) -> str:
    match said:
        case {"error": {"message": str() as message}} | {"error": str() as message}:
            return f"The model could not be asked ({status}): {' '.join(message.split())[:200]}"
        case _:
            return f"The model could not be asked: {status}."
