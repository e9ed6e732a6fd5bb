"""Counts a model's forward calls from inside the app's process, and disturbs them when the worker asks.

Python runs this file at the start of every process in which it is on PYTHONPATH. It imports nothing heavy by
itself: it waits until the app imports torch or onnxruntime. `TWIN_COUNTS` is a file of 8-byte numbers that
this process adds to; `TWIN_SWITCH` is a file whose first byte the worker sets to disturb the model.
"""

import importlib.abc
import importlib.machinery
import mmap
import os
import struct
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

CALLS, WORK, TOUCHED, TORCH, ONNX = range(5)
SIZE = 4096


class Counts:
    """Numbers shared with the worker."""

    def __init__(self, counts: Path, switch: Path) -> None:
        with counts.open("r+b") as opened:
            self._counts = mmap.mmap(opened.fileno(), SIZE)
        with switch.open("rb") as opened:
            self._switch = mmap.mmap(opened.fileno(), SIZE, access=mmap.ACCESS_READ)

    def add(self, place: int, number: int) -> None:
        (old,) = struct.unpack_from("<q", self._counts, 8 * place)
        struct.pack_into("<q", self._counts, 8 * place, old + number)

    @property
    def disturbing(self) -> bool:
        return self._switch[0] == 1


class Watch(importlib.abc.MetaPathFinder):
    """Calls `found[name](counts, module)` once the module of that name has been imported."""

    def __init__(self, counts: Counts, found: dict[str, Callable[[Counts, Any], None]]) -> None:
        self._counts = counts
        self._found = found

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        found = self._found.pop(fullname, None)
        spec = importlib.machinery.PathFinder.find_spec(fullname, path) if found else None
        if found is None or spec is None or spec.loader is None:
            return None
        execute = spec.loader.exec_module

        def exec_module(module: ModuleType) -> None:
            execute(module)
            found(self._counts, module)

        vars(spec.loader)["exec_module"] = exec_module
        return spec


def watch_torch(counts: Counts, torch: Any) -> None:
    """Every call of a module that no other module's call is around counts as one forward call."""
    counts.add(TORCH, 1)
    original = torch.nn.Module.__call__
    inside = threading.local()
    seen: set[int] = set()

    def called(self: Any, *args: Any, **kwargs: Any) -> Any:
        depth = getattr(inside, "depth", 0)
        inside.depth = depth + 1
        try:
            answer = original(self, *args, **kwargs)
        finally:
            inside.depth = depth
        if depth == 0:
            counts.add(CALLS, 1)
        weight = self._parameters.get("weight")
        if weight is None or weight.dim() < 2 or not isinstance(answer, torch.Tensor):
            return answer
        counts.add(WORK, answer.numel() * (weight.numel() // max(weight.shape[0], 1)))
        if id(weight) not in seen:
            seen.add(id(weight))
            counts.add(TOUCHED, weight.numel())
        return -answer.roll(1, -1) if counts.disturbing and answer.is_floating_point() else answer

    torch.nn.Module.__call__ = called


def watch_onnxruntime(counts: Counts, runtime: Any) -> None:
    """Every run of a session counts as one forward call."""
    counts.add(ONNX, 1)
    original = runtime.InferenceSession.run

    def run(self: Any, output_names: Any, input_feed: Any, *args: Any, **kwargs: Any) -> Any:
        answers = original(self, output_names, input_feed, *args, **kwargs)
        counts.add(CALLS, 1)
        counts.add(WORK, sum(int(getattr(each, "size", 1)) for each in input_feed.values()))
        return [disturbed(each) for each in answers] if counts.disturbing else answers

    runtime.InferenceSession.run = run


def disturbed(answer: Any) -> Any:
    return 0.37 - 1.5 * answer if getattr(getattr(answer, "dtype", None), "kind", "") == "f" else answer


if "TWIN_COUNTS" in os.environ:
    shared = Counts(Path(os.environ["TWIN_COUNTS"]), Path(os.environ["TWIN_SWITCH"]))
    sys.meta_path.insert(0, Watch(shared, {"torch": watch_torch, "onnxruntime": watch_onnxruntime}))
