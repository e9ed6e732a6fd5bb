"""Protected Spaces: everyone uses the app, only their owner sees the repo."""

from collections.abc import Iterator

import pytest
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError

from tests.harness.local_hub import LocalHub
from tests.localhub import small_apps
from tests.localhub.one_space import OneSpace


@pytest.fixture
def space(hub: LocalHub) -> Iterator[OneSpace]:
    """A protected static Space with a page. Deleted in the end, as nothing else would stop it."""
    one = OneSpace(hub, space_sdk="static", private=None, visibility="protected")
    sha = one.push({"README.md": small_apps.STATIC_README, "index.html": "<p>for all</p>"})
    one.await_stage("RUNNING", sha)
    yield one
    one.delete()


def test_a_stranger_uses_the_app_of_a_protected_space_and_does_not_see_its_repo(
    hub: LocalHub, space: OneSpace
) -> None:
    assert "for all" in space.ask(token="").text
    with pytest.raises(RepositoryNotFoundError):
        hub.api("bob").list_repo_files(space.id, repo_type="space")
    assert "index.html" in hub.api("alice").list_repo_files(space.id, repo_type="space")


def test_a_space_becomes_protected_private_and_public(hub: LocalHub, space: OneSpace) -> None:
    alice = hub.api("alice")
    for visibility, status in (("private", 404), ("protected", 200), ("public", 200)):
        alice.update_repo_settings(space.id, repo_type="space", visibility=visibility)  # type: ignore[arg-type]  # one of the names it takes
        assert space.ask(token="").status_code == status, visibility
    assert [each.visibility for each in alice.list_user_repos() if each.id == space.id] == ["public"]


def test_only_spaces_can_be_protected(hub: LocalHub, model: str) -> None:
    headers = {"Authorization": f"Bearer {hub.token('alice')}"}
    with hub.browser() as browser:
        answer = browser.put(
            f"/api/models/{model}/settings", json={"visibility": "protected"}, headers=headers
        )
    assert answer.status_code == 400
    assert "Only Spaces" in answer.json()["error"]
    with pytest.raises((ValueError, HfHubHTTPError)):
        hub.api("alice").create_repo(f"{model}-x", visibility="protected")
