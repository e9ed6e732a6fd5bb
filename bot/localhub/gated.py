"""Gated repos: everyone sees them, only those whose request was accepted may read their files."""

import secrets
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from bot.localhub.accounts import Caller, TheCaller, TheHub, User, public_card
from bot.localhub.errors import HubError, not_found
from bot.localhub.paging import one_page
from bot.localhub.repo_paths import API, WEB, ReadableRepo, WritableRepo
from bot.localhub.repos import Repo
from bot.localhub.state import Hub, Record, now

router = APIRouter()
REQUESTS = API + "/user-access-request"


class RequestStatus(StrEnum):
    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class AccessRequest(Record):
    """Stored under `<repo_id_hex>/<user name>`."""

    id: str
    repo: str
    user: str
    status: RequestStatus
    asked_at: str
    granted: bool = False
    """The owner let them in unasked; their e-mail address is not shown then."""
    reason: str | None = None


class Decision(BaseModel):
    user: str | None = None
    request_id: str | None = Field(default=None, alias="requestId")
    status: RequestStatus
    reason: str | None = Field(default=None, alias="rejectionReason")


class Grant(BaseModel):
    user: str


def check(hub: Hub, repo: Repo, caller: Caller | None) -> None:
    """Raises GatedRepo for a caller whom the gate does not let through."""
    if not repo.gated or (caller is not None and caller.owns(hub, repo.owner)):
        return
    what = f"{repo.kind} {repo.id}"
    if caller is None:
        told = (
            f"Access to {what} is restricted. You must have access to it and be authenticated to access it."
        )
        raise HubError(401, f"{told} Please log in.", code="GatedRepo")
    request = request_of(hub, repo, caller.user.name)
    match request.status if request else None:
        case RequestStatus.ACCEPTED if caller.may("gated-repos", "read-repos", "write-repos", "manage-repos"):
            return
        case RequestStatus.PENDING:
            told = f"Your request to access {what} is awaiting a review from the repo authors."
        case RequestStatus.REJECTED:
            told = f"Your request to access {what} has been rejected by the repo's authors."
        case _:
            visit = f"Visit {hub.endpoint}/{repo.kind.prefix}{repo.id} to ask for access."
            told = f"Access to {what} is restricted and you are not in the authorized list. {visit}"
    raise HubError(403, told, code="GatedRepo")


def request_of(hub: Hub, repo: Repo, user: str) -> AccessRequest | None:
    return hub.all(AccessRequest).get(_key(repo, user))


def requests_of(hub: Hub, repo: Repo, status: RequestStatus) -> list[AccessRequest]:
    return [one for one in hub.all(AccessRequest) if one.repo == repo.repo_id_hex and one.status is status]


def ask(hub: Hub, repo: Repo, user: User) -> AccessRequest:
    """Ask for access: given at once if the gate is automatic, else its owner decides. Safe to repeat."""
    if not repo.gated:
        raise HubError(400, "This repo is not gated: everyone who sees it may read it")
    with hub.lock:
        known = hub.all(AccessRequest).get(_key(repo, user.name))
        status = RequestStatus.ACCEPTED if repo.gated == "auto" else RequestStatus.PENDING
        return known or _put(hub, repo, user.name, status)


@router.post(WEB + "/ask-access")
def ask_for_access(hub: TheHub, caller: TheCaller, repo: ReadableRepo) -> dict[str, str]:
    return {"status": ask(hub, repo, caller.user).status}


@router.post(REQUESTS + "/cancel")
def take_back(hub: TheHub, caller: TheCaller, repo: ReadableRepo) -> dict[str, bool]:
    """One's own request, as long as nobody has decided about it."""
    caller.require("gated-repos", "write-repos", "manage-repos")
    _check_gated(repo)
    with hub.lock:
        known = hub.all(AccessRequest).get(_key(repo, caller.user.name))
        if known is None or known.status is not RequestStatus.PENDING:
            raise HubError(404, "You have no pending access request here")
        hub.all(AccessRequest).delete(_key(repo, caller.user.name))
    return {"success": True}


@router.get(REQUESTS + "/{status}")
def list_requests(
    request: Request,
    hub: TheHub,
    repo: WritableRepo,
    status: RequestStatus,
    cursor: Annotated[int, Query(ge=0)] = 0,
) -> JSONResponse:
    _check_gated(repo)
    shown, headers = one_page(request, requests_of(hub, repo, status), cursor, 100)
    return JSONResponse([_json(hub, one) for one in shown], headers=headers)


@router.post(REQUESTS + "/handle")
def handle(hub: TheHub, repo: WritableRepo, body: Decision) -> dict[str, bool]:
    """Accept, reject, or with "pending" take back what was decided."""
    _check_gated(repo)
    with hub.lock:
        found = _find(hub, repo, body)
        if found.status is body.status:
            raise HubError(400, f"The request of {found.user} is already {body.status}")
        changed = found.model_copy(update={"status": body.status, "reason": body.reason})
        hub.all(AccessRequest).put(_key(repo, found.user), changed)
    return {"success": True}


@router.post(REQUESTS + "/grant")
def grant(hub: TheHub, repo: WritableRepo, body: Grant) -> dict[str, bool]:
    """Let someone in who may not have asked."""
    _check_gated(repo)
    if body.user not in hub.all(User):
        raise not_found("User", "UserNotFound")
    with hub.lock:
        known = hub.all(AccessRequest).get(_key(repo, body.user))
        if known is not None and known.status is RequestStatus.ACCEPTED:
            raise HubError(400, f"{body.user} already has access")
        _put(hub, repo, body.user, RequestStatus.ACCEPTED, granted=True)
    return {"success": True}


def _find(hub: Hub, repo: Repo, body: Decision) -> AccessRequest:
    for request in hub.all(AccessRequest):
        if request.repo == repo.repo_id_hex and (request.user == body.user or request.id == body.request_id):
            return request
    raise HubError(404, "There is no such access request")


def _put(hub: Hub, repo: Repo, user: str, status: RequestStatus, *, granted: bool = False) -> AccessRequest:
    request = AccessRequest(
        id=secrets.token_hex(12),
        repo=repo.repo_id_hex,
        user=user,
        status=status,
        asked_at=now(),
        granted=granted,
    )
    return hub.all(AccessRequest).put(_key(repo, user), request)


def _check_gated(repo: Repo) -> None:
    if not repo.gated:
        raise HubError(400, "This repo is not gated: there are no access requests")


def _key(repo: Repo, user: str) -> str:
    return f"{repo.repo_id_hex}/{user}"


def _json(hub: Hub, request: AccessRequest) -> dict[str, Any]:
    user = hub.all(User).get(request.user)
    card = {} if user is None else public_card(user)
    if not request.granted:
        card["email"] = f"{request.user}@localhost"
    return {
        "requestId": request.id,
        "user": card,
        "status": request.status.value,
        "timestamp": request.asked_at,
    }
