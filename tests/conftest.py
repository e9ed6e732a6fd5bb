"""Fixtures only: the world, with its checks on leaving, and on which database it is."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

# The client libraries read these when they are imported.
os.environ["HF_HOME"] = tempfile.mkdtemp(prefix="hf-home-")
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"
os.environ["HF_HUB_DISABLE_IMPLICIT_TOKEN"] = "1"
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ.pop("HF_TOKEN", None)

import pytest

from tests.harness import leaving
from tests.harness.postgres import Postgres
from tests.harness.world import World

atexit.register(shutil.rmtree, os.environ["HF_HOME"], ignore_errors=True)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--postgres", action="store_true", help="give each world a database of a real PostgreSQL"
    )


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    running = Postgres().start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def new_database(request: pytest.FixtureRequest) -> Callable[[], dict[str, object]]:
    """The settings of a world's database: the embedded one, unless something else was asked for."""
    if not request.config.getoption("postgres"):
        return dict
    running: Postgres = request.getfixturevalue("postgres")
    return lambda: {"database_url": running.database()}


@pytest.fixture
def world(
    tmp_path: Path, request: pytest.FixtureRequest, new_database: Callable[[], dict[str, object]]
) -> Iterator[World]:
    """`@pytest.mark.world(setting=…, expected_errors=(…))` changes what is usual."""
    marker = request.node.get_closest_marker("world")
    changed = new_database() | (dict(marker.kwargs) if marker else {})
    expected = changed.pop("expected_errors", ())
    with leaving.lived_in(World(tmp_path, **changed), expected_errors=expected) as world:
        yield world
