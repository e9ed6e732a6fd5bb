"""A Space's own configuration: the YAML block at the top of its README.md."""

import re
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from bot.localhub.cards import CardError, parse_card

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*([smhd]?)")
_APP_FILES = {"gradio": "app.py", "static": "index.html"}


class BadConfig(Exception):
    """The Space cannot be built as it is configured; says what to change."""


class SpaceConfig(BaseModel):
    """The fields that matter for building and running. Versions are text, as people write them."""

    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)

    sdk: str
    title: str = ""
    app_file: str = ""
    sdk_version: str | None = None
    python_version: str | None = None
    startup_seconds: float = Field(default=1800, alias="startup_duration_timeout")

    @field_validator("startup_seconds", mode="before")
    @classmethod
    def _duration(cls, value: object) -> float:
        match = _DURATION.fullmatch(str(value).strip())
        if match is None:
            raise ValueError("write it like 30m or 1h")
        return float(match[1]) * _UNITS[match[2] or "s"]

    @field_validator("app_file")
    @classmethod
    def _stays_inside(cls, value: str) -> str:
        if value.startswith("/") or ".." in value.split("/"):
            raise ValueError("it must be a file of this repo")
        return value


def read(readme: bytes | None) -> SpaceConfig:
    """The configuration in the README's text. Raises BadConfig."""
    data = _front_matter((readme or b"").decode("utf-8", "replace"))
    if not data:
        raise BadConfig("Missing configuration in README: it must begin with a YAML block that names the sdk")
    sdk = str(data.get("sdk"))
    if sdk in {"docker", "streamlit"}:
        raise BadConfig(f"This local Hub has no containers for a {sdk} Space. Use sdk: gradio or sdk: static")
    if sdk not in _APP_FILES:
        raise BadConfig(f"Invalid sdk in README: {sdk[:100]!r}. Use sdk: gradio or sdk: static")
    try:
        return SpaceConfig.model_validate({"app_file": _APP_FILES[sdk], **data})
    except ValidationError as error:
        first = error.errors()[0]
        raise BadConfig(f"Invalid {first['loc'][0]} in README: {first['msg']}") from None


def _front_matter(text: str) -> dict[str, Any]:
    try:
        return {key: value for key, value in parse_card(text).items() if value is not None}
    except CardError as error:
        raise BadConfig(f"Broken configuration in README: {error}") from None
