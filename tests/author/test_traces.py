"""What stays of the agent's work holds no secret, and adds up."""

import base64
import json
import stat
from pathlib import Path

from worker.author.traces import RAW, SHOWN, TURNS, keep, redacted
from worker.author.turns import TurnEnd, TurnReport
from worker.redact import Redactor

TOKEN = "hf_" + "theRealTokenOfAPerson" + "0123456789"
ANOTHER = "ghp_" + "abcdefghijklmnopqrst0123456789"
SESSION = "".join(
    json.dumps(entry) + "\n"
    for entry in (
        {"type": "session", "version": 3, "cwd": "/home/workspace"},
        {"type": "message", "message": {"role": "user", "content": f"My token is {TOKEN} ☃"}},
        {"type": "message", "message": {"content": [{"arguments": {TOKEN: [ANOTHER, 1, None, True]}}]}},
        {"type": "message", "message": {"content": base64.b64encode(f"x{TOKEN}".encode()).decode()}},
    )
).encode()
TORN = b'{"type": "message", "message": {"content": "' + TOKEN.encode()
REPORTS = (
    TurnReport(TurnEnd.DONE, f"I used {TOKEN}", 3, 4, 1000, 0.01, 2.25),
    TurnReport(TurnEnd.OUT_OF_BUDGET, "", 1, 2, 500, 0.005, 1.5, "The budget ended the turn."),
)


def test_the_raw_session_is_kept_byte_for_byte_for_nobody_else(tmp_path: Path) -> None:
    keep(tmp_path, SESSION + TORN, REPORTS, Redactor((TOKEN,)))
    assert (tmp_path / RAW).read_bytes() == SESSION + TORN
    assert stat.S_IMODE((tmp_path / RAW).stat().st_mode) == 0o600


def test_the_copy_has_every_entry_and_no_secret_in_any_form(tmp_path: Path) -> None:
    keep(tmp_path, SESSION, REPORTS, Redactor((TOKEN,)))
    shown = (tmp_path / SHOWN).read_text(encoding="utf-8")
    assert len(shown.splitlines()) == 4
    assert "My token is [redacted] ☃" in shown
    for secret in (TOKEN, ANOTHER, base64.b64encode(TOKEN.encode()).decode()[:20]):
        assert secret not in shown
    assert not Redactor((TOKEN,)).has_secret(shown)


def test_what_cannot_be_looked_through_is_left_out_and_counted() -> None:
    nested = b"[" * 100_000 + b"\n"
    shown, left_out = redacted(SESSION + nested + b"not json \xff\n" + TORN, Redactor((TOKEN,)))
    assert (len(shown.splitlines()), left_out) == (4, 3)


def test_half_characters_do_not_stop_the_copy(tmp_path: Path) -> None:
    keep(tmp_path, b'{"text": "\\ud83d"}\n', REPORTS, Redactor())
    assert (tmp_path / SHOWN).read_text(encoding="utf-8") == '{"text": "?"}\n'


def test_the_totals_are_those_of_all_turns(tmp_path: Path) -> None:
    taken = keep(tmp_path, SESSION, REPORTS, Redactor((TOKEN,)))
    told = json.loads((tmp_path / TURNS).read_text())
    assert (taken.turns, taken.tool_calls, taken.requests, taken.tokens) == (2, 4, 6, 1500)
    assert (taken.usd, taken.seconds) == (0.015, 3.8)
    assert told["total"]["tokens"] == 1500
    assert [turn["end"] for turn in told["turns"]] == ["done", "out of budget"]
    assert told["turns"][0]["said"] == "I used [redacted]"
    assert told["turns"][1]["problem"] == "The budget ended the turn."
