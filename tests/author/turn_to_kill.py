"""A worker that plays one turn: `python -m tests.author.turn_to_kill FOLDER`, for a test that kills it."""

import sys
from pathlib import Path

from tests.author.playing import playing
from tests.harness.scripted_model import behaviours as models
from tests.harness.scripted_model.steps import Say

ABOUT_TO_SLEEP = models.script(
    [Say("", (models.write("app.py", "x = 1\n"),)), Say("", (models.bash("setsid sleep 456"),))]
)

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    with playing(ABOUT_TO_SLEEP, folder) as it:
        (folder / "uid").write_text(str(it.place.uid))
        it.pi("Build it.")
