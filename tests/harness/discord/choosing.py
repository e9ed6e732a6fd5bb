"""What Discord's own client does before it sends a command: which ones it shows, and what may be typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.harness.discord.command_fields import Kind
from tests.harness.discord.commands import EVERYWHERE
from tests.harness.discord.permissions import Permission
from tests.harness.discord.places import DIRECT, Channel, Guild, User

if TYPE_CHECKING:
    from tests.harness.discord.state import State

Value = str | int | float | bool | User | Channel
IN_GUILD, IN_BOT_DM, IN_PRIVATE = 0, 1, 2
BY_GUILD, BY_USER = "0", "1"
VALUES = {
    Kind.STRING: str,
    Kind.INTEGER: int,
    Kind.BOOLEAN: bool,
    Kind.USER: User,
    Kind.CHANNEL: Channel,
    Kind.NUMBER: int | float,
}


def context_of(channel: Channel) -> int:
    if channel.guild:
        return IN_GUILD
    return IN_BOT_DM if channel.type == DIRECT else IN_PRIVATE


def owners_of(state: State, user: User, channel: Channel) -> dict[str, str]:
    """Through which installations the app can be asked here: `authorizing_integration_owners`."""
    owners = {}
    if channel.bot_is_here:
        owners[BY_GUILD] = channel.guild.id if channel.guild else "0"
    if user.id in state.installed_by:
        owners[BY_USER] = user.id
    return owners


def commands_for(state: State, user: User, channel: Channel) -> list[dict[str, Any]]:
    """What this person is offered after typing a slash here."""
    of_guild = state.commands.all(channel.guild.id) if channel.guild else []
    everything = [*of_guild, *state.commands.all(EVERYWHERE)]
    owners = {int(each) for each in owners_of(state, user, channel)}
    shown = []
    for command in everything:
        contexts = (
            command["contexts"] if command["contexts"] is not None else [IN_GUILD, IN_BOT_DM, IN_PRIVATE]
        )
        if command.get("dm_permission") is False and command["contexts"] is None:
            contexts = [IN_GUILD]
        installed = owners & set(command["integration_types"])
        if context_of(channel) in contexts and installed and _is_allowed(command, user, channel.guild):
            shown.append(command)
    return shown


def _is_allowed(command: dict[str, Any], user: User, guild: Guild | None) -> bool:
    """`default_member_permissions`: "0" is for administrators only."""
    needed = command["default_member_permissions"]
    if needed is None or guild is None:
        return True
    has = guild.permissions(user)
    return Permission.ADMINISTRATOR in has or (int(needed) != 0 and int(needed) & int(has) == int(needed))


def choose(
    commands: list[dict[str, Any]], words: str
) -> tuple[dict[str, Any], list[str], list[dict[str, Any]]]:
    """The command named by "admin" or "admin pause", its subcommands' names, and the options it takes."""
    name, *below = words.removeprefix("/").split()
    offered = [each["name"] for each in commands if each["type"] == 1]
    assert name in offered, f"no /{name} is offered here, only {offered}"
    command = next(each for each in commands if each["name"] == name and each["type"] == 1)
    options = command["options"]
    for each in below:
        found = [option for option in options if option["name"] == each and option["type"] <= Kind.GROUP]
        assert found, f"/{words} has no {each!r}"
        options = found[0].get("options", [])
    assert not any(option["type"] <= Kind.GROUP for option in options), f"/{words} is not a whole command"
    return command, below, options


def fill(
    options: list[dict[str, Any]], values: dict[str, Value], *, typing: str | None = None
) -> list[dict[str, Any]]:
    """The options' values as they are sent. `typing` is the option with the cursor, not checked yet."""
    known = {option["name"]: option for option in options}
    for name in values:
        assert name in known, f"there is no option {name!r}, only {list(known)}"
    missing = [
        option["name"] for option in options if option.get("required") and option["name"] not in values
    ]
    assert typing or not missing, f"Discord's client does not send a command without {missing}"
    filled = []
    for name, value in values.items():
        option = known[name]
        if name == typing:
            assert option.get("autocomplete"), f"{name!r} has no autocomplete"
            filled.append({"name": name, "type": option["type"], "value": value, "focused": True})
        else:
            _check_value(option, value)
            sent = value.id if isinstance(value, User | Channel) else value
            filled.append({"name": name, "type": option["type"], "value": sent})
    return filled


def _check_value(option: dict[str, Any], value: Value) -> None:
    name, expected = option["name"], VALUES[Kind(option["type"])]
    right = isinstance(value, expected) and (expected is bool or not isinstance(value, bool))
    assert right, f"{name!r} does not take {value!r}"
    choices = [choice["value"] for choice in option.get("choices", [])]
    assert not choices or value in choices, f"{name!r} is one of {choices}"
    if isinstance(value, int | float):
        assert option.get("min_value", value) <= value <= option.get("max_value", value), (
            f"{name!r} out of range"
        )
    if isinstance(value, str):
        longest = option.get("max_length", 6000)
        assert option.get("min_length", 0) <= len(value) <= longest, f"{name!r} is too long or too short"


def nested(below: list[str], options: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Options inside their subcommand, inside its group."""
    for depth, name in reversed(list(enumerate(below))):
        kind = Kind.GROUP if depth == 0 and len(below) == 2 else Kind.SUBCOMMAND
        options = [{"name": name, "type": int(kind), "options": options}]
    return options
