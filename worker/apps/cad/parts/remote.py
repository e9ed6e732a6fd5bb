"""Asks the remote backend for a part: the same contract that `backend/` serves."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, ValidationError

from .formats import FORMATS
from .settings import Backend
from .web import Unavailable, fetch

LARGEST_ANSWER = 512 * 1024
LARGEST_FILE = 25 * 1024**2
LONGEST_CODE = 100_000
LONGEST_NOTE = 300
MOST_NOTES = 20
STARTS = {"step": (b"ISO-10303-21",), "glb": (b"glTF",), "dxf": (b"0", b"  0", b"999")}
"""What a file of this format begins with. An STL may begin with anything."""


class Reply(BaseModel):
    """What a backend says."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    job_id: str
    generated_code: str = ""
    urls: dict[str, str]
    """Format to address."""
    report: dict[str, Any] = {}

    def notes(self) -> tuple[str, ...]:
        """What the backend says that it has taken for granted, and what failed there before."""
        said = (each for name in ("fallbacks", "notes") for each in _list(self.report.get(name)))
        return tuple(each[:LONGEST_NOTE] for each in said if isinstance(each, str))[:MOST_NOTES]


@dataclass(frozen=True)
class Delivered:
    """A part that the backend has made."""

    job_id: str
    code: str
    files: dict[str, Path]
    notes: tuple[str, ...] = ()


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def order(backend: Backend, prompt: str, mode: str, output_type: str, place: Path) -> Delivered:
    """Its files, in `place`. Unavailable where the backend fails, is slow, or sends what is no part."""
    body = {"prompt": prompt, "mode": mode, "output_type": output_type}
    raw = fetch(
        "POST",
        backend.url,
        seconds=backend.seconds,
        most=LARGEST_ANSWER,
        headers={"x-api-key": backend.key},
        json=body,
    )
    try:
        reply = Reply.model_validate(json.loads(raw))
    except (ValueError, ValidationError):
        raise Unavailable("its answer could not be read") from None
    wanted = {name: url for name, url in reply.urls.items() if name in FORMATS}
    if not wanted:
        raise Unavailable("it sent no file")
    files = {name: _download(backend, name, url, place) for name, url in wanted.items()}
    return Delivered(reply.job_id[:80], reply.generated_code[:LONGEST_CODE], files, reply.notes())


def _download(backend: Backend, name: str, url: str, place: Path) -> Path:
    """One file. The key goes to the backend itself only, where it has answered before."""
    there, here = urlsplit(backend.url), urlsplit(url)
    same = (there.scheme, there.netloc) == (here.scheme, here.netloc)
    if not same and here.scheme != "https":
        raise Unavailable("it names a file at an address that is not safe")
    headers = {"x-api-key": backend.key} if same else {}
    content = fetch("GET", url, seconds=backend.seconds, most=LARGEST_FILE, headers=headers)
    if not content or (name in STARTS and not content.lstrip().startswith(STARTS[name])):
        raise Unavailable(f"its {name.upper()} file is none")
    file = place / f"part.{name}"
    file.write_bytes(content)
    return file
