"""What everyone may know about people and organisations."""

from fastapi import APIRouter

from bot.localhub.accounts import TheHub, User, org_card, organisations_of, public_card, user_by_id
from bot.localhub.errors import not_found
from bot.localhub.state import Hub

router = APIRouter()


@router.get("/api/users/{name_or_id}/overview")
def overview(hub: TheHub, name_or_id: str) -> dict[str, object]:
    user = hub.all(User).get(name_or_id) or user_by_id(hub, name_or_id)
    if user is None:
        raise not_found("User", "UserNotFound")
    return {
        **public_card(user),
        "isPro": user.is_pro,
        "type": user.type,
        "createdAt": user.created_at,
        "orgs": [org_card(org) for org, _ in organisations_of(hub, user)],
    }


@router.get("/api/organizations/{name}/overview")
def organisation(hub: TheHub, name: str) -> dict[str, object]:
    org = _organisation(hub, name)
    return {**org_card(org), "_id": org.id, "createdAt": org.created_at, "numUsers": len(org.members)}


@router.get("/api/organizations/{name}/members")
def members(hub: TheHub, name: str) -> list[dict[str, object]]:
    org = _organisation(hub, name)
    people = (hub.all(User).get(member) for member in org.members)
    return [public_card(user) for user in people if user is not None]


def _organisation(hub: Hub, name: str) -> User:
    org = hub.all(User).get(name) or user_by_id(hub, name)
    if org is None or org.type != "org":
        raise not_found("Organization", "OrganizationNotFound")
    return org
