"""A webhook's body becomes an Event or an Ignored. Pure: no I/O, and nothing of the body is believed later.

Our own models for the fields we use: huggingface_hub's `WebhookPayload` refuses bodies it doesn't know.
"""

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.domain.events import CommentPosted, Event, Ignored
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


class EventPart(Tolerant):
    action: str
    scope: str


class RepoPart(Tolerant):
    type: str
    name: str


class Payload(Tolerant):
    event: EventPart
    repo: RepoPart | None = None
    discussion: DiscussionPart | None = None
    comment: CommentPart | None = Field(default=None)


class UnreadablePayload(Exception):
    """The body is not a webhook's JSON."""


def read_payload(body: bytes, bot_name: str, bot_id: str) -> Event | Ignored:
    """What a delivery means. Raises UnreadablePayload for a body that can't be read at all."""
    try:
        payload = Payload.model_validate_json(body)
    except ValidationError as error:
        raise UnreadablePayload(_first_problem(error)) from None
    if payload.event.scope.split(".")[0] != "discussion":
        return Ignored(f"nothing to do for {payload.event.scope[:40]}")
    return _read_comment(payload, bot_name, bot_id)


def _read_comment(payload: Payload, bot_name: str, bot_id: str) -> Event | Ignored:
    match payload:
        case Payload(comment=None) | Payload(repo=None) | Payload(discussion=None):
            reason = "no comment in it"
        case Payload(event=EventPart(action=action)) if action not in {"create", "update"}:
            reason = "neither posted nor edited"
        case Payload(repo=RepoPart(type=kind)) if kind != "model":
            reason = "not on a model"
        case Payload(comment=CommentPart(author=Author(id=author))) if author == bot_id:
            reason = "our own comment"
        case Payload(comment=CommentPart(hidden=True)):
            reason = "the comment is hidden"
        case Payload(comment=CommentPart(content=text)) if not mentions(text or "", bot_name):
            reason = "we are not mentioned"
        case _:
            return _comment_posted(payload)
    return Ignored(reason)


def _comment_posted(payload: Payload) -> Event | Ignored:
    assert payload.repo and payload.discussion and payload.comment
    try:
        return CommentPosted(
            repo=payload.repo.name,
            num=payload.discussion.num,
            comment_id=payload.comment.id,
            author_id=payload.comment.author.id,
            is_edit=payload.event.action == "update",
        )
    except ValidationError as error:
        return Ignored(f"ids of an unknown form: {_first_problem(error)}")


def _first_problem(error: ValidationError) -> str:
    """Where and what, without the value that was sent."""
    first = error.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(str(part) for part in first['loc']) or 'body'}: {first['type']}"
