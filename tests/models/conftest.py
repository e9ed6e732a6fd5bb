"""A local Hub whose Spaces find torch, the tiny models on it, and the table that is printed at the end."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.local_hub import LocalHub, people
from tests.models.table import Row, table
from tests.models.tiny import makers
from tests.models.tiny.registry import ALL
from tests.worker.models_on_the_hub import Model

assert makers
PROJECT = Path(__file__).parents[2]
ENVIRONMENT = PROJECT / ".models"
"""Has torch and the libraries of the models; `make test-models` prepares it."""


@pytest.fixture(scope="session")
def model_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    """Spaces and the worker's twins stand on the environment with torch."""
    os.environ["SPACE_BASE_ENVIRONMENT"] = os.environ["SPACE_FACTORY_APP_BASE"] = str(ENVIRONMENT)
    os.environ["OMP_NUM_THREADS"] = "1"
    folder = tmp_path_factory.mktemp("model-hub") / "hub"
    hub = LocalHub(folder, [*people("alice", "tiny"), "--no-zoo"]).start()
    yield hub
    hub.stop()


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the tiny models are made; TINY_MODELS names a place that is kept for the next time."""
    kept = os.environ.get("TINY_MODELS")
    return Path(kept) if kept else tmp_path_factory.mktemp("tiny")


def publish(hub: LocalHub, folder: Path, name: str) -> Model:
    """The tiny model and those it stands on, made if need be and put on the Hub."""
    make = [str(ENVIRONMENT / "bin" / "python"), "-m", "tests.models.tiny", str(folder), name]
    environment = {**os.environ, "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(make, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    api = hub.api("tiny")
    for each in (*ALL[name].needs, name):
        if not api.repo_exists(f"tiny/{each}"):
            api.create_repo(f"tiny/{each}")
            api.upload_folder(repo_id=f"tiny/{each}", folder_path=folder / each)
    return Model(f"tiny/{name}", str(api.model_info(f"tiny/{name}").sha))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Rows of workers of a parallel run come as properties of their reports."""
    reports = [each for group in ("passed", "failed") for each in terminalreporter.getreports(group)]
    rows = [
        Row.model_validate_json(value)
        for each in reports
        for key, value in each.user_properties
        if key == "row"
    ]
    if rows:
        terminalreporter.section("families")
        terminalreporter.write(table(rows))
