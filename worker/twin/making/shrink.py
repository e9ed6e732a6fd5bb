"""Makes a configuration of transformers small: fewer, narrower layers, the same vocabulary and labels."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ALL_KEYS: dict[str, dict[str, list[str]]] = tomllib.loads(
    Path(__file__).with_name("keys.toml").read_text(encoding="utf-8")
)
KEYS = ALL_KEYS["transformers"]
LARGE_VOCABULARY = 60_000


@dataclass(frozen=True)
class Size:
    """Of one layer, and how many there are."""

    width: int
    heads: int
    layers: int = 2

    @property
    def head(self) -> int:
        return self.width // self.heads


def size_for(vocabulary: int) -> Size:
    """A large vocabulary makes even a narrow model big."""
    return Size(32, 4) if vocabulary > LARGE_VOCABULARY else Size(64, 4)


def nodes(config: Any) -> Iterator[Any]:
    """A configuration and those inside it."""
    yield config
    for value in vars(config).values():
        if hasattr(value, "to_dict") and hasattr(value, "model_type"):
            yield from nodes(value)


def vocabulary_of(config: Any) -> int:
    return max((int(getattr(node, "vocab_size", 0) or 0) for node in nodes(config)), default=0)


def shrink(config: Any, size: Size) -> None:
    """Change the configuration in place."""
    for node in list(nodes(config)):
        values = dict(vars(node))
        by_stage = any(isinstance(values.get(key), list | tuple) for key in KEYS["heads"])
        heads = next((values[key] for key in KEYS["heads"] if isinstance(values.get(key), int)), None)
        for key, value in values.items():
            new = _smaller(key, value, size, heads, by_stage)
            if new is not None and new != value:
                setattr(node, key, new)


def _smaller(key: str, value: Any, size: Size, heads: int | None, by_stage: bool) -> Any:
    """The new value; None to leave it. Models in stages tie widths to heads, and only lose layers."""
    match value:
        case int() if not isinstance(value, bool) and value > 0:
            return _smaller_number(key, value, size, heads, by_stage)
        case list() if key in KEYS["depths"]:
            return [1] * len(value)
        case list() if key == "layer_types":
            return (list(dict.fromkeys(value)) * size.layers)[: size.layers]
        case list() | tuple() if key in KEYS["channels"]:
            return type(value)([min(each, 32) for each in value])
        case dict() if "mrope_section" in value:
            return {**value, "mrope_section": _sections(value["mrope_section"], size.head // 2)}
        case _:
            return None


def _smaller_number(key: str, value: int, size: Size, heads: int | None, by_stage: bool) -> int | None:
    if by_stage and key not in KEYS["layers"]:
        return None
    limits = {
        "layers": size.layers,
        "widths": size.width,
        "inner": 2 * size.width,
        "heads": size.heads,
        "key_heads": size.heads if value == heads else size.heads // 2,
        "head_dims": size.head,
        "experts": 4,
        "chosen_experts": 2,
        "ones": 1,
    }
    return next((min(value, limit) for group, limit in limits.items() if key in KEYS[group]), None)


def _sections(old: list[int], total: int) -> list[int]:
    """Parts of a rotary embedding, in the same proportions."""
    new = [max(1, each * total // sum(old)) for each in old]
    new[-1] += total - sum(new)
    return new
