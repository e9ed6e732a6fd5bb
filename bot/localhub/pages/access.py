"""Asking for access to a gated repo, and deciding who gets it."""

from typing import Annotated, Any

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse

from bot.localhub import gated
from bot.localhub.accounts import Caller, TheHub
from bot.localhub.gated import Decision, RequestStatus
from bot.localhub.pages.page import PageRoute, Sender, Viewer, VisibleRepo, go_to
from bot.localhub.pages.repo_frame import address_of
from bot.localhub.repo_paths import WEB
from bot.localhub.repos import Repo, find, may_write
from bot.localhub.state import Hub

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.post(WEB + "/access/ask")
def ask(hub: TheHub, sender: Sender, repo: VisibleRepo) -> RedirectResponse:
    gated.ask(hub, repo, sender.user)
    return go_to(address_of(repo))


@router.post(WEB + "/access/decide")
def decide(
    hub: TheHub,
    sender: Sender,
    repo: VisibleRepo,
    user: Annotated[str, Form()],
    status: Annotated[RequestStatus, Form()],
) -> RedirectResponse:
    find(hub, repo.kind, repo.id, sender, write=True)
    gated.handle(hub, repo, Decision(user=user, status=status))
    return go_to(address_of(repo))


def gate_of(hub: Hub, repo: Repo, viewer: Viewer) -> dict[str, Any] | None:
    """What the repo's page shows of its gate; None when there is none."""
    if not repo.gated:
        return None
    decides = viewer is not None and may_write(hub, repo, viewer)
    return {
        "standing": _standing(hub, repo, viewer),
        "by_hand": repo.gated == "manual",
        "asked": gated.requests_of(hub, repo, RequestStatus.PENDING) if decides else [],
    }


def _standing(hub: Hub, repo: Repo, viewer: Caller | None) -> str:
    """`owner`, where the viewer's request stands, or nothing."""
    if viewer is None:
        return ""
    if viewer.owns(hub, repo.owner):
        return "owner"
    request = gated.request_of(hub, repo, viewer.user.name)
    return request.status if request else ""
