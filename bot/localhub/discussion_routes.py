"""Discussions over the API."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from bot.localhub import diffs, discussions, pull_requests
from bot.localhub.accounts import Caller, TheCaller, TheHub
from bot.localhub.discussion_records import (
    Discussion,
    changes_json,
    discussion_json,
    discussion_url,
    event_json,
)
from bot.localhub.repo_paths import API, ReadableRepo, WritableRepo
from bot.localhub.repos import web_url

router = APIRouter(prefix=API + "/discussions")
PAGE = 10


class NewDiscussion(BaseModel):
    title: str
    description: str
    pullRequest: bool = False  # noqa: N815 - the wire's name


class Filters(BaseModel):
    """The query of a list. `all` and the absence of a filter mean the same."""

    p: int = 0
    type: Literal["all", "discussion", "pull_request"] = "all"
    status: Literal["all", "open", "closed"] = "all"
    author: str | None = None

    def let_through(self, discussion: Discussion) -> bool:
        kind = "pull_request" if discussion.is_pull_request else "discussion"
        status = "open" if discussion.status == "draft" else discussion.status
        return (
            self.type in {"all", kind}
            and self.status in {"all", status}
            and self.author in {None, discussion.author}
        )


class Comment(BaseModel):
    comment: str


class Content(BaseModel):
    content: str


class Status(BaseModel):
    status: str
    comment: str | None = None


class Merging(BaseModel):
    comment: str | None = None


class Title(BaseModel):
    title: str


def _writer(caller: TheCaller) -> Caller:
    caller.require("write-discussions", "write-repos", "manage-repos")
    return caller


def _discussion(hub: TheHub, repo: ReadableRepo, num: int) -> Discussion:
    return discussions.discussion_of(hub, repo, num)


Writer = Annotated[Caller, Depends(_writer)]
TheDiscussion = Annotated[Discussion, Depends(_discussion)]


@router.get("")
def list_discussions(hub: TheHub, repo: ReadableRepo, filters: Annotated[Filters, Query()]) -> dict[str, Any]:
    found = [
        discussion for discussion in discussions.discussions_of(hub, repo) if filters.let_through(discussion)
    ]
    start = max(0, filters.p) * PAGE
    shown = [discussion_json(repo, discussion) for discussion in found[start : start + PAGE]]
    return {"discussions": shown, "count": len(found), "start": start}


@router.post("")
def open_discussion(hub: TheHub, caller: Writer, repo: ReadableRepo, body: NewDiscussion) -> dict[str, Any]:
    opening = pull_requests.open_draft if body.pullRequest else discussions.open_discussion
    opened = opening(hub, repo, caller.user, body.title, body.description)
    url = f"{web_url(hub, repo)}{discussion_url(opened)}"
    return {"num": opened.num, "pullRequest": opened.is_pull_request, "url": url}


@router.get("/{num}")
def details(hub: TheHub, repo: ReadableRepo, discussion: TheDiscussion, diff: bool = False) -> dict[str, Any]:
    shown = {
        **discussion_json(repo, discussion),
        "events": [event_json(event) for event in discussion.events],
    }
    if discussion.is_pull_request:
        shown["changes"] = changes_json(discussion)
        shown["filesWithConflicts"] = pull_requests.conflicts(hub, repo, discussion)
        if diff:
            shown["diff"] = diffs.diff_of(hub, repo, discussion)
    return shown


@router.post("/{num}/comment")
def comment(
    hub: TheHub, caller: Writer, repo: ReadableRepo, discussion: TheDiscussion, body: Comment
) -> dict[str, Any]:
    return {
        "newMessage": event_json(discussions.add_comment(hub, repo, discussion, caller.user, body.comment))
    }


@router.post("/{num}/comment/{comment_id}/edit")
def edit(
    hub: TheHub, caller: Writer, repo: ReadableRepo, discussion: TheDiscussion, comment_id: str, body: Content
) -> dict[str, Any]:
    edited = discussions.edit_comment(hub, repo, discussion, comment_id, caller.user, body.content)
    return {"updatedComment": event_json(edited)}


@router.post("/{num}/comment/{comment_id}/hide")
def hide(
    hub: TheHub, caller: Writer, repo: ReadableRepo, discussion: TheDiscussion, comment_id: str
) -> dict[str, Any]:
    hidden = discussions.hide_comment(hub, repo, discussion, comment_id, caller.user)
    return {"updatedComment": event_json(hidden)}


@router.post("/{num}/status")
def change_status(
    hub: TheHub, caller: Writer, repo: ReadableRepo, discussion: TheDiscussion, body: Status
) -> dict[str, Any]:
    changed = discussions.change_status(hub, repo, discussion, caller.user, body.status)
    if body.comment:
        discussions.add_comment(hub, repo, discussion, caller.user, body.comment)
    return {"newStatus": event_json(changed)}


@router.post("/{num}/title")
def rename(
    hub: TheHub, caller: Writer, repo: ReadableRepo, discussion: TheDiscussion, body: Title
) -> dict[str, Any]:
    return {"newTitle": event_json(discussions.rename(hub, repo, discussion, caller.user, body.title))}


@router.post("/{num}/merge")
def merge(
    hub: TheHub,
    caller: TheCaller,
    repo: WritableRepo,
    discussion: TheDiscussion,
    body: Merging | None = None,
) -> dict[str, Any]:
    """For those who may write to the repo: the pull request's changes become a commit on its base."""
    comment = body.comment if body else None
    merged = pull_requests.merge(hub, repo, discussion, caller.user, comment)
    return {"success": True, "mergeCommitId": merged.merged_as}
