"""Messages come into being, change and go; the gateway hears of those that everyone in the channel sees."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tests.harness.discord.bodies import Upload
from tests.harness.discord.errors import invalid, refuse
from tests.harness.discord.mentions import mentions_of
from tests.harness.discord.message_fields import AttachmentFields, Flags, MessageFields
from tests.harness.discord.messages import File, Message, Revision
from tests.harness.discord.permissions import Permission
from tests.harness.discord.places import Channel, User

if TYPE_CHECKING:
    from tests.harness.discord.state import State

OF_A_MESSAGE = ("users", "roles", "everyone")
OF_AN_ANSWER = ("users",)
"""What is parsed for mentions when nothing was said about it."""


@dataclass(frozen=True)
class Writer:
    """Who writes, and as what: a bot in a channel, an answer to an interaction, or a person."""

    author: User
    usual: tuple[str, ...]
    may: Permission


def write(
    state: State, channel: Channel, writer: Writer, fields: MessageFields, uploads: list[Upload]
) -> Message:
    """A new message, not yet shown to anyone: see `show`."""
    first = Revision(state.clock.now())
    revision = _changed(state, first, writer, fields, uploads)
    return Message(
        id=state.clock.snowflake(),
        channel=channel,
        author=writer.author,
        revisions=[revision],
        flags=Flags(fields.flags or 0),
        pinged=revision.mentions,
        nonce=getattr(fields, "nonce", None),
        users=state.users,
    )


def thinking(state: State, channel: Channel, author: User) -> Message:
    """The place of an answer that will come."""
    nothing_yet = [Revision(state.clock.now())]
    return Message(
        state.clock.snowflake(), channel, author, nothing_yet, flags=Flags.LOADING, users=state.users
    )


def show(state: State, message: Message) -> Message:
    message.channel.messages[message.id] = message
    _tell(state, "MESSAGE_CREATE", message)
    return message


def change(
    state: State, message: Message, writer: Writer, fields: MessageFields, uploads: list[Upload]
) -> Message:
    """New words for a message. The first words of an answer that was awaited ping; later changes don't."""
    revision = _changed(state, message.now, writer, fields, uploads)
    if (
        not revision.content.strip()
        and not revision.embeds
        and not revision.components
        and not revision.files
    ):
        raise refuse(50006)
    if message.thinking:
        message.revisions, message.pinged = [revision], revision.mentions
        message.flags &= ~Flags.LOADING
    else:
        message.revisions.append(revision)
    if fields.flags is not None:
        message.flags = message.flags & ~Flags.SUPPRESS_EMBEDS | Flags(fields.flags) & Flags.SUPPRESS_EMBEDS
    _tell(state, "MESSAGE_UPDATE", message)
    return message


def delete(state: State, message: Message) -> None:
    message.deleted = True
    _tell(state, "MESSAGE_DELETE", message)


def _changed(
    state: State, before: Revision, writer: Writer, fields: MessageFields, uploads: list[Upload]
) -> Revision:
    now: dict[str, Any] = {"at": state.clock.now()}
    if fields.sent("content"):
        content = (fields.content or "").strip()
        now["content"] = content
        may = Permission.MENTION_EVERYONE in writer.may
        now["mentions"] = mentions_of(
            content, fields.allowed_mentions, usual=writer.usual, may_call_everyone=may
        )
    for name in ("embeds", "components"):
        if fields.sent(name):
            parts = getattr(fields, name) or []
            now[name] = tuple(part.model_dump(exclude_unset=True) for part in parts)
    if fields.sent("attachments") or uploads:
        now["files"] = _files(state, before.files, fields.attachments, uploads)
    return replace(before, **now)


def _files(
    state: State, before: tuple[File, ...], kept: list[AttachmentFields] | None, uploads: list[Upload]
) -> tuple[File, ...]:
    """The files that were kept, and the new ones. A new one is named by the number of its part."""
    old = {file.id: file for file in before}
    new = {upload.number: upload for upload in uploads}
    if kept is None:
        kept = [AttachmentFields(id=each.id) for each in before]
        kept += [AttachmentFields(id=number) for number in new]
    files = []
    for each in kept:
        if each.id in old:
            files.append(old[each.id])
        elif each.id in new:
            upload = new[each.id]
            files.append(File(state.clock.snowflake(), each.filename or upload.filename, upload.content))
        else:
            raise invalid(("attachments",), "ATTACHMENT_NOT_FOUND", f"Attachment {each.id} was not uploaded")
    return tuple(files)


def _tell(state: State, event: str, message: Message) -> None:
    if message.only_for is None and message.channel.bot_is_here:
        state.gateway.dispatch(event, _event_of(event, message), guild=message.channel.guild)


def _event_of(event: str, message: Message) -> dict[str, Any]:
    guild = message.channel.guild
    of_guild = {"guild_id": guild.id} if guild else {}
    if event == "MESSAGE_DELETE":
        return {"id": message.id, "channel_id": message.channel.id} | of_guild
    by_member = {"member": guild.member_json(message.author)} if guild else {}
    kind = {"channel_type": message.channel.type}
    return (
        message.json() | kind | of_guild | {name: _without_user(value) for name, value in by_member.items()}
    )


def _without_user(member: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in member.items() if name != "user"}
