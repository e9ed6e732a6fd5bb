"""What may be answered to an interaction, when, and what comes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.harness.discord.bodies import Upload
from tests.harness.discord.callback_fields import Asked, Callback, Choices, Deferral, Kind, Modal, kind_of
from tests.harness.discord.errors import invalid, refuse
from tests.harness.discord.fields import read
from tests.harness.discord.interactions import FIRST_ANSWER, TOKEN_LIFE, Interaction
from tests.harness.discord.message_fields import (
    FLAGS_OF_AN_ANSWER,
    ChangedMessage,
    Flags,
    MessageFields,
    NewInteractionMessage,
    check,
    check_not_empty,
)
from tests.harness.discord.messages import Message
from tests.harness.discord.permissions import Permission
from tests.harness.discord.writing import OF_AN_ANSWER, Writer, change, show, thinking, write

if TYPE_CHECKING:
    from tests.harness.discord.state import State

MOST_FOLLOWUPS = 5
"""Where only the user has installed the app."""


def answer(state: State, interaction: Interaction, body: object, uploads: list[Upload]) -> None:
    """The first answer. Refused when late, when it is the second, or when it can't answer this."""
    if interaction.kind is not None:
        raise refuse(40060)
    if state.clock.now() - interaction.asked_at > FIRST_ANSWER:
        raise refuse(10062)
    callback = read(Callback, body)
    kind = kind_of(callback, interaction.asked)
    _take(state, interaction, kind, callback.data, uploads)
    interaction.kind, interaction.answered_at = kind, state.clock.now()


def _take(
    state: State, interaction: Interaction, kind: Kind, data: dict[str, Any] | None, uploads: list[Upload]
) -> None:
    match kind:
        case Kind.MESSAGE:
            fields = read(NewInteractionMessage, _needed(data), ("data",))
            interaction.original = _new(state, interaction, fields, uploads, ("data",))
        case Kind.DEFERRED_MESSAGE:
            flags = read(Deferral, data or {}, ("data",)).flags or 0
            message = thinking(state, interaction.channel, state.bot)
            interaction.original = show(state, _made_by(interaction, message, Flags(flags) & Flags.EPHEMERAL))
        case Kind.DEFERRED_UPDATE:
            interaction.original = interaction.source
        case Kind.UPDATE:
            interaction.original = _update(state, interaction, _needed(data), uploads)
        case Kind.CHOICES:
            interaction.choices = read(Choices, _needed(data), ("data",)).choices
            _check_choices(interaction)
        case Kind.MODAL:
            interaction.modal = read(Modal, _needed(data), ("data",))
        case Kind.PONG:
            pass


def follow_up(state: State, interaction: Interaction, body: object, uploads: list[Upload]) -> Message:
    """A further message. After a deferral the first one takes the place that was kept."""
    fields = read(NewInteractionMessage, body)
    kept = interaction.original
    if interaction.kind is Kind.DEFERRED_MESSAGE and kept and kept.thinking:
        check_not_empty(fields, len(uploads))
        check(fields, FLAGS_OF_AN_ANSWER)
        return change(state, kept, _writer(state, interaction), fields, uploads)
    if interaction.only_by_user and len(interaction.followups) >= MOST_FOLLOWUPS:
        raise refuse(40094)
    message = _new(state, interaction, fields, uploads)
    interaction.followups.append(message)
    return message


def rewrite(
    state: State, interaction: Interaction, message: Message, body: object, uploads: list[Upload]
) -> Message:
    """Change one of the interaction's messages with its token."""
    fields = read(ChangedMessage, body)
    check(fields, Flags.SUPPRESS_EMBEDS)
    return change(state, message, _writer(state, interaction), fields, uploads)


def interaction_of(state: State, token: str) -> Interaction:
    """The interaction that this token may still speak for."""
    interaction = state.interactions.get(token)
    if interaction is None:
        raise refuse(50027)
    if state.clock.now() - interaction.asked_at > TOKEN_LIFE:
        raise refuse(50027)
    if interaction.kind in {None, Kind.CHOICES, Kind.MODAL}:
        raise refuse(10015)
    return interaction


def message_of(interaction: Interaction, message_id: str) -> Message:
    """One of its messages, or `@original`."""
    own = [each for each in (interaction.original, *interaction.followups) if each and not each.deleted]
    if message_id == "@original":
        own = [each for each in own if each is interaction.original]
    else:
        own = [each for each in own if each.id == message_id]
    if not own:
        raise refuse(10008)
    return own[0]


def _new(
    state: State,
    interaction: Interaction,
    fields: MessageFields,
    uploads: list[Upload],
    at: tuple[str, ...] = (),
) -> Message:
    check(fields, FLAGS_OF_AN_ANSWER, at)
    check_not_empty(fields, len(uploads))
    message = write(state, interaction.channel, _writer(state, interaction), fields, uploads)
    return show(state, _made_by(interaction, message, Flags(fields.flags or 0)))


def _update(state: State, interaction: Interaction, data: dict[str, Any], uploads: list[Upload]) -> Message:
    """The message whose button was pressed says something else."""
    fields = read(ChangedMessage, data, ("data",))
    check(fields, Flags.SUPPRESS_EMBEDS, ("data",))
    assert interaction.source
    return change(state, interaction.source, _writer(state, interaction), fields, uploads)


def _made_by(interaction: Interaction, message: Message, flags: Flags) -> Message:
    """Marked as this interaction's, and hidden from others when it is ephemeral."""
    message.flags |= flags
    channel = interaction.channel
    is_visitor = interaction.only_by_user and channel.guild is not None
    if is_visitor and Permission.USE_EXTERNAL_APPS not in channel.people_may:
        message.flags |= Flags.EPHEMERAL
    message.only_for = interaction.user if message.ephemeral else None
    message.webhook_id = str(interaction.payload["application_id"])
    message.interaction = {
        "id": interaction.id,
        "type": int(interaction.asked),
        "user": interaction.user.json(),
        "authorizing_integration_owners": interaction.owners,
    } | ({"name": interaction.command} if interaction.asked is Asked.COMMAND else {})
    if interaction.source:
        message.interaction["interacted_message_id"] = interaction.source.id
    return message


def _writer(state: State, interaction: Interaction) -> Writer:
    return Writer(state.bot, OF_AN_ANSWER, interaction.channel.app_permissions)


def _needed(data: dict[str, Any] | None) -> dict[str, Any]:
    if data is None:
        raise invalid(("data",), "BASE_TYPE_REQUIRED", "This field is required")
    return data


def _check_choices(interaction: Interaction) -> None:
    """Each choice has the type of the option that is being typed."""
    option = _focused(interaction.payload["data"]["options"])
    wanted: type | tuple[type, ...] = {3: str, 4: int}.get(option["type"], (int, float))
    for number, choice in enumerate(interaction.choices or []):
        if not isinstance(choice.value, wanted):
            at = ("data", "choices", number, "value")
            interaction.choices = None
            raise invalid(at, "AUTOCOMPLETE_CHOICE_TYPE_INVALID", "Not of the option's type")


def _focused(options: list[dict[str, Any]]) -> dict[str, Any]:
    for option in options:
        if option.get("focused"):
            return option
        if option.get("options"):
            return _focused(option["options"])
    raise AssertionError("no option is focused")
