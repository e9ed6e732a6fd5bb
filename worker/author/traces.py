"""What stays of the agent's work: its session as it was, a copy that may be shown, and what all of it took.

The raw session is Pi's file byte for byte, which the Hub shows as a conversation; it is private. The redacted
copy is looked through again, entry by entry, before it is written.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import JsonValue

from worker.author.turns import TurnReport
from worker.redact import Redactor

RAW, SHOWN, TURNS = "session.jsonl", "session.redacted.jsonl", "turns.json"
LONGEST_SAID = 500


@dataclass(frozen=True)
class Taken:
    """What the turns took together."""

    turns: int
    tool_calls: int
    requests: int
    tokens: int
    usd: float
    """At list prices; the bill is Hugging Face's."""
    seconds: float


def taken(reports: Iterable[TurnReport]) -> Taken:
    each = list(reports)
    return Taken(
        turns=len(each),
        tool_calls=sum(report.tool_calls for report in each),
        requests=sum(report.requests for report in each),
        tokens=sum(report.tokens for report in each),
        usd=round(sum(report.usd for report in each), 6),
        seconds=round(sum(report.seconds for report in each), 1),
    )


def keep(folder: Path, session: bytes, reports: Sequence[TurnReport], redactor: Redactor) -> Taken:
    """Write the traces of the turns so far; again after each turn, so that a run may end anywhere."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / RAW, session)
    totals = taken(reports)
    shown, left_out = redacted(session, redactor)
    _write(folder / SHOWN, shown.encode())
    told: dict[str, JsonValue] = {
        "total": asdict(totals),
        "turns": [_told(each) for each in reports],
        "entries_left_out": left_out,
    }
    _write(folder / TURNS, json.dumps(redactor.value(told), indent=2).encode())
    return totals


def redacted(session: bytes, redactor: Redactor) -> tuple[str, int]:
    """The session without secrets, a line of JSON for each entry, and how many entries were left out.

    Left out is what cannot be looked through: a line that is no JSON (torn by a kill, or written by the
    agent), and one in which something is found again.
    """
    kept, left_out = [], 0
    for line in session.decode(errors="replace").split("\n"):
        if not line.strip():
            continue
        shown = _shown(line, redactor)
        if shown is None or redactor.has_secret(shown):
            left_out += 1
        else:
            kept.append(shown + "\n")
    return "".join(kept), left_out


def _shown(line: str, redactor: Redactor) -> str | None:
    try:
        return json.dumps(redactor.value(json.loads(line)), ensure_ascii=False)
    except (ValueError, RecursionError):
        return None


def _told(report: TurnReport) -> dict[str, JsonValue]:
    return {**asdict(report), "end": report.end.value, "said": report.said[:LONGEST_SAID]}


def _write(file: Path, content: bytes) -> None:
    """Whole or not at all, and for nobody but the worker."""
    beside = file.with_name(f"{file.name}.new")
    beside.write_bytes(content)
    beside.chmod(0o600)
    beside.replace(file)
