"""Reads a Space's files into a program: Python as syntax trees, files with settings as what they hold."""

import ast
import json
import tomllib
from collections.abc import Callable
from pathlib import PurePosixPath

import yaml
from pydantic import JsonValue

from worker.validate.evidence.source.program import Module, Program

DOCUMENTS: dict[str, Callable[[str], JsonValue]] = {
    ".json": json.loads,
    ".toml": tomllib.loads,
    ".yaml": yaml.safe_load,
    ".yml": yaml.safe_load,
}


def read_program(files: dict[str, str]) -> Program:
    """The Python files of a Space, and those that hold settings."""
    program = Program({}, {})
    for path, text in files.items():
        try:
            if path.endswith(tuple(DOCUMENTS)):
                read = DOCUMENTS[PurePosixPath(path).suffix]
                program.documents[PurePosixPath(path).name] = read(text)
            elif path.endswith(".py"):
                module = _module(path, ast.parse(text))
                program.modules[module.name] = module
        except (SyntaxError, ValueError, RecursionError, MemoryError, yaml.YAMLError):
            program.broken = path if path.endswith(".py") else program.broken
    return program


def _module(path: str, tree: ast.Module) -> Module:
    module = Module(path.removesuffix(".py").removesuffix("/__init__").replace("/", "."), tree)
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                for each in names:
                    module.imported[each.asname or each.name.split(".")[0]] = (each.name, None)
            case ast.ImportFrom(module=named, names=names, level=level):
                source = _from_here(path, level, named)
                for each in names:
                    module.imported[each.asname or each.name] = (source, each.name)
            case ast.FunctionDef(name=name):
                module.given_back[name] += [
                    each.value for each in ast.walk(node) if isinstance(each, ast.Return) and each.value
                ]
            case _:
                _note_values(module, node)
    return module


def _note_values(module: Module, node: ast.AST) -> None:
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                if isinstance(target, ast.Name):
                    module.assigned[target.id].append(value)
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            module.assigned[name].append(value)
        case ast.For(target=ast.Name(id=name), iter=ast.List(elts=each) | ast.Tuple(elts=each)):
            module.assigned[name] += each
        case ast.For(target=ast.Name(id=name), iter=ast.Name(id=listed)):
            for value in module.assigned.get(listed, []):
                module.assigned[name] += value.elts if isinstance(value, ast.List | ast.Tuple) else []


def _from_here(path: str, level: int, source: str | None) -> str:
    """The module that an import names, seen from the file at this path."""
    above = PurePosixPath(path).parent.parts
    kept = above[: len(above) - level + 1] if level else ()
    return ".".join([*kept, *([source] if source else [])])
