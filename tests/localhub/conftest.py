"""A running local Hub for the tests of this folder, and the settings under which the real client meets it."""

import os
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path

# The client reads these when it is imported.
os.environ["HF_HOME"] = tempfile.mkdtemp(prefix="hf-home-")
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"
os.environ["HF_HUB_DISABLE_IMPLICIT_TOKEN"] = "1"
os.environ.pop("HF_TOKEN", None)

import pytest
from running_hub import Receiver, RunningHub, receiver


@pytest.fixture(scope="session")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHub]:
    """One Hub for all tests: alice, bob, and alice's organisation acme. Tests use repo names of their own."""
    running = RunningHub(tmp_path_factory.mktemp("hub"))
    running.start()
    yield running
    running.stop()


@pytest.fixture
def own_hub(tmp_path: Path) -> Iterator[RunningHub]:
    """A Hub for one test only, to stop and kill."""
    running = RunningHub(tmp_path / "hub")
    running.start()
    yield running
    running.stop()


@pytest.fixture
def model(hub: RunningHub) -> str:
    """A fresh public model repo of alice's."""
    repo_id = f"alice/model-{secrets.token_hex(4)}"
    hub.api("alice").create_repo(repo_id)
    return repo_id


@pytest.fixture
def listener() -> Iterator[Receiver]:
    with receiver() as hears:
        yield hears
