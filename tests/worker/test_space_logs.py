"""The line that a person needs, out of the logs of builds and runs as they look on the Hub."""

import pytest

from worker.space_logs import FIRST_LINES, LAST_LINES, LONGEST_LINE, Lines, first_error_line

LOGS = {
    "a package that does not exist": (
        "--> RUN pip install -r requirements.txt\n"
        "Collecting numpy\n"
        "ERROR: Could not find a version that satisfies the requirement nope (from versions: none)\n"
        "ERROR: No matching distribution found for nope\n",
        "ERROR: Could not find a version that satisfies the requirement nope (from versions: none)",
    ),
    "a missing import": (
        "Traceback (most recent call last):\n"
        '  File "/home/user/app/app.py", line 3, in <module>\n'
        "    import nope\n"
        "ModuleNotFoundError: No module named 'nope'\n",
        "ModuleNotFoundError: No module named 'nope'",
    ),
    "a chain of exceptions": (
        "Traceback (most recent call last):\n  ...\n"
        "huggingface_hub.errors.RemoteEntryNotFoundError: 404 Client Error.\n\n"
        "The above exception was the direct cause of the following exception:\n\n"
        "Traceback (most recent call last):\n  ...\n"
        "OSError: Could not load the model\n",
        "huggingface_hub.errors.RemoteEntryNotFoundError: 404 Client Error.",
    ),
    "warnings before the cause": (
        "WARNING: error reporting is off\n"
        "ERROR: pip's dependency resolver does not currently take into account all the packages\n"
        "ValueError: bad model\n",
        "ValueError: bad model",
    ),
    "an exception without text": ("Traceback:\nKeyboardInterrupt\n", "KeyboardInterrupt"),
    "colours and times": (
        "2026-11-21 03:18:42,296 \x1b[31mRuntimeError: out of luck\x1b[0m\n",
        "RuntimeError: out of luck",
    ),
    "a killed process": ("loading\nKilled\n", "Killed"),
    "full disk": ("copying\n  no space left on device\n", "no space left on device"),
    "uv": (
        "error: Failed to fetch: `nope`\n  Caused by: not found\n",
        "error: Failed to fetch: `nope`",
    ),
    "nothing wrong": ("Running on local URL:  http://0.0.0.0:7860\n0 errors\n", None),
    "code that speaks of errors": (
        "    raise ValueError(message)\nValueError: the real one\n",
        "ValueError: the real one",
    ),
    "empty": ("", None),
}


@pytest.mark.parametrize(("log", "line"), LOGS.values(), ids=LOGS)
def test_the_first_real_error_line_is_found(log: str, line: str | None) -> None:
    assert first_error_line(log) == line


def kept(*lines: str) -> str:
    log = Lines()
    for line in lines:
        log.add(line)
    return log.text()


def test_a_short_log_is_kept_as_it_is() -> None:
    assert kept("a\n", "b\r\n", "c") == "a\nb\nc\n"


def test_a_long_log_keeps_its_start_and_its_end() -> None:
    lines = kept(*(f"line {number}\n" for number in range(FIRST_LINES + LAST_LINES + 7))).splitlines()

    assert lines[0] == "line 0"
    assert lines[FIRST_LINES] == "… 7 lines left out …"
    assert lines[-1] == f"line {FIRST_LINES + LAST_LINES + 6}"


def test_an_endless_line_is_cut() -> None:
    assert len(kept("x" * 1_000_000)) == LONGEST_LINE + 1
