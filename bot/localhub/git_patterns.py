"""Patterns as git writes them, in `.gitattributes` and `.gitignore`: which paths they mean."""

import re
from collections.abc import Iterator
from functools import lru_cache

_MEANINGS = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]", "[[:space:]]": r"\s"}
LARGE = "filter=lfs diff=lfs merge=lfs -text"


def large_paths(attributes: str, path: str) -> bool:
    """Whether `.gitattributes` sends the path to large-file storage. The last line that speaks of it wins."""
    is_large = False
    for pattern, *settings in _lines(attributes):
        says = [setting for setting in settings if setting.removeprefix("-").startswith("filter")]
        if says and _means(pattern, path):
            is_large = says[-1] == "filter=lfs"
    return is_large


def with_large_path(attributes: str, path: str) -> str:
    """The `.gitattributes` that also sends this path to large-file storage."""
    escaped = re.sub(r"([\[\]*?\\])", r"\\\1", path).replace(" ", "[[:space:]]")
    ended = attributes if attributes.endswith("\n") or not attributes else attributes + "\n"
    return f"{ended}{escaped} {LARGE}\n"


def ignored(ignore: str, path: str) -> bool:
    """Whether `.gitignore` leaves the path out, by itself or with a folder above it."""
    parts = path.split("/")
    above = ["/".join(parts[:count]) for count in range(1, len(parts))]
    return any(_ignored(ignore, folder, is_folder=True) for folder in above) or _ignored(
        ignore, path, is_folder=False
    )


def _ignored(ignore: str, path: str, *, is_folder: bool) -> bool:
    verdict = False
    for line in ignore.splitlines():
        pattern = line.rstrip() if not line.endswith("\\ ") else line
        if not pattern or pattern.startswith("#"):
            continue
        keeps = pattern.startswith("!")
        pattern = pattern[1:] if keeps else pattern.removeprefix("\\")
        if pattern.endswith("/") and not is_folder:
            continue
        if _means(pattern.rstrip("/"), path):
            verdict = not keeps
    return verdict


def _lines(attributes: str) -> Iterator[list[str]]:
    for line in attributes.splitlines():
        words = line.split()
        if words and not words[0].startswith("#"):
            yield words


def _means(pattern: str, path: str) -> bool:
    """A pattern without a slash means that name in any folder; one with a slash is taken from the root."""
    subject = path if "/" in pattern else path.rpartition("/")[2]
    return _regex(pattern.removeprefix("/")).fullmatch(subject) is not None


@lru_cache(maxsize=2048)
def _regex(pattern: str) -> re.Pattern[str]:
    tokens = re.findall(r"\\.|\*\*/|\*\*|\[\[:space:\]\]|\[[^\]]*\]|.", pattern, re.DOTALL)
    try:
        return re.compile("".join(_as_regex(token) for token in tokens), re.DOTALL)
    except re.error:
        return re.compile(re.escape(pattern))


def _as_regex(token: str) -> str:
    if token in _MEANINGS:
        return _MEANINGS[token]
    if len(token) > 1 and token.startswith("["):
        return (
            "["
            + ("^" if token[1] in "!^" else "")
            + re.escape(token[1:-1].lstrip("!^")).replace(r"\-", "-")
            + "]"
        )
    return re.escape(token.removeprefix("\\"))
