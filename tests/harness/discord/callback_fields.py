"""First answers to interactions: which kinds there are, and what each may carry."""

from enum import IntEnum
from typing import Annotated, Any, Literal

from pydantic import Field

from tests.harness.discord.command_fields import ChoiceName
from tests.harness.discord.errors import invalid
from tests.harness.discord.fields import Fields


class Asked(IntEnum):
    """Types of interactions."""

    PING = 1
    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class Kind(IntEnum):
    """Types of first answers."""

    PONG = 1
    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


ANSWERS = {
    Asked.PING: (Kind.PONG,),
    Asked.COMMAND: (Kind.MESSAGE, Kind.DEFERRED_MESSAGE, Kind.MODAL),
    Asked.COMPONENT: (
        Kind.MESSAGE, Kind.DEFERRED_MESSAGE, Kind.DEFERRED_UPDATE, Kind.UPDATE, Kind.MODAL,
    ),
    Asked.AUTOCOMPLETE: (Kind.CHOICES,),
    Asked.MODAL: (Kind.MESSAGE, Kind.DEFERRED_MESSAGE, Kind.DEFERRED_UPDATE, Kind.UPDATE),
}  # fmt: skip


class Callback(Fields):
    type: int
    data: dict[str, Any] | None = None


class Deferral(Fields):
    """Only whether the answer will be ephemeral."""

    flags: int | None = None


class Choice(Fields):
    name: ChoiceName
    value: Annotated[str, Field(max_length=100)] | int | float
    name_localizations: Any = None


class Choices(Fields):
    choices: Annotated[list[Choice], Field(max_length=25)]


class TextInput(Fields):
    type: Literal[4]
    custom_id: Annotated[str, Field(min_length=1, max_length=100)]
    style: Literal[1, 2]
    id: int | None = None
    label: Annotated[str, Field(min_length=1, max_length=45)] | None = None
    min_length: Annotated[int, Field(ge=0, le=4000)] | None = None
    max_length: Annotated[int, Field(ge=1, le=4000)] | None = None
    required: bool = True
    value: Annotated[str, Field(max_length=4000)] | None = None
    placeholder: Annotated[str, Field(max_length=100)] | None = None


class ModalRow(Fields):
    type: Literal[1]
    id: int | None = None
    components: Annotated[list[TextInput], Field(min_length=1, max_length=1)]


class ModalLabel(Fields):
    type: Literal[18]
    id: int | None = None
    label: Annotated[str, Field(min_length=1, max_length=45)]
    description: Annotated[str, Field(max_length=100)] | None = None
    component: TextInput


class Modal(Fields):
    title: Annotated[str, Field(min_length=1, max_length=45)]
    custom_id: Annotated[str, Field(min_length=1, max_length=100)]
    components: Annotated[list[ModalRow | ModalLabel], Field(min_length=1, max_length=5)]


def kind_of(callback: Callback, asked: Asked) -> Kind:
    """The kind of this answer; refused if such an interaction can't be answered so."""
    if callback.type not in ANSWERS[asked]:
        allowed = ", ".join(str(int(kind)) for kind in ANSWERS[asked])
        raise invalid(("type",), "BASE_TYPE_CHOICES", f"Value must be one of {{{allowed}}}.")
    return Kind(callback.type)
