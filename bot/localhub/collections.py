"""Collections: titled lists of repos, buckets and other collections, each item with a note."""

import re
import secrets
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from bot.localhub import collection_items
from bot.localhub.accounts import Caller, MaybeCaller, TheCaller, TheHub, User, public_card
from bot.localhub.collection_items import Collection, Theme, may_read_collection
from bot.localhub.errors import HubError, forbidden, not_found
from bot.localhub.paging import one_page
from bot.localhub.state import Hub, now

router = APIRouter()
ONE = "/api/collections/{namespace}/{slug}"
SHOWN_IN_LISTS = 4
"""Items of each collection that a list tells of."""


class NewCollection(BaseModel):
    title: str = Field(min_length=1, max_length=60)
    namespace: str
    description: str | None = Field(default=None, max_length=150)
    private: bool = False


class Metadata(BaseModel):
    title: str | None = Field(default=None, min_length=1, max_length=60)
    description: str | None = Field(default=None, max_length=150)
    position: int | None = Field(default=None, ge=0)
    private: bool | None = None
    theme: Theme | None = None


class Wanted(BaseModel):
    """The query of the list. An item is named as `models/owner/name`."""

    owner: list[str] = []
    item: list[str] = []
    q: str = ""
    sort: Literal["lastModified", "trending", "upvotes"] = "trending"
    limit: int = Field(default=20, ge=1, le=100)
    cursor: int = Field(default=0, ge=0)

    def lets_through(self, collection: Collection) -> bool:
        items = {f"{item.type}s/{item.id}" for item in collection.items}
        return (
            (not self.owner or collection.owner in self.owner)
            and (not self.item or bool(items & set(self.item)))
            and self.q.lower() in collection.title.lower()
        )


def _readable(hub: TheHub, caller: MaybeCaller, namespace: str, slug: str) -> Collection:
    """The collection with the id that ends the slug: an old title's slug also finds it."""
    found = hub.all(Collection).get(slug.rpartition("-")[2])
    if found is None or found.owner != namespace or not may_read_collection(hub, found, caller):
        raise not_found("Collection", "CollectionNotFound")
    return found


def _writable(hub: TheHub, caller: TheCaller, namespace: str, slug: str) -> Collection:
    caller.require("write-collections")
    found = _readable(hub, caller, namespace, slug)
    if not caller.may_change(hub, found.owner):
        raise forbidden()
    return found


ReadableCollection = Annotated[Collection, Depends(_readable)]
WritableCollection = Annotated[Collection, Depends(_writable)]


def describe(
    hub: Hub, collection: Collection, caller: Caller | None, items: int | None = None
) -> dict[str, object]:
    """With its first `items`, or with all. Items that the caller may not see are left out."""
    owner = hub.all(User).get(collection.owner)
    seen = collection_items.described(hub, collection, caller)
    return {
        "slug": collection.slug,
        "title": collection.title,
        **({"description": collection.description} if collection.description is not None else {}),
        "owner": {"name": collection.owner} if owner is None else {**public_card(owner), "name": owner.name},
        "items": seen[:items],
        "lastUpdated": collection.updated_at,
        "position": collection.position,
        "private": collection.private,
        "theme": collection.theme,
        "upvotes": 0,
        "isUpvotedByUser": False,
        "gating": False,
        "shareUrl": f"{hub.endpoint}/collections/{collection.slug}",
    }


@router.get("/api/collections")
def list_collections(
    request: Request, hub: TheHub, caller: MaybeCaller, wanted: Annotated[Wanted, Query()]
) -> JSONResponse:
    found = [
        each
        for each in hub.all(Collection)
        if wanted.lets_through(each) and may_read_collection(hub, each, caller)
    ]
    found.sort(key=lambda each: each.updated_at, reverse=True)
    shown, headers = one_page(request, found, wanted.cursor, wanted.limit)
    told = [describe(hub, each, caller, SHOWN_IN_LISTS) for each in shown]
    # The client counts the positions of a list itself.
    return JSONResponse(
        [{key: value for key, value in each.items() if key != "position"} for each in told], headers=headers
    )


@router.post("/api/collections")
def create(hub: TheHub, caller: TheCaller, body: NewCollection) -> dict[str, object]:
    caller.require("write-collections")
    if body.namespace not in hub.all(User) or not caller.may_change(hub, body.namespace):
        raise HubError(
            403, f'You don\'t have the rights to create a collection under "{body.namespace[:100]}"'
        )
    collection = Collection(
        id=secrets.token_hex(12),
        owner=body.namespace,
        name=_slugged(body.title),
        title=body.title,
        description=body.description,
        private=body.private,
        updated_at=now(),
    )
    return describe(hub, hub.all(Collection).put(collection.id, collection), caller)


def _slugged(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "collection"


@router.get(ONE)
def info(hub: TheHub, caller: MaybeCaller, collection: ReadableCollection) -> dict[str, object]:
    return describe(hub, collection, caller)


@router.patch(ONE)
def change(
    hub: TheHub, caller: TheCaller, collection: WritableCollection, body: Metadata
) -> dict[str, object]:
    changes = body.model_dump(exclude_none=True)
    if body.title is not None:
        changes["name"] = _slugged(body.title)
    changed = collection_items.changed(hub, collection, **changes)
    return {"success": True, "data": describe(hub, changed, caller)}


@router.delete(ONE)
def delete(hub: TheHub, collection: WritableCollection) -> dict[str, bool]:
    hub.all(Collection).delete(collection.id)
    return {"success": True}


@router.post(ONE + "/items")
def add_item(
    hub: TheHub, caller: TheCaller, collection: WritableCollection, body: collection_items.NewItem
) -> dict[str, object]:
    return describe(hub, collection_items.add(hub, collection, caller, body), caller)


@router.patch(ONE + "/items/{item_id}")
def change_item(
    hub: TheHub, collection: WritableCollection, item_id: str, body: collection_items.ItemChange
) -> dict[str, bool]:
    collection_items.change(hub, collection, item_id, body)
    return {"success": True}


@router.delete(ONE + "/items/{item_id}")
def delete_item(hub: TheHub, collection: WritableCollection, item_id: str) -> dict[str, bool]:
    collection_items.remove(hub, collection, item_id)
    return {"success": True}
