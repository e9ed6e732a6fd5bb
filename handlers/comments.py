"""A comment was posted: read it again from the Hub, find its commands, and do them.

The delivery is a hint. What counts is the comment as the Hub has it, by the author the Hub names.
"""

import logging
from dataclasses import replace

from bot.context import Context
from bot.domain import messages
from bot.domain.errors import HubError, UserError
from bot.domain.events import CommentPosted
from bot.domain.models import DiscussionRef, Requester
from bot.domain.parser import Command, parse
from bot.hub.discussions import Comment
from bot.log import fields
from handlers.asked import Asked, Outcome, conclude, reply
from handlers.commands import carry_out, is_silent_here

log = logging.getLogger(__name__)


class _Dropped(Exception):
    """The delivery does not agree with the Hub, so nothing is done; the reason is for the log."""


def handle(event: CommentPosted, ctx: Context) -> None:
    try:
        comment = _read_again(event, ctx)
    except _Dropped as dropped:
        log.warning("delivery dropped", extra=fields(delivery=event.key, reason=str(dropped)))
        return
    asked = Asked(
        delivery_key=event.key,
        requester=Requester(id=event.author_id, name=comment.author),
        thread=DiscussionRef(repo=event.repo, num=event.num),
    )
    _do_all(comment, asked, ctx)


def apologise(event: CommentPosted, ctx: Context) -> None:
    requester = Requester(id=event.author_id, name="")
    asked = Asked(event.key, requester, DiscussionRef(repo=event.repo, num=event.num), part=":sorry")
    reply(asked, messages.apology(event.comment_id), ctx)


def _read_again(event: CommentPosted, ctx: Context) -> Comment:
    """The comment as it is now, by the author that the delivery names."""
    try:
        comments = ctx.discussions.comments(event.repo, event.num)
    except HubError as error:
        raise _Dropped(f"the Hub answered {error.status}") from None
    comment = next((found for found in comments if found.id == event.comment_id), None)
    if comment is None or comment.hidden:
        raise _Dropped("the comment is gone")
    if ctx.bot_hub.user_id(comment.author) != event.author_id:
        raise _Dropped("the author is someone else")
    return comment


def _do_all(comment: Comment, asked: Asked, ctx: Context) -> None:
    """Check every command before any runs."""
    try:
        commands = _commands(comment, ctx)
    except UserError as error:
        sentence = None if is_silent_here("", asked, ctx) else messages.refused(error.code, str(error))
        conclude(asked, "", Outcome(sentence, error.code), ctx)
        return
    for number, command in enumerate(commands):
        carry_out(command, replace(asked, part=f":{number}"), ctx)


def _commands(comment: Comment, ctx: Context) -> list[Command]:
    commands = parse(comment.text, ctx.bot_name)
    if commands and comment.edited:
        raise UserError("E_EDITED", messages.edited())
    return commands
