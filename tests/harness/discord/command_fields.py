"""Application commands as they are registered.

https://docs.discord.com/developers/interactions/application-commands#application-command-object
"""

import unicodedata
from enum import IntEnum
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationInfo, field_validator, model_validator

from tests.harness.discord.fields import Fields, Snowflake, wrong

Locale = Literal[
    "id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu", "nl", "no", "pl",
    "pt-BR", "ro", "fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi", "th", "zh-CN", "ja",
    "zh-TW", "ko",
]  # fmt: skip


class Kind(IntEnum):
    """Types of options."""

    SUBCOMMAND = 1
    GROUP = 2
    STRING = 3
    INTEGER = 4
    BOOLEAN = 5
    USER = 6
    CHANNEL = 7
    ROLE = 8
    MENTIONABLE = 9
    NUMBER = 10
    ATTACHMENT = 11


def _is_name(value: str) -> str:
    r"""Discord's `^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$`, in lower case."""
    if not 1 <= len(value) <= 32 or not all(_may_stand_in_a_name(letter) for letter in value):
        raise wrong("APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
    if value != value.lower():
        raise wrong("APPLICATION_COMMAND_INVALID_NAME", "Command name must be in lower case")
    return value


def _may_stand_in_a_name(letter: str) -> bool:
    of_script = unicodedata.name(letter, "").startswith(("DEVANAGARI", "THAI"))
    return letter in "-_'" or unicodedata.category(letter)[0] in "LN" or of_script


Name = Annotated[str, AfterValidator(_is_name)]
Description = Annotated[str, Field(min_length=1, max_length=100)]
Names = dict[Locale, Name] | None
Descriptions = dict[Locale, Description] | None
ChoiceName = Annotated[str, Field(min_length=1, max_length=100)]


class OptionChoice(Fields):
    name: ChoiceName
    value: Annotated[str, Field(max_length=100)] | int | float
    name_localizations: dict[Locale, ChoiceName] | None = None


class Option(Fields):
    type: Annotated[int, Field(ge=1, le=11)]
    name: Name
    description: Description
    name_localizations: Names = None
    description_localizations: Descriptions = None
    required: bool = False
    choices: Annotated[list[OptionChoice], Field(max_length=25)] | None = None
    options: Annotated[list["Option"], Field(max_length=25)] | None = None
    channel_types: list[int] | None = None
    min_value: int | float | None = None
    max_value: int | float | None = None
    min_length: Annotated[int, Field(ge=0, le=6000)] | None = None
    max_length: Annotated[int, Field(ge=1, le=6000)] | None = None
    autocomplete: bool = False

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> "Option":
        _check_options(self.options or [])
        if self.options and self.type not in {Kind.SUBCOMMAND, Kind.GROUP}:
            raise wrong("APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "This type of option has no options")
        if (self.choices or self.autocomplete) and self.type not in {Kind.STRING, Kind.INTEGER, Kind.NUMBER}:
            raise wrong("APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "This type of option has no choices")
        if self.choices and self.autocomplete:
            raise wrong(
                "APPLICATION_COMMAND_OPTIONS_CHOICES_INVALID", "Choices and autocomplete exclude each other"
            )
        if any(not _fits(choice.value, self.type) for choice in self.choices or []):
            raise wrong("APPLICATION_COMMAND_OPTIONS_CHOICES_INVALID", "A choice is not of the option's type")
        return self


class Command(Fields):
    """One command of the body of a PUT or POST. `id` may be sent and is not believed."""

    type: Literal[1, 2, 3] = 1
    name: Annotated[str, Field(min_length=1, max_length=32)]
    description: Annotated[str, Field(max_length=100, validate_default=True)] = ""
    name_localizations: Names = None
    description_localizations: Descriptions = None
    options: Annotated[list[Option], Field(max_length=25, default_factory=list)]
    default_member_permissions: str | int | None = None
    dm_permission: bool | None = None
    integration_types: list[Literal[0, 1]] | None = None
    contexts: list[Literal[0, 1, 2]] | None = None
    nsfw: bool = False
    id: Snowflake | None = None

    @field_validator("name", "description")
    @classmethod
    def _suits_a_slash_command(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("type") != 1:
            return value
        if info.field_name == "name":
            return _is_name(value)
        if not value:
            raise wrong("BASE_TYPE_REQUIRED", "This field is required")
        return value

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> "Command":
        if self.type != 1 and (self.description or self.options):
            raise wrong("APPLICATION_COMMAND_CONTEXT_INVALID", "Only a slash command has these fields")
        _check_options(self.options)
        if _size(self) > 8000:
            raise wrong("APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (8000)")
        return self


def _check_options(options: list[Option]) -> None:
    names = [option.name for option in options]
    if len(names) != len(set(names)):
        raise wrong("APPLICATION_COMMAND_OPTIONS_NAME_INVALID", "Option names must be unique")
    required = [option.required for option in options]
    if required != sorted(required, reverse=True):
        message = "Required options must be placed before non-required options"
        raise wrong("APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message)
    below = [option.type in {Kind.SUBCOMMAND, Kind.GROUP} for option in options]
    if any(below) and not all(below):
        message = "Sub-command and sub-command group option types are mutually exclusive to all other types"
        raise wrong("APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message)


def _fits(value: object, kind: int) -> bool:
    match kind:
        case Kind.STRING:
            return isinstance(value, str)
        case Kind.INTEGER:
            return isinstance(value, int)
        case _:
            return isinstance(value, int | float)


def _size(part: Command | Option) -> int:
    """Characters of all names, descriptions and values, each in its longest language."""
    names = [part.name, *(part.name_localizations or {}).values()]
    descriptions = [part.description, *(part.description_localizations or {}).values()]
    here = max(map(len, names)) + max(map(len, descriptions))
    choices = getattr(part, "choices", None) or []
    here += sum(len(choice.name) + len(str(choice.value)) for choice in choices)
    return here + sum(_size(option) for option in part.options or [])


def as_stored(command: Command) -> dict[str, Any]:
    """What Discord keeps of it, with its defaults."""
    kept = command.model_dump(exclude={"id", "options"})
    permissions = kept["default_member_permissions"]
    kept["default_member_permissions"] = None if permissions is None else str(permissions)
    kept["integration_types"] = kept["integration_types"] or [0]
    kept["options"] = [_option(option) for option in command.options]
    return kept


def _option(option: Option) -> dict[str, Any]:
    kept = option.model_dump(exclude_unset=True, exclude_none=True, exclude={"options"})
    if not kept.get("required"):
        kept.pop("required", None)
    return kept | ({"options": [_option(each) for each in option.options]} if option.options else {})
