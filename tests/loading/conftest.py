"""A local Hub with tiny models that were published with the libraries' own functions."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.local_hub import LocalHub
from tests.loading.programs import run
from tests.localhub.around_the_hub import ARGUMENTS


@pytest.fixture(scope="session")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    running = LocalHub(tmp_path_factory.mktemp("hub") / "hub", list(ARGUMENTS)).start()
    try:
        code, output = run(running, Path(__file__).parent / "publish.py", tmp_path_factory.mktemp("author"))
        assert code == 0, output[-3000:]
        yield running
    finally:
        running.stop()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.models)
            item.add_marker(pytest.mark.timeout(300))  # torch may take its time to be imported
