"""The folder for made parts: one folder for each run, and the oldest go when there are too many."""

import re
import shutil
import time
from pathlib import Path

MOST_RUNS = 40
MOST_BYTES = 400 * 1024**2
OLDEST = 24 * 3600.0
"""Seconds."""
RUNS = "runs"


class Artifacts:
    """Files stay for a day at most, and as long as there is room."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / RUNS

    def place_for(self, run_id: str) -> Path:
        """A new folder for a run."""
        self.prune()
        place = self.folder / run_id
        place.mkdir(parents=True)
        return place

    def drop(self, place: Path) -> None:
        """Remove the folder of a run that came to nothing."""
        shutil.rmtree(place, ignore_errors=True)

    def file_of(self, run_id: str, name: str) -> Path | None:
        """A file of a run; None where there is none of that name."""
        if not re.fullmatch(r"[0-9a-f]{32}", run_id):
            return None
        there = {file.name: file for file in (self.folder / run_id).glob("*") if file.is_file()}
        return there.get(name)

    def prune(self) -> None:
        """Remove what is too old or too much; the newest stay."""
        room, now = MOST_BYTES, time.time()
        places = [(place.stat().st_mtime, place) for place in self.folder.glob("*/")]
        for number, (made_at, place) in enumerate(sorted(places, reverse=True), start=1):
            room -= sum(file.stat().st_size for file in place.iterdir())
            if number >= MOST_RUNS or room < 0 or now - made_at > OLDEST:
                shutil.rmtree(place, ignore_errors=True)
