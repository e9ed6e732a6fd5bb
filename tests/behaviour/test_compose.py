"""compose.yaml without a container engine: what it says is what is started here, as processes.

Names inside of its network are addresses of loopback here. `door` is not started: it is Caddy's own image.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from bot.domain.models import RunState
from tests.harness.bot import environment_of
from tests.harness.local_hub import ROOT
from tests.harness.postgres import Postgres
from tests.harness.waiting import wait_until
from tests.harness.world import SENTIMENT, World, free_port

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(400)]
SCHEMA = ROOT / "tests/data/compose/compose.schema.json"
"""Of the Compose Specification (Apache 2.0), as dclint 3.1.0 ships it."""


def services() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
    return dict(read["services"])


def command_of_target(target: str) -> list[str]:
    """The CMD that the Dockerfile gives this target."""
    stage = (ROOT / "Dockerfile").read_text().split(f" AS {target}\n")[1].split("\nFROM ")[0]
    [command] = [line.removeprefix("CMD ") for line in stage.splitlines() if line.startswith("CMD ")]
    return list(json.loads(command))


def test_the_file_is_what_the_specification_allows() -> None:
    validator = jsonschema_rs.validator_for(json.loads(SCHEMA.read_text()))
    read = yaml.safe_load((ROOT / "compose.yaml").read_text())
    assert [each.message for each in validator.iter_errors(read)] == []
    read["services"]["bot"]["replica"] = 2
    assert [each.message for each in validator.iter_errors(read)] != []


def test_the_services_wait_for_each_other_and_name_each_other() -> None:
    bot, door = services()["bot"], services()["door"]
    assert bot["depends_on"]["database"]["condition"] == "service_healthy"
    assert door["depends_on"]["bot"]["condition"] == "service_healthy"
    assert "@database/" in bot["environment"]["DATABASE_URL"] and "--to bot:7860" in door["command"]
    assert bot["build"]["target"] == "bot" and bot["deploy"]["replicas"] == 2


@pytest.fixture
def database() -> Iterator[Postgres]:
    running = Postgres().start()
    yield running
    running.stop()


@contextmanager
def replica(world: World, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The service `bot`, as the file and the Dockerfile say, on a port of its own."""
    said = services()["bot"]
    command = [sys.executable, *command_of_target(said["build"]["target"])[1:]]
    settings = {"DATABASE_URL": world.settings.database_url, "PORT": str(port), "PUBLIC_URL": world.url}
    assert settings.keys() >= said["environment"].keys()
    with (world.folder / f"{port}.log").open("a") as log:
        environment = os.environ | environment_of(world.settings) | settings
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def is_healthy(port: int) -> bool:
    """What the service's own health check says."""
    program, *rest = services()["bot"]["healthcheck"]["test"][1:]
    assert program == "python"
    command = [sys.executable, *(each.replace(":7860/", f":{port}/") for each in rest)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_two_replicas_become_healthy_and_share_the_work(database: Postgres, tmp_path: Path) -> None:
    world = World(tmp_path, database_url=database.database())
    ada = world.ada.signs_in()
    world.stops()
    ports = [world.port, free_port()]
    with ExitStack() as running:
        assert not is_healthy(ports[0])
        first, second = [running.enter_context(replica(world, port)) for port in ports]
        for port in ports:
            wait_until(partial(is_healthy, port), f"the health of {port}", seconds=240)

        thread = ada.opens_discussion(SENTIMENT, "@space-factory plan")
        wait_until(lambda: bool(thread.replies()), "the living message", seconds=120)
        first.send_signal(signal.SIGTERM)
        assert first.wait(200) in {0, -signal.SIGTERM}
        assert thread.run_ends().state is RunState.SUCCEEDED and second.poll() is None
    world.close()
