"""One local Hub for all tests of the author, and a build whose app is to be written."""

from pathlib import Path

import pytest

from tests.author.scenes import Scene, scene_of
from tests.harness.local_hub import LocalHub
from tests.worker.conftest import local_hub
from tests.worker.models_on_the_hub import zoo_model

__all__ = ["local_hub"]


@pytest.fixture
def scene(local_hub: LocalHub, tmp_path: Path) -> Scene:
    return scene_of(local_hub, tmp_path, zoo_model(local_hub, "product-reviews-sentiment"))
