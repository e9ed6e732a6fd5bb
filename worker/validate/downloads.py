"""Fetches the files of an answer, from the app's own address only, with a bound on size and number.

An answer is written by a stranger's code: it may name any address, and must not be given the token for it.
"""

from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx2
from pydantic import JsonValue

from worker.validate.recognise import suffix_of

LARGEST_FILE = 128 * 1024 * 1024
MOST_FILES = 16
"""Of one answer; the others stay where they are."""
TIMEOUT = 60.0
FILE_TYPE = "gradio.FileData"


class Downloads:
    """Puts the files of answers into a folder that the caller owns."""

    def __init__(self, root: str, headers: dict[str, str], folder: Path) -> None:
        """`root` is the address of the app's API, with its slash at the end."""
        self._root = root
        self._headers = headers
        self._folder = folder
        self.files: list[Path] = []

    def replaced(self, output: Any) -> JsonValue:
        """An output with each file in it as the path of its copy."""
        match output:
            case {"path": str() as path, "meta": {"_type": "gradio.FileData"}}:
                return self._fetch(path, output) if len(self.files) < MOST_FILES else path
            case list() | tuple():
                return [self.replaced(each) for each in output]
            case dict():
                return {str(key): self.replaced(each) for key, each in output.items()}
            case _:
                return output  # type: ignore[no-any-return]  # what JSON has besides

    def _fetch(self, path: str, described: dict[str, Any]) -> str:
        self._folder.mkdir(parents=True, exist_ok=True)
        started = self._folder / "answer.part"
        size = 0
        with (
            httpx2.Client(headers=self._headers, timeout=TIMEOUT) as client,
            client.stream("GET", self._address(path, described)) as answer,
            started.open("wb") as file,
        ):
            answer.raise_for_status()
            for piece in answer.iter_bytes():
                size += len(piece)
                if size > LARGEST_FILE:
                    raise ValueError(f"a file of the answer is larger than {LARGEST_FILE // 1024**2} MiB")
                file.write(piece)
        number = len(list(self._folder.glob("answer-*"))) + 1
        kept = started.rename(self._folder / f"answer-{number}{suffix_of(started)}")
        self.files.append(kept)
        return str(kept)

    def _address(self, path: str, described: dict[str, Any]) -> str:
        url = described.get("url")
        if described.get("is_stream") and isinstance(url, str) and _same_place(url, self._root):
            return url
        return f"{self._root}file={quote(path)}"


def _same_place(url: str, root: str) -> bool:
    one, two = urlsplit(url), urlsplit(root)
    return (one.scheme, one.netloc) == (two.scheme, two.netloc)
