"""`space-factory`, as a CI job runs it, and the client beneath it, against a bot that is served."""

import json
import os
import subprocess
import sys

import pytest

from bot.client import Refused, SpaceFactory
from bot.domain.models import RunState
from tests.behaviour.test_api import makes_key
from tests.harness.local_hub import ROOT
from tests.harness.waiting import wait_until
from tests.harness.world import SENTIMENT, World

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(400)]


def run(world: World, *line: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command, with its secrets in the environment."""
    return started(world, line, environment, subprocess.PIPE)


def unread_by_anybody(world: World, *line: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Likewise, with nobody at the other end of its standard output."""
    there, here = os.pipe()
    os.close(there)
    try:
        return started(world, line, environment, here)
    finally:
        os.close(here)


def started(
    world: World, line: tuple[str, ...], environment: dict[str, str], out: int
) -> subprocess.CompletedProcess[str]:
    given = os.environ | {"SPACE_FACTORY_URL": world.url, "COLUMNS": "120"} | environment
    command = [sys.executable, "-m", "bot.client", *line]
    return subprocess.run(
        command, cwd=ROOT, env=given, stdout=out, stderr=subprocess.PIPE, text=True, timeout=110, check=False
    )


def test_a_ci_job_waits_for_its_run_and_its_exit_code_says_how_it_ended(
    world: World, tmp_path_factory: pytest.TempPathFactory
) -> None:
    ada = world.ada.signs_in()
    key = makes_key(ada)
    planned = run(world, "plan", SENTIMENT, "--wait", "--budget", "0.5", SPACE_FACTORY_KEY=key)
    assert planned.returncode == 0, planned.stderr
    assert "✓ Read the card" in planned.stderr and "✓ Plan" in planned.stderr
    assert "📋" in planned.stdout and "cost: " in planned.stdout and "**" not in planned.stdout
    run_id = world.runs()[0].id

    file = tmp_path_factory.mktemp("secrets") / "key"
    file.write_text(f"{key}\n")
    listed = run(world, "runs", "--json", "--key-file", str(file))
    assert [each["id"] for each in json.loads(listed.stdout)] == [run_id]
    logs = run(world, "logs", f"{world.url}/runs/{run_id}", "--lines", "3", SPACE_FACTORY_KEY=key)
    assert len(logs.stdout.splitlines()) == 3
    by_token = run(world, "me", "--hub-token", HF_TOKEN=world.hub.token("ada"))
    assert by_token.stdout.startswith("ada, connected; $0.")

    # A code page without ✓, a key with the newline of its file, and whoever read has left: it ends as it ended.
    there = run(world, "follow", run_id, SPACE_FACTORY_KEY=f"{key}\n", PYTHONIOENCODING="cp1252")
    assert there.returncode == 0 and "? Plan" in there.stderr and "Plan for" in there.stdout
    assert all(line[0] == "?" for line in there.stderr.splitlines()), "a line for each step"
    unread = unread_by_anybody(world, "status", run_id, SPACE_FACTORY_KEY=key)
    assert (unread.returncode, unread.stderr) == (0, "")

    refused = run(world, "plan", "zoo/nothing", "--wait", "--json", SPACE_FACTORY_KEY=key)
    assert refused.returncode == 3 and json.loads(refused.stdout)["code"] == "E_ACCESS"
    unknown = run(world, "me", SPACE_FACTORY_KEY=f"sf_{'x' * 43}")
    assert unknown.returncode == 4 and "Make a key at" in unknown.stderr
    away = run(world, "follow", run_id, "--url", f"{world.url}/runs", SPACE_FACTORY_KEY=key)
    assert away.returncode == 3 and "not the API of a Space Factory" in away.stderr
    world.ctx.accounts.refused(ada.id)
    waits = run(world, "plan", SENTIMENT, "--wait", SPACE_FACTORY_KEY=key)
    assert waits.returncode == 4 and "connect here, and it goes on" in waits.stdout
    ada.follows(waits.stdout.partition("it goes on: ")[2].split()[0])
    wait_until(lambda: world.runs()[0].is_settled or None, "the plan", 100)


def test_whoever_waits_is_told_of_the_end_although_the_bot_was_away(world: World) -> None:
    world.stops()
    world.starts_as_process()
    key = makes_key(world.ada.signs_in())
    with SpaceFactory(world.url, key=key) as bot:
        request = bot.build(SENTIMENT, name="another-demo", budget=0.5)
        assert request.run
        seen = []
        for told in bot.follow(request.run, seconds=250):
            seen.append(told.state)
            if told.state == RunState.RUNNING and seen.count("running") == 1:
                world.kills()
                world.starts_as_process()

        assert (seen[-1], told.is_well, told.space) == ("succeeded", True, "ada/another-demo")
        assert told.verdict == "full_inference_success" and told.report and told.report["probes"]
        assert {each.kind for each in bot.events(request.run)} >= {"started", "done"}
        same = bot.build(SENTIMENT)
        assert (same.code, same.run) == ("I_SAME", request.run)
        with pytest.raises(Refused, match="over already"):
            bot.cancel(request.run)
        again = bot.retry(request.run, budget=0.25).run
        assert again and bot.cancel(again).code == "OK"
        ended = bot.wait(again)
    assert ended.state == "cancelled" and not ended.is_well
    row = wait_until(lambda: world.rows.get(again), "its row")
    wait_until(lambda: (row := world.rows.get(again)) and row.is_settled, "its end", 100)
    assert row.wishes.budget == 0.25
