"""What the worker's tests share: one local Hub with the zoo, and an environment to run Spaces' apps in."""

from collections.abc import Iterator

import pytest

from tests.harness.local_hub import LocalHub, people


@pytest.fixture(scope="session")
def local_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    """One Hub for all tests of the worker, with the zoo and alice. Tests use repo names of their own."""
    hub = LocalHub(tmp_path_factory.mktemp("worker-hub") / "hub", people("alice", "bob")).start()
    yield hub
    hub.stop()
