"""The CAD kernel in its own process, loaded once for all tests."""

from collections.abc import Iterator

import pytest

from worker.apps.cad.parts.workshop import Workshop


@pytest.fixture(scope="session")
def workshop() -> Iterator[Workshop]:
    made = Workshop(seconds=120)
    made.warm_up()
    yield made
    made.close()
