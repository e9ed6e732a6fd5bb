"""What the owners of a model repo have a say in: their file there, and who may write to the repo."""

from bot.context import Context
from bot.domain import messages
from bot.domain.errors import HubError, TokenGone, UserError
from bot.domain.models import DiscussionRef, Notify
from bot.domain.owner_voice import FILE, LARGEST, Allow, OwnerVoice, read_voice
from handlers.asked import Asked


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
