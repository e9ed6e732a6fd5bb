"""Loaded at the start of every Space's Python. Keeps Gradio's hot reloading from starting.

On the real platform each Space has a machine of its own. Here the reloading server would listen on one port
for all of them, and where its package is missing, Gradio fills the log with a traceback.
"""

import importlib.util
import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

STARTS_RELOADING = "gradio.http_server"


class _Once(MetaPathFinder):
    """Finds one module as usual, and changes it when it has been loaded."""

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> ModuleSpec | None:
        if fullname != STARTS_RELOADING:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(fullname)
        if spec is not None and spec.loader is not None:
            spec.loader = _Without(spec.loader)
        return spec


class _Without(Loader):
    def __init__(self, usual: Loader) -> None:
        self._usual = usual

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._usual.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self._usual.exec_module(module)
        vars(module)["watchfn_spaces"] = lambda _reloader: None


sys.meta_path.insert(0, _Once())
