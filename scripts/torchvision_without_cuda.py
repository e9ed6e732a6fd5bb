"""Lets the registry's torchvision, which is built for CUDA, be imported beside a torch that is not.

It is loaded at every start of Python in `.models`. There its own operators can't be loaded, and importing it
fails because nobody has declared them; two declarations are enough. Calling them still fails.
"""

import importlib.abc
import importlib.machinery
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any

OPERATORS = ("nms", "qnms")
kept: list[Any] = []
"""The declarations end with the object that made them."""


class Declare(importlib.abc.MetaPathFinder):
    """Declares the operators at the first import of torchvision, then steps aside."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name != "torchvision":
            return None
        sys.meta_path.remove(self)
        import torch

        if torch.version.cuda is None:
            library = torch.library.Library("torchvision", "DEF")
            for operator in OPERATORS:
                library.define(f"{operator}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
            kept.append(library)
        return importlib.machinery.PathFinder.find_spec(name)


sys.meta_path.insert(0, Declare())
