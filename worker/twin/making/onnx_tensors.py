"""Finds where an ONNX file keeps its weights, by reading the protobuf's own framing.

The app's environment has onnxruntime, which gives no access to initializers, and often no `onnx` package.
Field numbers are those of onnx.proto.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

GRAPH = 7
INITIALIZER = 5
TYPE, FLOATS, RAW, EXTERNAL = 2, 4, 9, 13
KEY, VALUE = 1, 2
ELEMENT_BYTES = {1: 4, 2: 1, 3: 1, 10: 2, 11: 8, 16: 2}
"""float, uint8, int8, float16, double, bfloat16"""
SMALLEST = 4
"""Elements; a smaller tensor is a setting and not a weight."""

Part = tuple[int, int, int]


class Field(NamedTuple):
    number: int
    first: int
    last: int
    """Where the content of a field with a length is."""
    value: int


def inline_parts(content: bytes) -> list[Part]:
    """First byte, last byte + 1 and element size of each weight in the file itself."""
    parts = []
    for tensor in _initializers(content):
        size = ELEMENT_BYTES.get(tensor.type, 0)
        if size and tensor.data and tensor.data[1] - tensor.data[0] >= SMALLEST * size:
            parts.append((*tensor.data, size))
    return parts


def external_parts(content: bytes) -> dict[str, list[Part]]:
    """The same for weights in files beside it, by the file's name."""
    parts: defaultdict[str, list[Part]] = defaultdict(list)
    for tensor in _initializers(content):
        size = ELEMENT_BYTES.get(tensor.type, 0)
        length = int(tensor.external.get("length", 0))
        if size and length >= SMALLEST * size:
            first = int(tensor.external.get("offset", 0))
            parts[tensor.external["location"]].append((first, first + length, size))
    return parts


class _Tensor(NamedTuple):
    type: int
    data: tuple[int, int] | None
    external: dict[str, str]


def _initializers(content: bytes) -> Iterator[_Tensor]:
    for graph in _fields(content, 0, len(content)):
        if graph.number != GRAPH:
            continue
        for field in _fields(content, graph.first, graph.last):
            if field.number == INITIALIZER:
                yield _tensor(content, field)


def _tensor(content: bytes, initializer: Field) -> _Tensor:
    kind, data, external = 0, None, {}
    for field in _fields(content, initializer.first, initializer.last):
        if field.number == TYPE:
            kind = field.value
        elif field.number in (FLOATS, RAW):
            data = (field.first, field.last)
        elif field.number == EXTERNAL:
            key, value = _entry(content, field)
            external[key] = value
    return _Tensor(kind, data, external)


def _entry(content: bytes, entry: Field) -> tuple[str, str]:
    texts = {
        field.number: content[field.first : field.last].decode()
        for field in _fields(content, entry.first, entry.last)
    }
    return texts.get(KEY, ""), texts.get(VALUE, "")


def _fields(content: bytes, at: int, end: int) -> Iterator[Field]:
    while at < end:
        tag, at = _varint(content, at)
        match tag & 7:
            case 0:
                value, at = _varint(content, at)
                yield Field(tag >> 3, at, at, value)
            case 1:
                at += 8
            case 2:
                length, at = _varint(content, at)
                yield Field(tag >> 3, at, at + length, 0)
                at += length
            case 5:
                at += 4
            case other:
                raise ValueError(f"no ONNX file: wire type {other}")


def _varint(content: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = content[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
