"""JSON log lines: what happened with ids first, never a payload, secrets masked."""

import json
import logging
import re
import sys
from datetime import UTC, datetime

SECRET = re.compile(
    r"hf_[A-Za-z0-9_]{8,}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*|(?i:bearer)\s+[\w.~+/=-]{8,}"
    r"|(?<=code=)[\w-]{8,}|(?<=state=)[\w-]{8,}|(?<=__sign=)[\w.-]{8,}"
)
MASK = "[secret]"


def mask(text: str) -> str:
    """The text with everything that looks like a secret replaced."""
    return SECRET.sub(MASK, text)


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
        return mask(json.dumps(line, ensure_ascii=False, default=str))


def set_up(level: str) -> None:
    """Send every log line of this process to standard error as JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLine())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in ("httpx", "httpx2", "httpcore", "httpcore2", "uvicorn.access", "alembic", "dbos"):
        logging.getLogger(name).setLevel("WARNING")


def fields(**values: object) -> dict[str, dict[str, object]]:
    """`extra=` for a log call: ids and small facts."""
    return {"fields": values}
