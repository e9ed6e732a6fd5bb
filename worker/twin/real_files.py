"""Fetches what a twin is made from: a model's small files and, where they are small too, its weights."""

import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath

from pydantic import BaseModel, ConfigDict

from worker.card import Card
from worker.hub import Hub
from worker.loader import Loader
from worker.twin.repo import TwinRepo, holds_weights

MIB = 1024**2
SMALL = 64 * MIB
"""Weights up to this size are taken as they are."""
LARGEST = 600 * MIB
"""Weights up to this size are taken as they are where no small model can be made instead."""
LARGEST_FILE = 48 * MIB
LARGEST_OTHER = 4 * MIB
"""Pictures and the like, which may be examples."""
LARGEST_TOTAL = 160 * MIB
NEEDED = re.compile(r"\.(json|txt|model|jinja|py|tiktoken|vocab|bpe|yaml|yml|md|spm|index)$", re.I)
GGUF_HEADER = 24 * MIB
BEST_FIRST = (".safetensors", ".bin", ".pth", ".pt", ".ckpt")
ONE_FILE = frozenset({Loader.ONNX, Loader.GGUF, Loader.DIFFUSERS_LORA})
"""The loaders that are told which file to open; the others look for themselves."""


class Source(BaseModel):
    """A model on the real Hub."""

    model_config = ConfigDict(frozen=True)

    id: str
    revision: str
    files: dict[str, int]
    """Size in bytes by path."""
    tags: tuple[str, ...] = ()
    pipeline_tag: str | None = None
    library_name: str | None = None
    loader: Loader
    opens: tuple[str, ...] = ()
    """Files that the app opens by name."""

    def weights(self) -> dict[str, int]:
        """The files with weights that the loader would open, with their sizes."""
        all_weights = {path: size for path, size in self.files.items() if holds_weights(path)}
        named = {path: all_weights[path] for path in self.opens if path in all_weights}
        if named and self.loader in ONE_FILE:
            return named
        for suffix in BEST_FIRST:
            fitting = {
                path: size for path, size in all_weights.items() if PurePosixPath(path).suffix == suffix
            }
            if fitting and self.loader not in ONE_FILE:
                return fitting
        return all_weights

    def served_from(self, folder: Path, *, without_weights: bool = False) -> TwinRepo:
        return TwinRepo(
            self.id,
            self.revision,
            folder,
            tags=self.tags,
            pipeline_tag=self.pipeline_tag,
            library_name=self.library_name,
            without_weights=without_weights,
        )


def source_of(card: Card, loader: Loader, opens: tuple[str, ...]) -> Source:
    return Source(
        id=card.model_id,
        revision=card.revision,
        files=card.files,
        tags=card.tags,
        pipeline_tag=card.pipeline_tag,
        library_name=card.library_name,
        loader=loader,
        opens=opens,
    )


def source_on(hub: Hub, model_id: str) -> Source:
    """A model that the asked-for one stands on, as it is now."""
    info = hub.call(lambda: hub.api.model_info(model_id, files_metadata=True))
    files = {each.rfilename: each.size or 0 for each in info.siblings or ()}
    return Source(
        id=model_id,
        revision=str(info.sha),
        files=files,
        tags=tuple(info.tags or ()),
        pipeline_tag=info.pipeline_tag,
        library_name=info.library_name,
        loader=Loader.DIFFUSERS if "model_index.json" in files else Loader.TRANSFORMERS,
    )


def fetch_files(hub: Hub, source: Source, folder: Path, *, weights: bool) -> None:
    """Write the small files, and the weights if wished, as they are in the repo, into a folder."""
    wanted = [*_small(source.files), *(source.weights() if weights else ())]
    _fetch(hub, source, folder, {path: source.files[path] for path in wanted})


def fetch_header(hub: Hub, source: Source, path: str, folder: Path) -> None:
    """Write the beginning of a large file; the rest of it is a hole of the right size."""
    _fetch(hub, source, folder, {path: min(GGUF_HEADER, source.files[path])})
    with (folder / path).open("r+b") as opened:
        opened.truncate(source.files[path])


def _small(files: dict[str, int]) -> Iterable[str]:
    left = LARGEST_TOTAL
    for path, size in sorted(files.items(), key=lambda each: (not NEEDED.search(each[0]), each[1])):
        largest = LARGEST_FILE if NEEDED.search(path) else LARGEST_OTHER
        if holds_weights(path) or size > min(largest, left) or path.startswith(".git"):
            continue
        left -= size
        yield path


def _fetch(hub: Hub, source: Source, folder: Path, wanted: dict[str, int]) -> None:
    def one(path: str) -> None:
        target = folder / path
        if not target.resolve().is_relative_to(folder.resolve()):
            return  # a name that leads elsewhere is nobody's honest file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(hub.read(source.id, source.revision, path, wanted[path]) if wanted[path] else b"")

    with ThreadPoolExecutor(8) as several:
        list(several.map(one, wanted))
