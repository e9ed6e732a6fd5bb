"""What the owners of a model repo have a say in: their file there, and who may write to the repo."""

from collections.abc import Sequence
from dataclasses import replace

from bot.context import Context
from bot.domain import messages
from bot.domain.errors import HubError, TokenGone, UserError
from bot.domain.models import DiscussionRef, Notify
from bot.domain.owner_voice import FILE, LARGEST, Allow, OwnerVoice, read_voice
from bot.domain.parser import Command
from bot.hub.models import Model
from bot.runs.admit import visible_model
from handlers.asked import Asked

MAIN = "main"
"""What is built where nothing else is said."""


def voice_of(repo: str, ctx: Context) -> OwnerVoice:
    """The owner's file as the bot can read it; a repo that it can't read has none."""
    try:
        return read_voice(ctx.bot_hub.get_bytes(f"/{repo}/resolve/main/{FILE}", LARGEST))
    except HubError:
        return OwnerVoice()


def voice_here(asked: Asked, ctx: Context) -> OwnerVoice:
    """The voice of the owner of the repo that this was asked in."""
    assert isinstance(asked.thread, DiscussionRef)
    return asked.voice or voice_of(asked.thread.repo, ctx)


def heard_here(commands: Sequence[Command], asked: Asked, ctx: Context) -> Asked:
    """With what the owner of this repo has to say. Whoever wants it built looks at it anyway: where it has no
    file of its owner's, none is read."""
    model = _seen_by_requester(asked, ctx) if any(is_of_here(each, asked) for each in commands) else None
    is_silent = isinstance(model, Model) and not model.may_have_voice
    return replace(asked, model=model, voice=OwnerVoice() if is_silent else voice_here(asked, ctx))


def is_of_here(command: Command, asked: Asked) -> bool:
    """Whether it is about the very model, at its main version, in whose repo it was asked."""
    here = isinstance(asked.thread, DiscussionRef) and command.target in {None, asked.thread.repo}
    return here and command.row.name in {"build", "plan", "rebuild"} and command.wishes.rev == MAIN


def _seen_by_requester(asked: Asked, ctx: Context) -> Model | UserError | None:
    """None for who is not connected, or is not any more."""
    assert isinstance(asked.thread, DiscussionRef)
    if not ctx.accounts.is_connected(asked.requester.id):
        return None
    try:
        return visible_model(ctx, asked.requester, asked.thread.repo, MAIN)
    except UserError as error:
        return None if error.code == "E_TOKEN" else error


def may_build_here(asked: Asked, ctx: Context) -> Notify:
    """UserError if the owner lets others build only; else the most that may be said in this thread."""
    if not isinstance(asked.thread, DiscussionRef):
        return Notify.ALL
    voice = voice_here(asked, ctx)
    match voice.allow:
        case Allow.ANYONE:
            allowed = True
        case Allow.WRITERS:
            allowed = is_writer(asked, ctx)
        case names:
            allowed = asked.requester.name in names or bool(set(names) & _organisations(asked, ctx))
    if not allowed:
        raise UserError("E_ROLE", messages.owner_says_no(asked.thread.repo))
    return voice.reply


def is_writer(asked: Asked, ctx: Context) -> bool:
    """Whether this person may write to the thread's repo, as the Hub says now."""
    assert isinstance(asked.thread, DiscussionRef)
    owner = asked.thread.repo.partition("/")[0]
    return _is_user(owner, asked.requester.id, ctx) or owner in _organisations(asked, ctx, {"write", "admin"})


def _is_user(name: str, user_id: str, ctx: Context) -> bool:
    try:
        return ctx.bot_hub.user_id(name) == user_id
    except HubError:  # an organisation's name
        return False


def _organisations(asked: Asked, ctx: Context, roles: set[str] | None = None) -> set[str]:
    """Names of this person's organisations, those in which they have one of these roles."""
    try:
        with ctx.accounts.acting_for(asked.requester.id) as (hub, _):
            return hub.organisations(roles)
    except TokenGone:
        return set()
