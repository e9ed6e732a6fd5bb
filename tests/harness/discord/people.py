"""Persons in Discord: they type commands, press buttons, write, and read what they can see."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from tests.harness.discord.asking import ask, resolved
from tests.harness.discord.callback_fields import Asked, Choice, ModalRow
from tests.harness.discord.choosing import Value, choose, commands_for, fill, nested
from tests.harness.discord.interactions import Interaction
from tests.harness.discord.message_fields import NewMessage
from tests.harness.discord.messages import LINK, Message, label
from tests.harness.discord.permissions import ALL
from tests.harness.discord.places import Channel, User
from tests.harness.discord.writing import OF_A_MESSAGE, Writer, show, write
from tests.harness.waiting import wait_until

if TYPE_CHECKING:
    from tests.harness.discord.server import DiscordServer

T = TypeVar("T")


class Person:
    """`locale` is the language of their client. Without `in_` they are in the first channel they know."""

    def __init__(self, discord: DiscordServer, user: User, locale: str) -> None:
        self.discord = discord
        self.user = user
        self.locale = locale
        self._read: set[str] = set()

    @property
    def id(self) -> str:
        return self.user.id

    @property
    def name(self) -> str:
        return self.user.name

    @property
    def dm(self) -> Channel:
        """The direct messages with the bot."""
        return self._do(lambda: self.discord.state.direct(self.user))

    def installs(self) -> None:
        """Add the app to the own account, to use it everywhere."""
        self._do(lambda: self.discord.state.installed_by.add(self.id))
        self.discord.webhook_events.authorized(self.user)

    def uninstalls(self) -> None:
        """Remove it, with everything that was allowed to it."""

        def remove() -> None:
            self.discord.state.installed_by.discard(self.id)
            self.discord.state.oauth.forget(self.user)

        self._do(remove)
        self.discord.webhook_events.deauthorized(self.user)

    def closes_dms(self) -> None:
        """From now on the bot can't write to them: 50007."""
        self._do(lambda: self.discord.state.closed_to_bot.add(self.id))

    def commands(self, in_: Channel | None = None) -> list[str]:
        """What is offered after a slash."""
        channel = in_ or self._here()
        return [each["name"] for each in commands_for(self.discord.state, self.user, channel)]

    def slash(self, command: str, *, in_: Channel | None = None, **options: Value) -> Interaction:
        """Send a command: `slash("build", model="zoo/x")`, `slash("admin pause")`.

        An option whose name is no Python name is written with underscores: `trust_remote_code`.
        """
        return self._command(command, in_, options, typing=None)

    def types(self, command: str, *, in_: Channel | None = None, **options: Value) -> list[Choice]:
        """Type into the last of the options, and get what it is completed to."""
        interaction = self.starts_typing(command, in_=in_, **options)
        interaction.acknowledged()
        assert interaction.choices is not None
        return interaction.choices

    def starts_typing(self, command: str, *, in_: Channel | None = None, **options: Value) -> Interaction:
        """As `types`, without waiting for choices."""
        assert options, "which option is typed into?"
        return self._command(command, in_, options, typing=list(options)[-1])

    def clicks(self, message: Message, button: str) -> Interaction:
        pressed = self._see(message).button(button)
        assert pressed["style"] != LINK, f"{button!r} is a link: open message.link({button!r})"
        return self._press(message, pressed, {"component_type": 2})

    def chooses(self, message: Message, menu: str, *labels: str) -> Interaction:
        """Choose from the menu with this placeholder."""
        menus = [
            each for each in self._see(message).pressables() if each["type"] == 3 and label(each) == menu
        ]
        assert menus, f"there is no menu {menu!r} here"
        values = [each["value"] for name in labels for each in menus[0]["options"] if each["label"] == name]
        assert len(values) == len(labels), f"not all of {labels} can be chosen"
        return self._press(message, menus[0], {"component_type": 3, "values": values})

    def submits(self, interaction: Interaction, **values: str) -> Interaction:
        """Fill in and send the form that an interaction has opened. Fields are named by their custom_id."""
        modal = interaction.modal
        assert modal, f"{interaction} has opened no form"
        rows = []
        for row in modal.components:
            field = row.components[0] if isinstance(row, ModalRow) else row.component
            filled = {
                "type": 4,
                "custom_id": field.custom_id,
                "value": values.pop(field.custom_id, field.value or ""),
            }
            assert filled["value"] or not field.required, f"{field.custom_id!r} must be filled in"
            as_row = isinstance(row, ModalRow)
            rows.append({"type": 1, "components": [filled]} if as_row else {"type": 18, "component": filled})
        assert not values, f"no fields {list(values)}"
        data = {"custom_id": modal.custom_id, "components": rows}
        return self._ask(interaction.channel, Asked.MODAL, data, source=interaction.source)

    def says(self, text: str, *, in_: Channel | None = None) -> Message:
        """Write as anybody does."""
        channel, state = in_ or self._here(), self.discord.state
        writer = Writer(
            self.user, OF_A_MESSAGE, channel.guild.permissions(self.user) if channel.guild else ALL
        )

        def send() -> Message:
            return show(state, write(state, channel, writer, NewMessage(content=text), []))

        return self._do(send)

    def sees(self, channel: Channel | None = None) -> list[Message]:
        """Every message that stands there for this person, oldest first."""
        return (channel or self._here()).seen_by(self.user)

    def next_message(self, in_: Channel | None = None, seconds: float = 15) -> Message:
        """The next message of the bot that has words and was not read yet."""
        channel = in_ or self._here()

        def unread() -> Message | None:
            bots = [each for each in channel.seen_by(self.user) if each.author.bot and not each.thinking]
            return next((each for each in bots if each.id not in self._read), None)

        message = wait_until(unread, f"a message in {channel.name}", seconds)
        self._read.add(message.id)
        return message

    def was_pinged(self) -> list[Message]:
        """The messages that have notified this person."""
        everywhere = [
            each for channel in self.discord.state.channels.values() for each in channel.seen_by(self.user)
        ]
        return [each for each in everywhere if self._is_called(each)]

    def _is_called(self, message: Message) -> bool:
        called = message.pinged
        return self.id in called.users or (called.everyone and self.user in message.channel.people())

    def _command(
        self, words: str, in_: Channel | None, options: dict[str, Value], *, typing: str | None
    ) -> Interaction:
        channel = in_ or self._here()
        command, below, known = choose(commands_for(self.discord.state, self.user, channel), words)
        named = {_option_name(name, known): value for name, value in options.items()}
        values = fill(known, named, typing=typing and _option_name(typing, known))
        data: dict[str, Any] = {name: command[name] for name in ("id", "name", "type")}
        data["options"] = nested(below, values)
        entities = [each for each in named.values() if isinstance(each, User | Channel)]
        data |= resolved(entities, self.user, channel)
        if "guild_id" in command:
            data["guild_id"] = command["guild_id"]
        asked = Asked.AUTOCOMPLETE if typing else Asked.COMMAND
        return self._ask(channel, asked, data, command=" ".join([command["name"], *below]))

    def _press(self, message: Message, pressed: dict[str, Any], data: dict[str, Any]) -> Interaction:
        assert not pressed.get("disabled"), f"{label(pressed)!r} can't be pressed"
        data = data | {"custom_id": pressed["custom_id"], "id": pressed.get("id", 0)}
        return self._ask(message.channel, Asked.COMPONENT, data, source=message)

    def _see(self, message: Message) -> Message:
        assert message in message.channel.seen_by(self.user), f"{self.name} does not see this message"
        return message

    def _ask(self, channel: Channel, asked: Asked, data: dict[str, Any], **more: Any) -> Interaction:
        return self._do(lambda: ask(self.discord.state, self, channel, asked, data, **more))

    def _here(self) -> Channel:
        for guild in self.discord.state.guilds.values():
            if self.user in guild.members and guild.channels:
                return guild.channels[0]
        return self.dm

    def _do(self, act: Callable[[], T]) -> T:
        return self.discord.do(act)


def _option_name(written: str, known: list[dict[str, Any]]) -> str:
    names = [option["name"] for option in known]
    return next((name for name in names if name.replace("-", "_") == written), written)
