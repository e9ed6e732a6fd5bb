"""Collections with the real client: making, filling, changing and hiding them."""

import secrets
from collections.abc import Iterator

import pytest
from huggingface_hub import Collection
from huggingface_hub.errors import HfHubHTTPError

from tests.harness.local_hub import LocalHub
from tests.localhub.around_the_hub import OAuthPerson


@pytest.fixture
def collection(hub: LocalHub) -> Iterator[Collection]:
    """An empty public collection of alice's."""
    made = hub.api("alice").create_collection(f"Cool stuff! {secrets.token_hex(3)}", description="cool")
    yield made
    hub.api("alice").delete_collection(made.slug, missing_ok=True)


def test_a_collection_is_found_by_its_slug_also_after_its_title_changed(
    hub: LocalHub, collection: Collection
) -> None:
    alice = hub.api("alice")
    assert collection.slug.startswith("alice/cool-stuff-")
    assert (collection.description, collection.private, collection.items) == ("cool", False, [])
    changed = alice.update_collection_metadata(collection.slug, title="Other", theme="pink", position=2)
    assert changed.slug.startswith("alice/other-")
    assert alice.get_collection(collection.slug).slug == changed.slug
    assert (changed.theme, changed.position, changed.description) == ("pink", 2, "cool")


def test_items_keep_their_order_their_notes_and_are_there_once(
    hub: LocalHub, model: str, collection: Collection
) -> None:
    alice, slug = hub.api("alice"), collection.slug
    dataset = f"{model}-data"
    alice.create_repo(dataset, repo_type="dataset")
    alice.add_collection_item(slug, model, "model", note="first")
    alice.add_collection_item(slug, dataset, "dataset")
    with pytest.raises(HfHubHTTPError) as twice:
        alice.add_collection_item(slug, model, "model")
    assert twice.value.response.status_code == 409
    assert len(alice.add_collection_item(slug, model, "model", exists_ok=True).items) == 2

    first = alice.get_collection(slug).items[0]
    alice.update_collection_item(slug, first.item_object_id, note="moved", position=1)
    items = alice.get_collection(slug).items
    assert [(item.item_id, item.note) for item in items] == [(dataset, None), (model, "moved")]
    alice.delete_collection_item(slug, items[0].item_object_id)
    alice.delete_collection_item(slug, items[0].item_object_id, missing_ok=True)
    assert [item.item_id for item in alice.get_collection(slug).items] == [model]


def test_a_collection_shows_only_what_its_reader_may_see(
    hub: LocalHub, model: str, collection: Collection
) -> None:
    alice = hub.api("alice")
    alice.add_collection_item(collection.slug, model, "model")
    alice.update_repo_settings(model, private=True)
    assert len(alice.get_collection(collection.slug).items) == 1
    assert hub.api("bob").get_collection(collection.slug).items == []
    with pytest.raises(HfHubHTTPError) as unseen:
        hub.api("bob").add_collection_item(hub.api("bob").create_collection("mine").slug, model, "model")
    assert unseen.value.response.status_code == 404


def test_a_private_collection_is_not_there_for_others(hub: LocalHub, collection: Collection) -> None:
    alice, bob = hub.api("alice"), hub.api("bob")
    alice.update_collection_metadata(collection.slug, private=True)
    assert alice.get_collection(collection.slug).private
    with pytest.raises(HfHubHTTPError) as hidden:
        bob.get_collection(collection.slug)
    assert hidden.value.response.status_code == 404
    assert collection.slug not in [each.slug for each in bob.list_collections(owner="alice")]


def test_the_list_is_searched_by_owner_and_by_item(hub: LocalHub, model: str, collection: Collection) -> None:
    alice = hub.api("alice")
    alice.add_collection_item(collection.slug, model, "model")
    found = list(hub.api().list_collections(owner="alice", item=f"models/{model}"))
    assert [each.slug for each in found] == [collection.slug]
    assert [item.item_id for item in found[0].items] == [model]
    assert list(hub.api().list_collections(owner="bob", item=f"models/{model}")) == []


def test_only_the_owner_changes_a_collection_and_a_token_needs_its_scope(
    hub: LocalHub, collection: Collection
) -> None:
    with pytest.raises(HfHubHTTPError) as refused:
        hub.api("bob").delete_collection(collection.slug)
    assert refused.value.response.status_code == 403
    with OAuthPerson(hub, "alice") as alice:
        limited = hub.api(token=alice.token("openid manage-repos"))
        with pytest.raises(HfHubHTTPError, match="write-collections"):
            limited.delete_collection(collection.slug)
