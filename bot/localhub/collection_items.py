"""What is in a collection: the records, what may be put in, and how it is shown to whom."""

import secrets
from typing import Any, Literal

from pydantic import BaseModel, Field

from bot.localhub import bucket_records
from bot.localhub.accounts import Caller
from bot.localhub.errors import HubError, not_found
from bot.localhub.repos import Repo, RepoKind, key_of, may_read
from bot.localhub.state import Hub, Record, now

ItemType = Literal["model", "dataset", "space", "bucket", "collection", "paper"]
Theme = Literal["blue", "green", "indigo", "orange", "pink", "purple"]


class CollectionItem(Record):
    item_id: str
    """24 hex digits, of its place in the collection."""
    id: str
    """What it stands for: `owner/name`, or a collection's slug."""
    type: ItemType
    note: str | None = None


class Collection(Record):
    """Stored under its id."""

    id: str
    owner: str
    name: str
    """The title as it stands in the slug."""
    title: str
    description: str | None = None
    private: bool = False
    theme: Theme = "orange"
    position: int = 0
    items: tuple[CollectionItem, ...] = ()
    updated_at: str

    @property
    def slug(self) -> str:
        return f"{self.owner}/{self.name}-{self.id}"


class NamedItem(BaseModel):
    id: str = Field(max_length=300)
    type: ItemType


class NewItem(BaseModel):
    item: NamedItem
    note: str | None = Field(default=None, max_length=500)


class ItemChange(BaseModel):
    note: str | None = Field(default=None, max_length=500)
    position: int | None = Field(default=None, ge=0)


def changed(hub: Hub, collection: Collection, **fields: object) -> Collection:
    """Store the collection with these fields changed."""
    with hub.lock:
        now_stored = hub.all(Collection).get(collection.id)
        if now_stored is None:
            raise not_found("Collection", "CollectionNotFound")
        update = {**fields, "updated_at": now()}
        return hub.all(Collection).put(collection.id, now_stored.model_copy(update=update))


def add(hub: Hub, collection: Collection, caller: Caller, new: NewItem) -> Collection:
    """Put the item at the end. 404 if the caller cannot see it, 409 if it is there already."""
    item = CollectionItem(item_id=secrets.token_hex(12), id=new.item.id, type=new.item.type, note=new.note)
    if not _is_seen(hub, item, caller):
        raise not_found(f"{item.type.capitalize()} {item.id}", "RepoNotFound")
    with hub.lock:
        items = _items(hub, collection)
        if any((each.type, each.id) == (item.type, item.id) for each in items):
            raise HubError(409, f"{item.id} is already in the collection")
        return changed(hub, collection, items=(*items, item))


def change(hub: Hub, collection: Collection, item_id: str, wanted: ItemChange) -> None:
    """Another note, or another place: the others make room."""
    with hub.lock:
        items = list(_items(hub, collection))
        place = _place(items, item_id)
        item = items.pop(place)
        if wanted.note is not None:
            item = item.model_copy(update={"note": wanted.note})
        items.insert(place if wanted.position is None else wanted.position, item)
        changed(hub, collection, items=tuple(items))


def remove(hub: Hub, collection: Collection, item_id: str) -> None:
    with hub.lock:
        items = list(_items(hub, collection))
        del items[_place(items, item_id)]
        changed(hub, collection, items=tuple(items))


def _items(hub: Hub, collection: Collection) -> tuple[CollectionItem, ...]:
    stored = hub.all(Collection).get(collection.id)
    return stored.items if stored else ()


def _place(items: list[CollectionItem], item_id: str) -> int:
    for place, item in enumerate(items):
        if item.item_id == item_id:
            return place
    raise not_found("Item", "ItemNotFound")


def described(hub: Hub, collection: Collection, caller: Caller | None) -> list[dict[str, Any]]:
    """The items that the caller may see."""
    return [
        {
            "_id": item.item_id,
            "id": item.id,
            "type": item.type,
            "position": position,
            **({"repoType": item.type} if item.type in set(RepoKind) else {}),
            **({"note": {"text": item.note, "html": ""}} if item.note is not None else {}),
        }
        for position, item in enumerate(collection.items)
        if _is_seen(hub, item, caller)
    ]


def _is_seen(hub: Hub, item: CollectionItem, caller: Caller | None) -> bool:
    match item.type:
        case "model" | "dataset" | "space":
            repo = hub.all(Repo).get(key_of(RepoKind(item.type), item.id))
            return repo is not None and may_read(hub, repo, caller)
        case "bucket":
            bucket = hub.all(bucket_records.Bucket).get(item.id)
            return bucket is not None and bucket_records.may_read(hub, bucket, caller)
        case "collection":
            nested = hub.all(Collection).get(item.id.rpartition("-")[2])
            return nested is not None and may_read_collection(hub, nested, caller)
        case "paper":
            raise HubError(501, "The local Hub does not have papers yet")


def may_read_collection(hub: Hub, collection: Collection, caller: Caller | None) -> bool:
    if not collection.private:
        return True
    return caller is not None and caller.owns(hub, collection.owner) and caller.may("read-collections")
