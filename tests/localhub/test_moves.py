"""Renamed and duplicated repos: the old name leads to the new one, a copy stands alone."""

import secrets

import pytest
from huggingface_hub import CommitOperationAdd
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError

from tests.harness.local_hub import LocalHub
from tests.localhub.around_the_hub import Receiver


def new_name(owner: str = "alice") -> str:
    return f"{owner}/moved-{secrets.token_hex(4)}"


def test_who_uses_the_old_name_is_led_to_the_new_one(hub: LocalHub, model: str) -> None:
    alice, target = hub.api("alice"), new_name("acme")
    alice.create_commit(model, [CommitOperationAdd("a.txt", b"hello")], commit_message="Add")
    alice.move_repo(model, target)
    assert alice.model_info(model).id == target
    assert alice.file_exists(model, "a.txt")
    made = alice.create_commit(model, [CommitOperationAdd("b.txt", b"x")], commit_message="More")
    assert alice.model_info(target).sha == made.oid
    with hub.browser() as browser:
        answer = browser.get(f"/{model}/resolve/main/a.txt?download=true", follow_redirects=False)
    location = answer.headers["location"]
    assert (answer.status_code, location) == (307, f"/{target}/resolve/main/a.txt?download=true")


def test_a_moved_private_repo_is_not_betrayed_by_its_old_name(hub: LocalHub) -> None:
    alice, old, new = hub.api("alice"), new_name(), new_name()
    alice.create_repo(old, private=True)
    alice.move_repo(old, new)
    with pytest.raises(RepositoryNotFoundError):
        hub.api("bob").model_info(old)


def test_a_new_repo_may_take_the_old_name(hub: LocalHub, model: str) -> None:
    alice, target = hub.api("alice"), new_name()
    alice.move_repo(model, target)
    alice.create_repo(model)
    assert alice.model_info(model).id == model


@pytest.mark.parametrize("target", ["bob/stolen", "alice/not a name"])
def test_a_repo_cannot_be_moved_to(hub: LocalHub, model: str, target: str) -> None:
    with pytest.raises(HfHubHTTPError) as refused:
        hub.api("alice").move_repo(model, target)
    assert refused.value.response.status_code in {400, 403}
    assert hub.api("alice").model_info(model).id == model


def test_a_move_survives_a_kill(own_hub: LocalHub) -> None:
    alice = own_hub.api("alice")
    alice.create_repo("alice/before")
    alice.move_repo("alice/before", "alice/after")
    own_hub.restart()
    assert [model.id for model in alice.list_models(author="alice")] == ["alice/after"]
    assert alice.model_info("alice/before").id == "alice/after"


def test_webhooks_hear_of_the_move_and_watch_on(hub: LocalHub, model: str, listener: Receiver) -> None:
    alice, target = hub.api("alice"), new_name()
    alice.create_webhook(url=listener.url, watched=[{"type": "model", "name": model}], domains=["repo"])
    alice.move_repo(model, target)
    body = listener.next()
    assert body["event"] == {"action": "move", "scope": "repo"}
    assert body["repo"]["name"] == model
    assert body["movedTo"] == {"name": target, "owner": {"id": hub.user_id("alice")}}
    alice.create_tag(target, tag="v1")
    assert listener.next()["repo"]["name"] == target


def test_a_copy_has_the_history_and_goes_its_own_way(hub: LocalHub, model: str) -> None:
    alice, copy = hub.api("alice"), new_name("bob")
    alice.create_commit(model, [CommitOperationAdd("a.txt", b"hello")], commit_message="Add")
    url = hub.api("bob").duplicate_repo(model, copy, private=True)
    assert url.repo_id == copy
    assert hub.api("bob").list_repo_commits(copy)[0].title == "Add"
    assert hub.api("bob").model_info(copy).private
    alice.delete_repo(model)
    assert "a.txt" in hub.api("bob").list_repo_files(copy)


def test_names_are_found_whatever_their_case(hub: LocalHub) -> None:
    name = f"alice/CamelCase-{secrets.token_hex(4)}"
    hub.api("alice").create_repo(name)
    assert hub.api("alice").model_info(name.lower()).id == name
