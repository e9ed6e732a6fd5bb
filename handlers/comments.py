"""A comment was posted: read it again from the Hub, find its commands, and do them.

The delivery is a hint. What counts is the comment as the Hub has it, by the author the Hub names.
"""

import logging
from dataclasses import replace

from bot.context import Context
from bot.domain import messages
from bot.domain.errors import HubError, UserError
from bot.domain.events import CommentPosted
from bot.domain.models import DiscussionRef, Requester, run_id_for
from bot.domain.parser import Command, parse
from bot.hub.discussions import Comment
from bot.log import fields
from handlers.asked import Asked, Outcome, conclude, notice, reply
from handlers.commands import carry_out, is_silent_here
from handlers.flood import one_too_many
from handlers.owner import heard_here
from handlers.turned_away import turned_away

log = logging.getLogger(__name__)


class _Dropped(Exception):
    """The delivery does not agree with the Hub, so nothing is done; the reason is for the log."""


def handle(event: CommentPosted, ctx: Context) -> None:
    try:
        comment, ours = _read_again(event, ctx)
    except _Dropped as dropped:
        log.warning("delivery dropped", extra=fields(delivery=event.key, reason=str(dropped)))
        return
    asked = Asked(
        delivery_key=event.key,
        requester=Requester(id=event.author_id, name=comment.author),
        thread=DiscussionRef(repo=event.repo, num=event.num),
        said_before=ours,
    )
    if event.is_edit and comment.edited_by != comment.author:
        log.warning("edited by someone else", extra=fields(delivery=event.key, thread=asked.thread.key))
        conclude(asked, "", Outcome(None, "E_EDITED"), ctx)
        return
    _do_all(comment, asked, ctx, only=event.number if event.again else None)


def apologise(event: CommentPosted, ctx: Context) -> None:
    requester = Requester(id=event.author_id, name="")
    asked = Asked(event.key, requester, DiscussionRef(repo=event.repo, num=event.num), part=":sorry")
    reply(asked, messages.apology(event.comment_id), ctx)


def _read_again(event: CommentPosted, ctx: Context) -> tuple[Comment, tuple[str, ...]]:
    """The comment as it is now, by the author that the delivery names, and what we have said beside it."""
    try:
        comments = ctx.discussions.comments(event.repo, event.num)
    except HubError as error:
        raise _Dropped(f"the Hub answered {error.status}") from None
    comment = next((found for found in comments if found.id == event.comment_id), None)
    if comment is None or comment.hidden:
        raise _Dropped("the comment is gone")
    if (comment.author_id or ctx.bot_hub.user_id(comment.author)) != event.author_id:
        raise _Dropped("the author is someone else")
    ours = [found for found in comments if found.author == ctx.bot_name]
    said = (None if found.hidden else found.text for found in ours)
    ctx.first_hand.heard(run_id_for(event.key), comment.posted_at, said)
    return comment, tuple(found.text for found in ours)


def _do_all(comment: Comment, asked: Asked, ctx: Context, only: int | None) -> None:
    """Check every command before any runs; `only` is the number of the one that waited."""
    try:
        commands = _commands(comment, ctx)
    except UserError as error:
        refused = _refusal(error, asked, ctx)
        if comment.edited:  # its posting and each edit of it are deliveries of their own
            notice(replace(asked, delivery_key=f"comment:{comment.id}", part=":edited"), refused, ctx)
        else:
            conclude(asked, "", refused, ctx)
        return
    if commands:
        asked = heard_here(commands, asked, ctx)
    for number, command in enumerate(commands):
        if only in {None, number}:
            carry_out(command, replace(asked, part=f":{number}"), ctx)


def _refusal(error: UserError, asked: Asked, ctx: Context) -> Outcome:
    if is_silent_here("", asked, ctx):
        return Outcome(None, error.code)
    instead = turned_away(asked, "", ctx) or one_too_many(asked, "", ctx)
    return instead or Outcome(messages.refused(error.code, str(error)), error.code)


def _commands(comment: Comment, ctx: Context) -> list[Command]:
    """Nothing of an edited comment is run: whoever may write to the repo can edit everyone's."""
    if not comment.edited:
        return parse(comment.text, ctx.bot_name)
    if _is_for_us(comment, ctx):
        raise UserError("E_EDITED", messages.edited())
    return []


def _is_for_us(comment: Comment, ctx: Context) -> bool:
    try:
        return bool(parse(comment.text, ctx.bot_name))
    except UserError:
        return True
