"""What all of Discord's bodies have in common: nothing unknown, no type guessed, ids as numbers or digits."""

from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic_core import PydanticCustomError

from tests.harness.discord.errors import invalid_fields


class Fields(BaseModel):
    """A body or a part of one. Stricter than Discord, which overlooks what it does not know."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


M = TypeVar("M", bound=Fields)


def read(model: type[M], body: object, at: tuple[str | int, ...] = ()) -> M:
    """The body as this model; raises the refusal that Discord would send."""
    try:
        return model.model_validate(body)
    except ValidationError as error:
        raise invalid_fields(error, at) from None


def wrong(code: str, message: str) -> PydanticCustomError:
    """To raise in a validator: Discord's code and sentence, braces and all."""
    return PydanticCustomError(code, "{said}", {"said": message})


def _as_snowflake(value: object) -> object:
    digits = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if not digits.isascii() or not digits.isdigit() or not 0 < len(digits) <= 20:
        raise wrong("NUMBER_TYPE_COERCE", f'Value "{value}" is not snowflake.')
    return digits


def _as_url(value: object) -> object:
    if isinstance(value, str) and not value.startswith(("http://", "https://", "attachment://")):
        scheme = value.partition(":")[0]
        raise wrong("URL_TYPE_INVALID_SCHEME", f"Scheme \"{scheme}\" must be one of ('http', 'https').")
    return value


Snowflake = Annotated[str, BeforeValidator(_as_snowflake)]
Url = Annotated[str, BeforeValidator(_as_url)]
Anything = Any
"""For what Discord sends itself and takes back without looking."""
