"""A webhook's body becomes an Event or an Ignored. Pure: no I/O, and nothing of the body is believed later.

Our own models for the fields we use: huggingface_hub's `WebhookPayload` refuses bodies it doesn't know.
"""

import hashlib
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.domain.events import CommentPosted, Event, Ignored, ModelChanged
from bot.domain.parser import mentions


class Tolerant(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Author(Tolerant):
    id: str


class CommentPart(Tolerant):
    id: str
    author: Author
    content: str | None = None
    hidden: bool = False


class DiscussionPart(Tolerant):
    num: int


T = TypeVar("T", bound=Tolerant)


class EventPart(Tolerant):
    action: str
    scope: str


class RepoPart(Tolerant):
    type: str
    name: str


class ChangedRepo(RepoPart):
    id: str = ""
    head: str | None = Field(default=None, alias="headSha")


class UpdatedRef(Tolerant):
    ref: str
    old: str | None = Field(default=None, alias="oldSha")
    new: str | None = Field(default=None, alias="newSha")


class Payload(Tolerant):
    event: EventPart
    repo: RepoPart | None = None
    discussion: DiscussionPart | None = None
    comment: CommentPart | None = Field(default=None)


class ChangePayload(Tolerant):
    """What only a change of a repo brings: odd refs have no say in whether a comment can be read."""

    event: EventPart
    repo: ChangedRepo | None = None
    refs: tuple[UpdatedRef, ...] | None = Field(default=None, alias="updatedRefs")


class UnreadablePayload(Exception):
    """The body is not a webhook's JSON."""


def read_payload(body: bytes, bot_name: str, bot_id: str) -> Event | Ignored:
    """What a delivery means. Raises UnreadablePayload for a body that can't be read at all."""
    payload = _read(Payload, body)
    if payload.event.scope.split(".")[0] != "discussion":
        return Ignored(f"nothing to do for {payload.event.scope[:40]}")
    return _read_comment(payload, bot_name, bot_id)


def read_change(body: bytes, watcher_id: str) -> ModelChanged | Ignored:
    """What a delivery of a watcher's own webhook means. Raises UnreadablePayload likewise."""
    payload = _read(ChangePayload, body)
    if payload.repo is None or payload.repo.type != "model" or payload.event.scope.split(".")[0] != "repo":
        return Ignored("not about a model's repo")
    refs = payload.refs or ()
    if refs and not any(each.ref == "refs/heads/main" or each.ref.startswith("refs/tags/") for each in refs):
        return Ignored("neither `main` nor a tag")
    said = [
        payload.event.model_dump_json(),
        str(payload.repo.head),
        *(each.model_dump_json() for each in refs),
    ]
    try:
        return ModelChanged(
            watcher_id=watcher_id,
            repo=payload.repo.name,
            repo_id=payload.repo.id,
            what=hashlib.sha256("|".join(said).encode()).hexdigest()[:32],
        )
    except ValidationError as error:
        return Ignored(f"ids of an unknown form: {_first_problem(error)}")


def _read(kind: type[T], body: bytes) -> T:
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        raise UnreadablePayload(_first_problem(error)) from None


def _read_comment(payload: Payload, bot_name: str, bot_id: str) -> Event | Ignored:
    comment, repo, discussion = payload.comment, payload.repo, payload.discussion
    if comment is None or repo is None or discussion is None:
        return Ignored("no comment in it")
    if payload.event.action not in {"create", "update"}:
        reason = "neither posted nor edited"
    elif repo.type != "model":
        reason = "not on a model"
    elif comment.author.id == bot_id:
        reason = "our own comment"
    elif comment.hidden:
        reason = "the comment is hidden"
    elif not mentions(comment.content or "", bot_name):
        reason = "we are not mentioned"
    else:
        return _comment_posted(comment, repo, discussion, is_edit=payload.event.action == "update")
    return Ignored(reason)


def _comment_posted(
    comment: CommentPart, repo: RepoPart, discussion: DiscussionPart, *, is_edit: bool
) -> Event | Ignored:
    try:
        return CommentPosted(
            repo=repo.name,
            num=discussion.num,
            comment_id=comment.id,
            author_id=comment.author.id,
            is_edit=is_edit,
        )
    except ValidationError as error:
        return Ignored(f"ids of an unknown form: {_first_problem(error)}")


def _first_problem(error: ValidationError) -> str:
    """Where and what, without the value that was sent."""
    first = error.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(str(part) for part in first['loc']) or 'body'}: {first['type']}"
