"""A running local Hub for the tests of this folder, and the settings under which the real client meets it."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.local_hub import LocalHub
from tests.localhub.around_the_hub import ARGUMENTS, Receiver, receiver


@pytest.fixture(scope="session")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    """One Hub for all tests: alice, bob, and alice's organisation acme. Tests use repo names of their own."""
    running = LocalHub(tmp_path_factory.mktemp("hub") / "hub", list(ARGUMENTS))
    running.start()
    yield running
    running.stop()


@pytest.fixture
def own_hub(tmp_path: Path) -> Iterator[LocalHub]:
    """A Hub for one test only, to stop and kill."""
    running = LocalHub(tmp_path / "hub", list(ARGUMENTS))
    running.start()
    yield running
    running.stop()


@pytest.fixture
def model(hub: LocalHub) -> str:
    """A fresh public model repo of alice's."""
    repo_id = f"alice/model-{secrets.token_hex(4)}"
    hub.api("alice").create_repo(repo_id)
    return repo_id


@pytest.fixture
def listener() -> Iterator[Receiver]:
    with receiver() as hears:
        yield hears


THOROUGH = (
    "test_branches",
    "test_bucket_moves",
    "test_bucket_events",
    "test_bucket_files",
    "test_bucket_webhooks",
    "test_collections",
    "test_crowd",
    "test_device_code",
    "test_every_route_asks_who",
    "test_gated",
    "test_git",
    "test_git_patterns",
    "test_hf_commands",
    "test_hf_commands_of_compute",
    "test_job_metrics",
    "test_jobs_again",
    "test_journal",
    "test_large_file_deletion",
    "test_killed",
    "test_lfs",
    "test_listing",
    "test_local_hub_page",
    "test_misbehaviour",
    "test_oauth_organisations",
    "test_model_facts",
    "test_moves",
    "test_other_clients",
    "test_people",
    "test_plans",
    "test_protected_spaces",
    "test_pages_of_repos",
    "test_pull_requests",
    "test_rate_limits",
    "test_revocation",
    "test_scheduled_jobs",
    "test_sleeping_spaces",
    "test_space_moves",
    "test_space_websockets",
    "test_typed_transfers",
    "test_uv_jobs",
    "test_volumes",
    "test_webhook_limits",
    "test_xet",
    "test_xet_collection",
)
"""What the bot's road does not need: `make test` and CI leave it to `make test-thorough`."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.stem in THOROUGH and item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.thorough)
