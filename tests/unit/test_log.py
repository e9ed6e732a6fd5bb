"""Log lines: one JSON object each, without secrets."""

import json
import logging

import pytest

from bot.log import JsonLine, fields


def line(message: str, **extra: object) -> dict[str, object]:
    record = logging.makeLogRecord(
        {"name": "bot", "levelno": 20, "levelname": "INFO", "msg": message} | extra
    )
    made: dict[str, object] = json.loads(JsonLine().format(record))
    return made


def test_ids_are_fields_of_their_own() -> None:
    assert line("step done", **fields(run="r_1", step="launch"))["run"] == "r_1"


@pytest.mark.parametrize(
    "secret",
    [
        "hf_abcdefghijklmnop",
        "hf_oauth_abcdefghijk",
        "Bearer abcdefghijklmnop",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-def",  # pragma: allowlist secret
    ],
)
def test_what_looks_like_a_secret_is_masked_wherever_it_stands(secret: str) -> None:
    made = line(f"with {secret} inside", **fields(note=f"x{secret}"))

    assert secret not in json.dumps(made)
    assert "[secret]" in str(made["message"])


def test_a_trace_is_masked_too() -> None:
    error = ValueError("token hf_abcdefghijklmnop")

    made = line("failed", exc_info=(type(error), error, None))

    assert "hf_abc" not in str(made["trace"])
