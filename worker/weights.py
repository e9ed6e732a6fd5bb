"""Which files of a model's repo a loader really opens, and how many bytes that is. Pure; no I/O.

Repos hold the same weights several times: for other frameworks, in other precisions, as the author's own
checkpoint. What is counted twice here ends as hardware that nobody needs.
"""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from worker.loader import TORCH_WEIGHTS, Loader, matches
from worker.selection import external_data_of

PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.pkl", "*.nemo")
OTHER_FOLDERS = frozenset(
    {"onnx", "openvino", "coreml", "original", "metal", "tf", "flax", "mlx", "gguf", "runs", "lora", "loras"}
)
"""Folders that hold the same weights for somebody else, or what is loaded on demand."""
NOT_WEIGHTS = re.compile(
    r"training_args|optimizer|scheduler|rng_state|scaler\.pt|consolidated|openvino|tf_model|flax_model|rust_model"
)
STEMS = ("model", "diffusion_pytorch_model", "pytorch_model", "open_clip_model")
NAMED = re.compile(
    rf"(?P<stem>{'|'.join(STEMS)})"
    r"(\.(?P<before>[a-z]\w*))?(-\d{5}-of-(?P<shards>\d{5,6}))?(\.(?P<after>[a-z]\w*))?"
    r"\.(?P<ending>safetensors|bin)"
)
"""How transformers and diffusers name what they save: `model.fp16-00001-of-00002.safetensors`."""
MODULE = re.compile(r"\d+_\w+")
"""A folder of a sentence-transformers model."""
QUANTISATIONS = (
    *("Q4_K_M", "Q4_K_S", "Q4_K_L", "Q5_K_M", "Q5_K_S", "IQ4_XS", "IQ4_NL", "Q4_0", "Q4_1", "Q6_K", "Q5_0"),
    *("Q5_1", "Q8_0", "Q3_K_L", "Q3_K_M", "Q3_K_S", "IQ3_M", "Q2_K", "BF16", "F16", "FP16", "F32"),
)
"""Of a repo with many GGUF files: the best balance first."""


class WeightFiles(BaseModel):
    """What one loader opens of one repo."""

    model_config = ConfigDict(frozen=True)

    files: dict[str, int]
    """Size in bytes by path."""
    types: dict[str, str] = {}
    """The type of the numbers in a file, such as F32, where the files beside it tell."""
    notes: tuple[str, ...] = ()

    @property
    def bytes(self) -> int:
        return sum(self.files.values())

    @property
    def pickled(self) -> bool:
        """Whether the weights are Python pickles, of which the older ones are read whole into memory."""
        return any(matches(path, PICKLES) for path in self.files)

    @property
    def largest_part(self) -> int:
        """Bytes of the folder with the most weights: of a pipeline, the part that computes most."""
        return max(self.by_folder.values(), default=0)

    @property
    def headers(self) -> dict[str, str]:
        """By folder, the file whose header tells the type of the numbers there."""
        safe = sorted(path for path in self.files if path.endswith(".safetensors"))
        return {folder_of(path): path for path in reversed(safe)}

    @property
    def by_folder(self) -> dict[str, int]:
        sums: dict[str, int] = {}
        for path, size in self.files.items():
            sums[folder_of(path)] = sums.get(folder_of(path), 0) + size
        return sums


def weight_files(
    files: Mapping[str, int],
    loader: Loader,
    *,
    components: frozenset[str] | None = None,
    chosen: str | None = None,
) -> WeightFiles:
    """The files that `loader` opens out of `files` (size by path).

    `components` are the names in a pipeline's model_index.json, where it was read. `chosen` is the one
    file that the app names itself, of many GGUF, ONNX or LoRA files.
    """
    match loader:
        case Loader.DIFFUSERS_LORA:
            return _lora(files, chosen)
        case Loader.PEFT:
            return _unnamed({path: size for path, size in files.items() if "/" not in path})
        case Loader.GGUF:
            return _gguf(files, chosen)
        case Loader.ONNX:
            return _onnx(files, chosen)
        case _:
            groups: dict[str, dict[str, int]] = {}
            for path, size in files.items():
                groups.setdefault(folder_of(path), {})[path] = size
            folders = _folders(files, loader, components)
            return _joined([_in_folder(groups.get(name, {}), name) for name in folders])


def folder_of(path: str) -> str:
    """The folder of a path in a repo; empty for the root."""
    parent = str(PurePosixPath(path).parent)
    return "" if parent == "." else parent


def gguf_kind(path: str) -> str | None:
    """The quantisation that the name of a GGUF file gives."""
    name = PurePosixPath(path).name.upper()
    found = (each for each in QUANTISATIONS if re.search(rf"(?<![A-Z0-9]){each}(?![A-Z0-9_])", name))
    return next(found, None)


def _folders(files: Mapping[str, int], loader: Loader, components: frozenset[str] | None) -> list[str]:
    """Where a loader looks for weights."""
    every = {folder_of(path) for path in files if matches(path, (*TORCH_WEIGHTS, *PICKLES))}
    mine = {name for name in every if not OTHER_FOLDERS & set(name.split("/"))}
    match loader:
        case Loader.DIFFUSERS:
            top = {name for name in mine if name and "/" not in name}
            return sorted(top if components is None else top & components)
        case Loader.SENTENCE_TRANSFORMERS:
            return ["", *sorted(name for name in mine if MODULE.fullmatch(name))]
        case Loader.UNKNOWN:
            return sorted(mine)
        case _:
            return [""]


class _Set(NamedTuple):
    """Files that are loaded together. The least is the one that `from_pretrained` looks for first."""

    is_variant: bool
    ending: str
    shards: str
    stem: int
    variant: str


def _in_folder(here: Mapping[str, int], folder: str) -> WeightFiles:
    """The one set of files that `from_pretrained` opens, of those in a folder."""
    sets: dict[_Set, dict[str, int]] = {}
    for path, size in here.items():
        if named := NAMED.fullmatch(PurePosixPath(path).name):
            sets.setdefault(_set_of(named), {})[path] = size
    if not sets:
        return _unnamed(here)
    best = min(sets)
    notes = (f"{folder or 'The repo'} has only a variant of its weights.",) if best.is_variant else ()
    return WeightFiles(files=sets[best], types=_types(sets, best), notes=(*notes, *_pickle_note(sets[best])))


def _set_of(named: re.Match[str]) -> _Set:
    variant = named["before"] or named["after"] or ""
    ending = "pickle" if named["ending"] == "bin" else ""
    return _Set(bool(variant), ending, named["shards"] or "", STEMS.index(named["stem"]), variant)


def _types(sets: dict[_Set, dict[str, int]], best: _Set) -> dict[str, str]:
    """F32 where a 16-bit variant of half the size lies beside it."""
    whole = sum(sets[best].values())
    halves = (sum(files.values()) for each, files in sets.items() if each.variant in {"fp16", "bf16"})
    if best.is_variant or not any(0.45 < half / max(whole, 1) < 0.55 for half in halves):
        return {}
    return dict.fromkeys(sets[best], "F32")


def _unnamed(files: Mapping[str, int]) -> WeightFiles:
    """Weights under names of the author's own: the safest format of which there is any."""
    weights = {path: size for path, size in files.items() if not NOT_WEIGHTS.search(PurePosixPath(path).name)}
    for pattern in ("adapter_model.safetensors", "adapter_model.bin", *TORCH_WEIGHTS, *PICKLES):
        found = {path: weights[path] for path in weights if matches(PurePosixPath(path).name, (pattern,))}
        if found:
            return WeightFiles(files=found, notes=_pickle_note(found))
    return WeightFiles(files={})


def _lora(files: Mapping[str, int], chosen: str | None) -> WeightFiles:
    root = _unnamed({path: size for path, size in files.items() if "/" not in path}).files
    named = chosen or (
        "pytorch_lora_weights.safetensors" if "pytorch_lora_weights.safetensors" in root else None
    )
    path = named or min(root, default=None)
    if path is None or path not in files:
        return WeightFiles(files={})
    found = {path: files[path]}
    notes = (f"Of {len(root)} LoRA files {path} is loaded.",) if len(root) > 1 else ()
    return WeightFiles(files=found, notes=(*notes, *_pickle_note(found)))


def _gguf(files: Mapping[str, int], chosen: str | None) -> WeightFiles:
    """One quantisation: in one file where there is such, because transformers opens no more."""
    sets: dict[str, dict[str, int]] = {}
    for path, size in files.items():
        name = PurePosixPath(path).name.lower()
        if name.endswith(".gguf") and "mmproj" not in name and "imatrix" not in name:
            sets.setdefault(_without_part(path), {})[path] = size
    best = min(sets, key=lambda name: (len(sets[name]) > 1, *_gguf_rank(name)), default=None)
    if chosen and _without_part(chosen) in sets:
        best = _without_part(chosen)
    if best is None:
        return WeightFiles(files={})
    kind = gguf_kind(min(sets[best])) or "unnamed"
    note = f"Of {len(sets)} GGUF files the one in {kind} is loaded."
    return WeightFiles(files=sets[best], notes=(note,) if len(sets) > 1 else ())


def _without_part(path: str) -> str:
    return re.sub(r"-\d{5}-of-\d{5}\.gguf$", ".gguf", path)


def _gguf_rank(name: str) -> tuple[int, str]:
    kind = gguf_kind(name)
    return (QUANTISATIONS.index(kind) if kind else len(QUANTISATIONS), name)


def _onnx(files: Mapping[str, int], chosen: str | None) -> WeightFiles:
    every = sorted(path for path in files if path.endswith(".onnx"))
    first = [path for path in (chosen, "onnx/model.onnx", "model.onnx", *every) if path in files]
    if not first:
        return WeightFiles(files={})
    paths = (str(first[0]), *external_data_of(str(first[0]), dict(files)))
    return WeightFiles(files={path: files[path] for path in paths})


def _joined(parts: list[WeightFiles]) -> WeightFiles:
    return WeightFiles(
        files={path: size for part in parts for path, size in part.files.items()},
        types={path: kind for part in parts for path, kind in part.types.items()},
        notes=tuple(dict.fromkeys(note for part in parts for note in part.notes)),
    )


def _pickle_note(files: Mapping[str, int]) -> tuple[str, ...]:
    if any(matches(path, PICKLES) for path in files):
        return ("The weights are Python pickles: loading them may take twice their memory.",)
    return ()
