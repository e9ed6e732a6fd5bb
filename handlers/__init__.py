"""What the bot does when told something: one file per command or event."""

from bot.context import Context
from bot.domain.events import ApiAsked, CommentPosted, Event, InteractionAsked, ModelChanged
from handlers import api, changes, comments, interactions
from handlers.look import look

__all__ = ["apologise", "handle", "look"]


def handle(event: Event, ctx: Context) -> None:
    """The table from event to its file."""
    match event:
        case CommentPosted():
            comments.handle(event, ctx)
        case InteractionAsked():
            interactions.handle(event, ctx)
        case ApiAsked():
            api.handle(event, ctx)
        case ModelChanged():
            changes.handle(event, ctx)


def apologise(event: Event, ctx: Context) -> None:
    """One apology where the event came from, when its handling kept failing."""
    match event:
        case CommentPosted():
            comments.apologise(event, ctx)
        case InteractionAsked():
            interactions.apologise(event, ctx)
        case ApiAsked():
            api.apologise(event, ctx)
        case ModelChanged():
            return  # nobody waits for an answer, and the model is looked at all the same
