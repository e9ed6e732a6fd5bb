"""`.space-factory.yml` in a model repo: what its owner lets the bot do there.

Unknown keys and unfit values are left out one by one, never the whole file: a slip must not switch it off.
"""

from enum import StrEnum

import yaml
from pydantic import ConfigDict, ValidationError

from bot.domain.models import Frozen, Notify

FILE = ".space-factory.yml"
LARGEST = 16 * 1024
"""Bytes that are read of it."""


class Allow(StrEnum):
    ANYONE = "anyone"
    WRITERS = "writers"


class OwnerVoice(Frozen):
    """`enabled: false` makes the bot silent; `reply` is the most that is said; `allow` says who may build."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    enabled: bool = True
    reply: Notify = Notify.ALL
    allow: Allow | tuple[str, ...] = Allow.ANYONE
    """Or the names of users and organisations."""


def read_voice(content: bytes | None) -> OwnerVoice:
    """The file's wishes; the defaults where there is no file or it can't be read."""
    try:
        said = yaml.safe_load(content or b"")
    except (yaml.YAMLError, RecursionError, ValueError):
        return OwnerVoice()
    if not isinstance(said, dict):
        return OwnerVoice()
    voice = OwnerVoice()
    for key in OwnerVoice.model_fields:
        if key in said:
            voice = _with(voice, key, said[key])
    return voice


def _with(voice: OwnerVoice, key: str, value: object) -> OwnerVoice:
    try:
        return OwnerVoice.model_validate({**voice.model_dump(), key: value})
    except ValidationError:
        return voice
