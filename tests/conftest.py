"""Fixtures only: the world, with its checks on leaving."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
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
from tests.harness.world import World

atexit.register(shutil.rmtree, os.environ["HF_HOME"], ignore_errors=True)


@pytest.fixture
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    """`@pytest.mark.world(setting=…, expected_errors=(…))` changes what is usual."""
    marker = request.node.get_closest_marker("world")
    changed = dict(marker.kwargs) if marker else {}
    expected = changed.pop("expected_errors", ())
    with leaving.lived_in(World(tmp_path, **changed), expected_errors=expected) as world:
        yield world
