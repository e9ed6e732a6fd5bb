"""Fixtures only: the world with Discord beside it, and its checks on leaving."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.harness import leaving
from tests.harness.chat import Chat


@pytest.fixture
def chat(
    tmp_path: Path, request: pytest.FixtureRequest, new_database: Callable[[], dict[str, object]]
) -> Iterator[Chat]:
    """`@pytest.mark.world(setting=…)` changes what is usual."""
    marker = request.node.get_closest_marker("world")
    changed = new_database() | (dict(marker.kwargs) if marker else {})
    expected = changed.pop("expected_errors", ())
    with leaving.chatted_in(Chat(tmp_path, **changed), expected_errors=expected) as chat:
        yield chat
