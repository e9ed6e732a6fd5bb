"""Who follows whom: people follow people and organisations."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from bot.localhub.accounts import Caller, TheCaller, TheHub, User, public_card
from bot.localhub.errors import HubError, not_found
from bot.localhub.paging import one_page
from bot.localhub.state import Hub, Record

router = APIRouter()
PAGE = 500


class Follow(Record):
    """Stored under `<who>/<whom>`."""

    who: str
    whom: str


def _account(hub: Hub, name: str, kind: str) -> User:
    found = hub.all(User).get(name)
    if found is None or found.type != kind:
        what = "User" if kind == "user" else "Organization"
        raise not_found(what, f"{what}NotFound")
    return found


def _page(request: Request, hub: Hub, names: list[str], cursor: int) -> JSONResponse:
    shown, headers = one_page(request, names, cursor, PAGE)
    people = (hub.all(User).get(name) for name in shown)
    return JSONResponse([public_card(user) for user in people if user is not None], headers=headers)


Cursor = Annotated[int, Query(ge=0)]


@router.get("/api/users/{name}/followers")
def followers(request: Request, hub: TheHub, name: str, cursor: Cursor = 0) -> JSONResponse:
    whom = _account(hub, name, "user").name
    return _page(request, hub, [each.who for each in hub.all(Follow) if each.whom == whom], cursor)


@router.get("/api/users/{name}/following")
def following(request: Request, hub: TheHub, name: str, cursor: Cursor = 0) -> JSONResponse:
    who = _account(hub, name, "user").name
    return _page(request, hub, [each.whom for each in hub.all(Follow) if each.who == who], cursor)


@router.get("/api/organizations/{name}/followers")
def followers_of_organisation(request: Request, hub: TheHub, name: str, cursor: Cursor = 0) -> JSONResponse:
    whom = _account(hub, name, "org").name
    return _page(request, hub, [each.who for each in hub.all(Follow) if each.whom == whom], cursor)


@router.post("/api/users/{name}/follow")
def follow(hub: TheHub, caller: TheCaller, name: str) -> dict[str, bool]:
    return _follow(hub, caller, name, "user")


@router.post("/api/organizations/{name}/follow")
def follow_organisation(hub: TheHub, caller: TheCaller, name: str) -> dict[str, bool]:
    return _follow(hub, caller, name, "org")


def _follow(hub: Hub, caller: Caller, name: str, kind: str) -> dict[str, bool]:
    caller.require("write-discussions", "write-repos", "manage-repos")
    whom = _account(hub, name, kind)
    if whom.name == caller.user.name:
        raise HubError(400, "You cannot follow yourself")
    hub.all(Follow).put(f"{caller.user.name}/{whom.name}", Follow(who=caller.user.name, whom=whom.name))
    return {"success": True}


@router.delete("/api/users/{name}/follow")
@router.delete("/api/organizations/{name}/follow")
def unfollow(hub: TheHub, caller: TheCaller, name: str) -> dict[str, bool]:
    caller.require("write-discussions", "write-repos", "manage-repos")
    hub.all(Follow).delete(f"{caller.user.name}/{name}")
    return {"success": True}
