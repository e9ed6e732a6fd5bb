"""One line of JSON for each run: `logs/runs.jsonl`, which never grows beyond two megabytes."""

import logging
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path

from pydantic import BaseModel, Field

LARGEST = 1024**2


class Line(BaseModel):
    """What is worth knowing of a run afterwards. No address and no key."""

    timestamp: datetime = Field(default_factory=lambda: datetime.now(UTC))
    run_id: str
    prompt: str
    mode: str
    output_type: str
    geometry_family: str | None = None
    source: str | None = None
    backend_available: bool | None = None
    """None: none is set."""
    success: bool = False
    runtime_seconds: float = 0.0
    error: str | None = None


class RunLog:
    """Appends lines. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "logs" / "runs.jsonl"
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self._handler = RotatingFileHandler(
            self.file, maxBytes=LARGEST, backupCount=1, encoding="utf-8", delay=True
        )
        self._logger = logging.Logger("runs")
        self._logger.addHandler(self._handler)

    def append(self, line: Line) -> None:
        self._logger.info(line.model_dump_json())
        self._handler.close()  # it opens again by itself
