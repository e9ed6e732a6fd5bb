"""JSON log lines: what happened with ids first, never a payload, secrets masked."""

import json
import logging
import sys
from datetime import UTC, datetime

from bot.domain.redact import redacted_line

TALKATIVE = ("httpx", "httpx2", "httpcore", "httpcore2", "uvicorn.access", "alembic", "dbos")
"""Loggers of libraries that would write down every address: only their warnings are kept."""


class JsonLine(logging.Formatter):
    """One record as one line of JSON; a field given with `extra={"fields": {…}}` becomes a key."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return redacted_line(json.dumps(line, ensure_ascii=False, default=str))


def set_up(level: str) -> None:
    """Send every log line of this process to standard error as JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLine())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel("WARNING")


def fields(**values: object) -> dict[str, dict[str, object]]:
    """`extra=` for a log call: ids and small facts."""
    return {"fields": values}
