"""What a person filled in, as the words they would have written in a comment: one parser reads both."""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.discord.tree import TARGETS

POSITIONAL = frozenset(TARGETS.values())


def words_of(data: Mapping[str, Any]) -> tuple[str, ...]:
    """`build owner/model hardware=t4-small force`, from the data of a command."""
    return (str(data["name"]), *_of_options(data.get("options", [])))


def typed_into(data: Mapping[str, Any]) -> tuple[str, str]:
    """The option that is being typed into, and what stands there so far."""
    for option in data.get("options", []):
        if option.get("focused"):
            return str(option["name"]), str(option["value"])
    return "", ""


def _of_options(options: Iterable[Mapping[str, Any]]) -> list[str]:
    words = []
    for option in options:
        name, value = str(option["name"]), option.get("value")
        match value:
            case None:  # a command below a command: `admin pause`
                words += [name, *_of_options(option.get("options", []))]
            case bool():
                words += [name] if value else []
            case _ if name in POSITIONAL:
                words.append(str(value))
            case _:
                words.append(f"{name}={value}")
    return words
