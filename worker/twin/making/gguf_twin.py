"""A small GGUF file: the header of the real one with smaller numbers, and random tensors that fit them."""

from pathlib import Path
from typing import Any

import gguf
import numpy as np

from . import CannotMake

WIDTH, INNER, HEADS, KEY_HEADS, BLOCKS = 64, 128, 4, 2, 2
HEAD = WIDTH // HEADS


def make_gguf(real: Path, first: Path, job: dict[str, Any]) -> None:
    for path in job["weights"]:
        if (real / path).exists():
            _write(real / path, first / path, job["seed"])


def _write(real: Path, target: Path, seed: int) -> None:
    reader = gguf.GGUFReader(real)
    kind = str(_value(reader, "general.architecture"))
    wishes, sizes = _smaller(reader, kind)
    target.unlink()
    writer = gguf.GGUFWriter(target, kind)
    for name, field in reader.fields.items():
        if name.startswith("GGUF.") or name == "general.architecture":
            continue
        value = wishes.get(name, field.contents())
        many = field.types[0] == gguf.GGUFValueType.ARRAY
        writer.add_key_value(name, value, field.types[0], field.types[-1] if many else None)
    rng = np.random.default_rng(seed)
    for tensor in reader.tensors:
        if not _is_left_out(tensor.name):
            writer.add_tensor(tensor.name, _random(tensor, sizes, rng))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _smaller(reader: Any, kind: str) -> tuple[dict[str, int], dict[int, int]]:
    """New values by key, and new dimensions by old one."""

    def old(key: str, default: int = 0) -> int:
        return int(_value(reader, f"{kind}.{key}") or default)

    width, heads = old("embedding_length"), old("attention.head_count", 1)
    keys = old("attention.head_count_kv", heads)
    head = old("attention.key_length", width // heads)
    few = HEADS if keys == heads else KEY_HEADS
    sizes = {head: HEAD, keys * head: few * HEAD, heads * head: WIDTH, width: WIDTH}
    sizes[old("feed_forward_length")] = INNER
    new = {
        "embedding_length": WIDTH,
        "block_count": BLOCKS,
        "feed_forward_length": INNER,
        "attention.head_count": HEADS,
        "attention.head_count_kv": few,
        "attention.key_length": HEAD,
        "attention.value_length": HEAD,
        "rope.dimension_count": HEAD,
    }
    found = {f"{kind}.{key}": value for key, value in new.items() if f"{kind}.{key}" in reader.fields}
    return found, sizes


def _value(reader: Any, key: str) -> Any:
    field = reader.fields.get(key)
    return field.contents() if field else None


def _is_left_out(name: str) -> bool:
    """Whether it is in a block that the twin does not have."""
    parts = name.split(".")
    return parts[0] == "blk" and int(parts[1]) >= BLOCKS


def _random(tensor: Any, sizes: dict[int, int], rng: np.random.Generator) -> Any:
    shape = [int(each) for each in reversed(tensor.shape)]
    vocabulary = tensor.name in {"token_embd.weight", "output.weight"}
    if any(size not in sizes for size in shape[vocabulary:]):
        raise CannotMake(f"the shape of its tensor {tensor.name} is not understood")
    new = shape[:vocabulary] + [sizes[size] for size in shape[vocabulary:]]
    if len(shape) == 1:
        return np.ones(new, np.float32) if tensor.name.endswith("weight") else np.zeros(new, np.float32)
    return (rng.standard_normal(new) / np.sqrt(new[-1] or 1)).astype(np.float16)
