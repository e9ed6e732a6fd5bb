"""What the worker's tests share: one local Hub with the zoo, and an environment to run Spaces' apps in."""

import os
import tempfile
from collections.abc import Iterator

# The client libraries read these when they are imported.
os.environ["HF_HOME"] = tempfile.mkdtemp(prefix="hf-home-")
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ.pop("HF_TOKEN", None)

import pytest

from tests.harness.local_hub import LocalHub, start_local_hub


@pytest.fixture(scope="session")
def local_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    """One Hub for all tests of the worker, with the zoo and alice. Tests use repo names of their own."""
    hub = start_local_hub(tmp_path_factory.mktemp("worker-hub") / "hub", ("alice", "bob"))
    yield hub
    hub.stop()
