"""A small file as it travels inside a request: its path, its content, and how that is encoded."""

import base64
from typing import Literal

from pydantic import BaseModel, field_validator


class AddedFile(BaseModel):
    path: str
    content: str
    encoding: Literal["utf-8", "base64"] = "utf-8"

    @field_validator("encoding", mode="before")
    @classmethod
    def _lowered(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value


def content_of(file: AddedFile) -> bytes:
    """ValueError for broken base64."""
    if file.encoding == "base64":
        return base64.b64decode(file.content, validate=True)
    return file.content.encode()
