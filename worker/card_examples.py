"""The examples in a card's `widget`: what people may try, and what the card says comes out."""

import re
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from pydantic import JsonValue

LONGEST_EXAMPLE = 1000
"""Characters of a text."""
MOST_EXAMPLES = 6
IMAGE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".bmp"})
SOUND_SUFFIXES = frozenset({".wav", ".flac", ".mp3", ".ogg", ".m4a"})
VIDEO_SUFFIXES = frozenset({".mp4", ".webm", ".mov", ".avi", ".mkv"})


def example_texts(widget: JsonValue) -> tuple[str, ...]:
    """The example inputs in a card's `widget`: a list of texts or of mappings with a `text`."""
    texts = [item.get("text") if isinstance(item, dict) else item for item in _items(widget)]
    kept = [text.strip()[:LONGEST_EXAMPLE] for text in texts if isinstance(text, str) and text.strip()]
    return tuple(dict.fromkeys(kept))[:MOST_EXAMPLES]


def example_rows(entries: tuple[dict[str, str], ...], keys: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """What the examples give for several inputs; those that lack one of them are left out."""
    rows = (tuple(entry.get(key, "") for key in keys) for entry in entries)
    return tuple(dict.fromkeys(row for row in rows if all(row)))


def example_entries(widget: JsonValue) -> tuple[dict[str, str], ...]:
    """The texts of each example in a card's `widget` by their key; the items of a list are lines."""
    return tuple(
        {key: text for key, value in item.items() if (text := _joined(value))}
        for item in _items(widget)[:MOST_EXAMPLES]
        if isinstance(item, dict)
    )


def _joined(value: JsonValue) -> str:
    lines = [line for line in value if isinstance(line, str)] if isinstance(value, list) else [value]
    return "\n".join(line.strip() for line in lines if isinstance(line, str))[:LONGEST_EXAMPLE]


def example_images(widget: JsonValue, model_id: str, files: dict[str, int]) -> tuple[str, ...]:
    """The example images in a card's `widget` that are files of its repo; no other address is opened."""
    return example_files(widget, model_id, files, IMAGE_SUFFIXES)


def example_files(
    widget: JsonValue, model_id: str, files: dict[str, int], suffixes: frozenset[str]
) -> tuple[str, ...]:
    """The same for files with these suffixes."""
    sources = [item.get("src") for item in _items(widget) if isinstance(item, dict)]
    paths = [_path_in_repo(source, model_id) for source in sources if isinstance(source, str)]
    kept = [path for path in paths if path in files and PurePosixPath(path).suffix.lower() in suffixes]
    return tuple(dict.fromkeys(kept))[:MOST_EXAMPLES]


def expected_labels(widget: JsonValue, model_id: str) -> dict[str, str]:
    """What the card says its examples are classified as: the most likely label of each example's `output`."""
    found: dict[str, str] = {}
    for item in _items(widget):
        if not isinstance(item, dict) or not (label := _top_label(item.get("output"))):
            continue
        match item:
            case {"text": str() as text}:
                found[text.strip()[:LONGEST_EXAMPLE]] = label
            case {"src": str() as source}:
                found[_path_in_repo(source, model_id)] = label
    return found


def _top_label(output: JsonValue) -> str | None:
    scored: list[tuple[float, str]] = []
    for item in output if isinstance(output, list) else []:
        match item:
            case {"label": str() | int() as label, "score": int() | float() as score}:
                scored.append((float(score), str(label)))
    return max(scored)[1] if scored else None


def _path_in_repo(source: str, model_id: str) -> str:
    path = unquote(urlsplit(source).path)
    resolved = re.fullmatch(rf"/{re.escape(model_id)}/(?:resolve|blob|raw)/[^/]+/(?P<path>.+)", path)
    return resolved["path"] if resolved else path.removeprefix("./")


def _items(value: JsonValue) -> list[JsonValue]:
    match value:
        case list():
            return value[:50]
        case dict():  # some cards sort their examples by language
            return [item for items in value.values() if isinstance(items, list) for item in items][:50]
        case _:
            return []
