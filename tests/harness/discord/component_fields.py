"""Buttons and menus in action rows: at most five rows, ids of at most 100 characters, none twice."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator

from tests.harness.discord.fields import Anything, Fields, Snowflake, Url, wrong

LINK = 5
CustomId = Annotated[str, Field(min_length=1, max_length=100)]


class Emoji(Fields):
    id: Snowflake | None = None
    name: str | None = None
    animated: bool = False


class Button(Fields):
    """A link has a url and nothing to press; any other button has a custom_id."""

    type: Literal[2]
    style: Literal[1, 2, 3, 4, 5]
    id: int | None = None
    label: Annotated[str, Field(max_length=80)] | None = None
    emoji: Emoji | None = None
    custom_id: CustomId | None = None
    url: Annotated[Url, Field(max_length=512)] | None = None
    disabled: bool = False

    @model_validator(mode="after")
    def _is_whole(self) -> "Button":
        if not self.label and not self.emoji:
            raise wrong("BUTTON_COMPONENT_INVALID", "A button needs a label or an emoji")
        if self.style == LINK and (not self.url or self.custom_id):
            raise wrong("BUTTON_COMPONENT_INVALID_URL", "A link button must have a url, and no custom id")
        if self.style != LINK and (self.url or not self.custom_id):
            raise wrong("BUTTON_COMPONENT_CUSTOM_ID_REQUIRED", "A custom id required")
        return self


class Choice(Fields):
    label: Annotated[str, Field(min_length=1, max_length=100)]
    value: Annotated[str, Field(min_length=1, max_length=100)]
    description: Annotated[str, Field(max_length=100)] | None = None
    emoji: Emoji | None = None
    default: bool = False


class Menu(Fields):
    """A select menu: of own choices (3), or of users, roles, mentionables, channels (5-8)."""

    type: Literal[3, 5, 6, 7, 8]
    custom_id: CustomId
    id: int | None = None
    options: Annotated[list[Choice], Field(min_length=1, max_length=25)] | None = None
    placeholder: Annotated[str, Field(max_length=150)] | None = None
    min_values: Annotated[int, Field(ge=0, le=25)] = 1
    max_values: Annotated[int, Field(ge=1, le=25)] = 1
    disabled: bool = False
    required: Anything = None
    channel_types: list[int] | None = None
    default_values: list[Anything] | None = None

    @model_validator(mode="after")
    def _has_its_choices(self) -> "Menu":
        if (self.type == 3) != (self.options is not None):
            raise wrong("SELECT_COMPONENT_OPTIONS_INVALID", "Only a string select has options, and it must")
        values = [choice.value for choice in self.options or []]
        if len(values) != len(set(values)):
            raise wrong(
                "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The specified option value is used twice"
            )
        return self


def _kind(value: object) -> str:
    kind = value.get("type") if isinstance(value, dict) else getattr(value, "type", None)
    return "~menu" if kind in {3, 5, 6, 7, 8} else "~button"


Pressable = Annotated[Annotated[Button, Tag("~button")] | Annotated[Menu, Tag("~menu")], Discriminator(_kind)]


class ActionRow(Fields):
    type: Literal[1]
    id: int | None = None
    components: Annotated[list[Pressable], Field(min_length=1, max_length=5)]

    @model_validator(mode="after")
    def _has_room(self) -> "ActionRow":
        if len(self.components) > 1 and any(isinstance(each, Menu) for each in self.components):
            raise wrong(
                "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The specified component exceeds the maximum width"
            )
        return self


def _each_once(rows: list[ActionRow] | None) -> list[ActionRow] | None:
    ids = [each.custom_id for row in rows or [] for each in row.components if each.custom_id]
    if len(ids) != len(set(ids)):
        raise wrong("COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
    return rows


Components = Annotated[list[ActionRow], Field(max_length=5), AfterValidator(_each_once)]
