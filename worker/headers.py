"""Reads the type of a pipeline's numbers out of its weight files' headers: the repo's metadata lacks it."""

from huggingface_hub.errors import HfHubHTTPError, NotASafetensorsRepoError, SafetensorsParsingError

from worker.card import Card
from worker.hub import Hub
from worker.loader import Loader, loader_of
from worker.weights import weight_files

MOST_HEADERS = 8
UNREADABLE = (
    *(HfHubHTTPError, NotASafetensorsRepoError, SafetensorsParsingError),
    *(AttributeError, KeyError, TypeError, ValueError),  # the client believes what a header says
)


def types_of(hub: Hub, card: Card) -> dict[str, str]:
    """The type of most numbers, such as BF16, by the folder of a diffusers pipeline; empty for others."""
    loader, _ = loader_of(card)
    if loader is not Loader.DIFFUSERS:
        return {}
    components = frozenset(card.pipeline.components) if card.pipeline else frozenset()
    opened = weight_files(card.files, loader, components=components or None)
    headers = list(opened.headers.items())[:MOST_HEADERS]
    found = {folder: _type_in(hub, card, path) for folder, path in headers}
    return {folder: kind for folder, kind in found.items() if kind}


def _type_in(hub: Hub, card: Card, path: str) -> str | None:
    read = hub.api.parse_safetensors_file_metadata
    try:
        header = hub.call(lambda: read(card.model_id, path, revision=card.revision))
    except UNREADABLE:
        return None
    counts = header.parameter_count
    return max(counts, key=lambda kind: counts[kind], default=None)
