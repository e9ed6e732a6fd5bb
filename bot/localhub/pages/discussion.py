"""Discussions of a repo: the list, the form for a new one, the thread, and what people do in it."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.localhub import discussions
from bot.localhub.accounts import Caller, TheHub, User
from bot.localhub.discussion_records import Discussion, EventType
from bot.localhub.pages.markdown import rendered
from bot.localhub.pages.page import PageRoute, Sender, Viewer, VisibleRepo, go_to, show
from bot.localhub.pages.repo_frame import address_of, frame_of
from bot.localhub.repo_paths import WEB
from bot.localhub.repos import Repo
from bot.localhub.state import Hub

router = APIRouter(prefix=WEB + "/discussions", route_class=PageRoute, include_in_schema=False)


def _discussion(hub: TheHub, repo: VisibleRepo, num: int) -> Discussion:
    return discussions.discussion_of(hub, repo, num)


TheDiscussion = Annotated[Discussion, Depends(_discussion)]
Text = Annotated[str, Form()]


@router.get("")
def list_page(request: Request, hub: TheHub, repo: VisibleRepo) -> HTMLResponse:
    found = [(one, _comment_count(one)) for one in discussions.discussions_of(hub, repo)]
    return show(request, "discussions.html", **frame_of(hub, repo), found=found)


@router.post("")
def open_discussion(
    hub: TheHub, sender: Sender, repo: VisibleRepo, title: Text = "", text: Text = ""
) -> RedirectResponse:
    opened = discussions.open_discussion(hub, repo, sender.user, title, text)
    return go_to(thread_address(repo, opened))


@router.get("/{num:int}")
def thread_page(
    request: Request, hub: TheHub, viewer: Viewer, repo: VisibleRepo, discussion: TheDiscussion
) -> HTMLResponse:
    return show(request, "thread.html", **frame_of(hub, repo), **thread_of(hub, viewer, repo, discussion))


@router.get("/{num:int}/events")
def thread_events(
    request: Request, hub: TheHub, viewer: Viewer, repo: VisibleRepo, discussion: TheDiscussion
) -> HTMLResponse:
    """Only what happened in the thread: the part of its page that stays fresh."""
    return show(request, "thread_events.html", repo=repo, **thread_of(hub, viewer, repo, discussion))


@router.post("/{num:int}/comment")
def add_comment(
    hub: TheHub, sender: Sender, repo: VisibleRepo, discussion: TheDiscussion, text: Text = ""
) -> RedirectResponse:
    comment = discussions.add_comment(hub, repo, discussion, sender.user, text)
    return go_to(f"{thread_address(repo, discussion)}#{comment.id}")


@router.post("/{num:int}/comment/{comment_id}/edit")
def edit_comment(
    hub: TheHub,
    sender: Sender,
    repo: VisibleRepo,
    discussion: TheDiscussion,
    comment_id: str,
    text: Text = "",
) -> RedirectResponse:
    comment = discussions.edit_comment(hub, repo, discussion, comment_id, sender.user, text)
    return go_to(f"{thread_address(repo, discussion)}#{comment.id}")


@router.post("/{num:int}/comment/{comment_id}/hide")
def hide_comment(
    hub: TheHub, sender: Sender, repo: VisibleRepo, discussion: TheDiscussion, comment_id: str
) -> RedirectResponse:
    comment = discussions.hide_comment(hub, repo, discussion, comment_id, sender.user)
    return go_to(f"{thread_address(repo, discussion)}#{comment.id}")


@router.post("/{num:int}/status")
def change_status(
    hub: TheHub, sender: Sender, repo: VisibleRepo, discussion: TheDiscussion, status: Text = ""
) -> RedirectResponse:
    discussions.change_status(hub, repo, discussion, sender.user, status)
    return go_to(thread_address(repo, discussion))


def thread_address(repo: Repo, discussion: Discussion) -> str:
    return f"{address_of(repo)}/discussions/{discussion.num}"


def thread_of(hub: Hub, viewer: Caller | None, repo: Repo, discussion: Discussion) -> dict[str, Any]:
    """What the thread's templates need."""
    me = viewer.user.name if viewer else None
    owner = hub.all(User).get(repo.owner)
    moderates = me is not None and (me == repo.owner or (owner is not None and me in owner.members))
    return {
        "discussion": discussion,
        "thread": thread_address(repo, discussion),
        "comment_count": _comment_count(discussion),
        "me": me,
        "moderates": moderates,
        "may_close": moderates or me == discussion.author,
        "rendered": rendered,
    }


def _comment_count(discussion: Discussion) -> int:
    return sum(event.type is EventType.COMMENT for event in discussion.events)
