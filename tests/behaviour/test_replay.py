"""`python -m bot replay`: what the bot would decide about a delivery, and giving it that delivery again."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness.bot import environment_of
from tests.harness.local_hub import ROOT
from tests.harness.people import Thread
from tests.harness.world import SENTIMENT, World
from tests.safety.deliveries import payload

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(300)]


def replay(world: World, *more: str | Path) -> str:
    command = [sys.executable, "-m", "bot", "replay", *map(str, more)]
    environment = os.environ | environment_of(world.settings)
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=200, check=False
    )
    assert done.returncode == 0 and "Traceback" not in done.stderr, done.stderr
    return world.plain(done.stdout)


def never_told(world: World, thread: Thread, text: str) -> Path:
    """A comment of ada's that no webhook told of, and what it would have brought."""
    comment = world.ada.says(thread, text)
    file = world.folder / f"{comment}.json"
    file.write_text(json.dumps(payload(thread, comment, world.ada.id, text)))
    return file


def test_a_rehearsal_says_the_decision_with_its_code_and_changes_nothing(world: World) -> None:
    ada = world.ada.signs_in()
    thread = ada.opens_discussion(SENTIMENT, "Good morning!")
    world.stops()
    plan = never_told(world, thread, "@space-factory plan")
    lines = "@space-factory status\n@space-factory watch\n@space-factory logs"
    several = never_told(world, thread, lines)
    typo = never_told(world, thread, "@space-factory biuld")
    other = world.folder / "other.json"
    other.write_text(json.dumps({"event": {"action": "update", "scope": "repo.content"}}))

    told = replay(world, several, plan, typo, other, "--dry-run")

    assert f"plan: OK · run RUN, queued, of {SENTIMENT}" in told
    assert "status: I_NONE · " in told and "watch: E_SCOPE · " in told and "logs: I_NONE" in told
    assert "not understood: E_VERB · ❓ I don't know `biuld`" in told
    assert told.endswith("ignored: nothing to do for repo.content\n")
    assert world.runs() == [] and thread.replies() == []
    for file in (several, typo):  # or the start finds them, as whatever it missed
        with pytest.warns(UserWarning, match="irreversible"):
            ada.api.hide_discussion_comment(thread.repo, thread.num, file.stem)

    again = replay(world, plan, plan)
    assert "taken; a bot that works with this database does it now" in again and "known already" in again
    world.starts()
    assert thread.run_ends().requester.name == "ada"
    assert "📋" in thread.next_reply() and "📋" in thread.next_reply()
