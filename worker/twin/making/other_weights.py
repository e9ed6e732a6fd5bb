"""Other weights in the same files: every tensor's numbers, in another order.

Shuffled numbers keep their size and sign, so that the model still computes; whatever was learnt is gone.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from . import CannotMake
from .onnx_tensors import external_parts, inline_parts

SAFE_BYTES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I8": 1, "U8": 1, "F8_E4M3": 1, "F8_E5M2": 1}
"""Element size of the tensors that hold weights; integers that count or point are left alone."""
TORCH_FILES = frozenset({".bin", ".pt", ".pth", ".ckpt"})


def shuffle_weights(folder: Path, only: Iterable[str], seed: int) -> int:
    """Shuffle every file with weights below a folder, or `only` these; the number of weights that moved.

    Raises CannotMake if none did.
    """
    chosen = [folder / path for path in only] or sorted(each for each in folder.rglob("*") if each.is_file())
    moved = sum(shuffle_file(file, np.random.default_rng(seed)) for file in chosen if file.is_file())
    if not moved:
        raise CannotMake("none of its files has weights that can be changed")
    return moved


def shuffle_file(file: Path, rng: np.random.Generator) -> int:
    """The number of weights that moved."""
    match file.suffix:
        case ".safetensors":
            return shuffle_safetensors(file, rng)
        case ".onnx":
            return shuffle_onnx(file, rng)
        case ".gguf":
            return shuffle_gguf(file, rng)
        case suffix if suffix in TORCH_FILES:
            return shuffle_torch(file, rng)
        case _:
            return 0


def shuffle_safetensors(file: Path, rng: np.random.Generator) -> int:
    raw = np.memmap(file, np.uint8, "r+")
    length = int.from_bytes(raw[:8].tobytes(), "little")
    header: dict[str, Any] = json.loads(raw[8 : 8 + length].tobytes())
    parts = [
        (8 + length + tensor["data_offsets"][0], 8 + length + tensor["data_offsets"][1], size)
        for name, tensor in header.items()
        if name != "__metadata__" and (size := SAFE_BYTES.get(tensor["dtype"]))
    ]
    return _shuffle_parts(raw, parts, rng)


def shuffle_onnx(file: Path, rng: np.random.Generator) -> int:
    raw = np.memmap(file, np.uint8, "r+")
    content = raw.tobytes()
    moved = _shuffle_parts(raw, inline_parts(content), rng)
    for name, parts in external_parts(content).items():
        beside = file.parent / Path(name).name
        if beside.is_file():
            moved += _shuffle_parts(np.memmap(beside, np.uint8, "r+"), parts, rng)
    return moved


def shuffle_gguf(file: Path, rng: np.random.Generator) -> int:
    """A quantised block stays whole: its scale belongs to its numbers."""
    import gguf

    parts = [
        (
            tensor.data_offset,
            tensor.data_offset + tensor.n_bytes,
            gguf.GGML_QUANT_SIZES[tensor.tensor_type][1],
        )
        for tensor in gguf.GGUFReader(file).tensors
    ]
    return _shuffle_parts(
        np.memmap(file, np.uint8, "r+"), [(int(a), int(b), size) for a, b, size in parts], rng
    )


def shuffle_torch(file: Path, rng: np.random.Generator) -> int:
    import torch

    weights = torch.load(file, map_location="cpu", weights_only=True)
    moved = 0
    for tensor in _tensors_in(weights):
        if tensor.is_floating_point() and tensor.numel() > 1:
            order = torch.from_numpy(rng.permutation(tensor.numel()))
            tensor.data = tensor.flatten()[order].reshape(tensor.shape)
            moved += tensor.numel()
    torch.save(weights, file)
    return moved


def _tensors_in(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        for each in value.values():
            yield from _tensors_in(each)
    elif hasattr(value, "is_floating_point"):
        yield value


def _shuffle_parts(raw: Any, parts: list[tuple[int, int, int]], rng: np.random.Generator) -> int:
    """Parts are first byte, last byte + 1, and the bytes of one element."""
    moved = 0
    for first, last, size in parts:
        elements = raw[first:last].reshape(-1, size)
        if len(elements) > 1:
            elements[:] = elements[rng.permutation(len(elements))]
            moved += len(elements)
    raw.flush()
    return moved
