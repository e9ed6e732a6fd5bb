"""Lists of repos: filters, order, pages, the fields asked for; and likes, by which they are sorted."""

import secrets

import pytest
from huggingface_hub import CommitOperationAdd, HfApi
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError

from tests.harness.local_hub import LocalHub


@pytest.fixture
def word(hub: LocalHub) -> str:
    """Part of the names of three models: of images, gated, and plain."""
    word, alice = secrets.token_hex(4), hub.api("alice")
    for kind in ("images", "gated", "plain"):
        alice.create_repo(f"alice/{kind}-{word}")
    card = b"---\npipeline_tag: image-classification\nlicense: mit\n---\n"
    alice.create_commit(
        f"alice/images-{word}", [CommitOperationAdd("README.md", card)], commit_message="Card"
    )
    alice.update_repo_settings(f"alice/gated-{word}", gated="auto")
    return word


def kinds(api: HfApi, word: str, **asked: object) -> list[str]:
    found = api.list_models(search=word, **asked)  # type: ignore[arg-type] - the client's own many types
    return [model.id.split("/")[1].split("-")[0] for model in found]


def test_filters_let_through_what_they_name(hub: LocalHub, word: str) -> None:
    anyone = hub.api()
    assert kinds(anyone, word, pipeline_tag="image-classification") == ["images"]
    assert kinds(anyone, word, filter=["license:mit"]) == ["images"]
    assert kinds(anyone, word, gated=True) == ["gated"]
    assert sorted(kinds(anyone, word, gated=False)) == ["images", "plain"]
    assert kinds(anyone, word, author="bob") == []


def test_lists_are_sorted_and_cut(hub: LocalHub, word: str) -> None:
    with hub.browser() as browser:
        headers = {"Authorization": f"Bearer {hub.token('bob')}"}
        browser.post(f"/api/models/alice/gated-{word}/like", headers=headers).raise_for_status()
    anyone = hub.api()
    assert kinds(anyone, word, sort="created_at") == ["plain", "gated", "images"]
    assert kinds(anyone, word, sort="last_modified")[0] == "images"
    assert kinds(anyone, word, sort="likes", limit=1) == ["gated"]
    assert [user.username for user in anyone.list_repo_likers(f"alice/gated-{word}")] == ["bob"]
    assert f"alice/gated-{word}" in anyone.list_liked_repos("bob").models
    hub.api("bob").unlike(f"alice/gated-{word}")
    assert list(anyone.list_repo_likers(f"alice/gated-{word}")) == []


def test_only_the_fields_asked_for_are_told(hub: LocalHub, word: str) -> None:
    [model] = hub.api().list_models(search=f"plain-{word}", expand=["author", "downloadsAllTime"])
    assert (model.author, model.downloads_all_time, model.created_at) == ("alice", 0, None)
    with pytest.raises(HfHubHTTPError, match=r'"expand" must be one of \[author, baseModels') as refused:
        hub.api().model_info(model.id, expand=["nonsense"])  # type: ignore[list-item] - it is the point
    assert refused.value.response.status_code == 400


@pytest.mark.parametrize("name", ["gpt2", "no-such-model"])
def test_a_name_without_an_owner_is_never_found(hub: LocalHub, name: str) -> None:
    for ask in (hub.api("bob").model_info, hub.api("bob").list_repo_commits, hub.api("bob").list_repo_refs):
        with pytest.raises(RepositoryNotFoundError):
            ask(name)
    assert not hub.api("bob").file_exists(name, "config.json")
