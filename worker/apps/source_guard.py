"""Reads the source of a custom app: nothing in it may turn text into code that runs."""

import ast
from collections.abc import Iterator

from worker.contract import Evidence

FORBIDDEN = frozenset({"exec", "eval", "compile", "__import__"})
FORBIDDEN_ATTRIBUTES = frozenset({"system", "popen", "loads_pickle", "exec_module", "run_path", "run_module"})
MODULES = frozenset({"pickle", "marshal", "runpy", "importlib.util", "code", "ctypes"})


def runs_no_generated_code(files: dict[str, str]) -> Evidence:
    """Evidence of the name `source`."""
    found = [f"{name} {what}" for name, text in files.items() if name.endswith(".py") for what in _in(text)]
    if found:
        return Evidence(name="source", passed=False, detail=f"{found[0]}.")
    return Evidence(name="source", passed=True, detail="No file of the app turns text into code that runs.")


def _in(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Name(id=name) if name in FORBIDDEN:
                yield f"uses {name}"
            case ast.Attribute(attr=name, value=ast.Name(id="os" | "runpy" | "builtins")) if (
                name in FORBIDDEN_ATTRIBUTES | FORBIDDEN
            ):
                yield f"uses {name}"
            case ast.keyword(arg="shell"):
                yield "starts a shell"
            case ast.Import(names=names) if hits := MODULES & {each.name for each in names}:
                yield f"imports {min(hits)}"
            case ast.ImportFrom(module=str() as module) if module in MODULES:
                yield f"imports {module}"
