"""The functions, methods and classes of a program, and which of them a call runs."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from worker.validate.evidence.source.program import Module, Program, name_of

Function = ast.FunctionDef | ast.AsyncFunctionDef
Defined = Function | ast.ClassDef
Key = tuple[str, str, str]
"""File, top-level function or class ("" outside), name."""
HANDING_ON = frozenset(
    {"partial", "Thread", "Process", "submit", "to_thread", "map", "run_in_executor", "run_sync"}
)
"""Calls that run a function they are given, with what they are given besides."""


@dataclass
class Definitions:
    """What is defined where. Inner functions belong to the top-level function or class that they are in."""

    program: Program
    found: dict[Key, list[Defined]] = field(default_factory=dict)
    made_of: dict[Key, set[Key]] = field(default_factory=dict)
    """The classes of the program that a name is an instance of."""

    def __post_init__(self) -> None:
        for module in self.program.modules.values():
            for node in top_level(module.tree):
                if isinstance(node, Defined):
                    self._add((module.name, "", node.name), node)
                    for inner in ast.walk(node):
                        if inner is not node and isinstance(inner, Defined):
                            self._add((module.name, node.name, inner.name), inner)
        for module in self.program.modules.values():
            for node in top_level(module.tree):
                for each in ast.walk(node):
                    if isinstance(each, ast.Assign) and isinstance(each.value, ast.Call):
                        self._instances(module, scope_of(node), each.targets, each.value)

    def run_by(self, module: Module, scope: str, function: ast.expr) -> list[Key]:
        """The keys of what a call of this expression runs; empty if it is none of the program's own."""
        match function:
            case ast.Name(id=name):
                direct = self.named(module, scope, name)
                return (
                    [direct] if direct else self._methods(self._classes(module, scope, function), "__call__")
                )
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name):
                key = (module.name, scope, name)
                return [key] if key in self.found else []
            case ast.Attribute(value=ast.Name(id=owner), attr=name) if (
                module.imported.get(owner, ("", ""))[1] is None
            ):
                key = (module.imported[owner][0], "", name)
                return [key] if key in self.found else []
            case ast.Attribute(value=owner_, attr=name):
                return self._methods(self._classes(module, scope, owner_), name)
            case _:
                return []

    def named(self, module: Module, scope: str, name: str) -> Key | None:
        """What a name in this place stands for, if the program defines it."""
        source, original = module.imported.get(name, (module.name, name))
        keys = ((module.name, scope, name), (source, "", original or name))
        return next((key for key in keys if key in self.found), None)

    def functions(self, key: Key) -> list[Function]:
        """Those of this key; of a class its __init__."""
        found = []
        for each in self.found.get(key, ()):
            if isinstance(each, ast.ClassDef):
                found += [one for one in each.body if isinstance(one, Function) and one.name == "__init__"]
            else:
                found.append(each)
        return found

    def fields(self, key: Key) -> list[str]:
        """What a class without an __init__ of its own is made of."""
        return [
            each.target.id
            for node in self.found.get(key, ())
            if isinstance(node, ast.ClassDef)
            for each in node.body
            if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
        ]

    def is_class(self, key: Key) -> bool:
        return any(isinstance(each, ast.ClassDef) for each in self.found.get(key, ()))

    def handed_on(
        self, module: Module, scope: str, call: ast.Call
    ) -> Iterator[tuple[Key, list[ast.expr], list[ast.keyword]]]:
        """Each function of the program that a call runs, with the arguments that it gets."""
        for key in self.run_by(module, scope, call.func):
            yield key, call.args, call.keywords
        if name_of(call.func) in HANDING_ON:
            given = [*call.args, *(each.value for each in call.keywords if each.arg in {"target", "func"})]
            for place, each in enumerate(given):
                keys = self.run_by(module, scope, each) if isinstance(each, ast.Name | ast.Attribute) else []
                for key in keys:
                    yield key, [*given[place + 1 :], *_packed(call)], call.keywords

    def _classes(self, module: Module, scope: str, node: ast.expr) -> set[Key]:
        match node:
            case ast.Call(func=ast.Name(id=name)):
                key = self.named(module, scope, name)
                return {key} if key and self.is_class(key) else set()
            case ast.Name(id=name):
                source, original = module.imported.get(name, (module.name, name))
                inner = self.made_of.get((module.name, scope, name), set())
                return inner or self.made_of.get((source, "", original or name), set())
            case ast.Attribute(value=ast.Name(id="self"), attr=name):
                return self.made_of.get((module.name, scope, f"self.{name}"), set())
            case _:
                return set()

    def _methods(self, classes: set[Key], name: str) -> list[Key]:
        keys = [(source, class_name, name) for source, _, class_name in classes]
        return [key for key in keys if key in self.found]

    def _instances(self, module: Module, scope: str, targets: list[ast.expr], value: ast.Call) -> None:
        classes = self._classes(module, scope, value)
        for target in targets if classes else ():
            match target:
                case ast.Name(id=name):
                    self.made_of.setdefault((module.name, scope, name), set()).update(classes)
                case ast.Attribute(value=ast.Name(id="self"), attr=name):
                    self.made_of.setdefault((module.name, scope, f"self.{name}"), set()).update(classes)

    def _add(self, key: Key, node: Defined) -> None:
        self.found.setdefault(key, []).append(node)


def top_level(tree: ast.Module) -> Iterator[ast.AST]:
    """The statements of a file; what defines something under a condition is taken apart."""
    yield from _flat(tree.body)


def scope_of(node: ast.AST) -> str:
    return node.name if isinstance(node, Defined) else ""


def _flat(body: list[ast.stmt]) -> Iterator[ast.AST]:
    for node in body:
        inner = isinstance(node, ast.If | ast.Try | ast.With | ast.For | ast.While)
        if inner and any(isinstance(each, Defined) for each in ast.walk(node)):
            for child in ast.iter_child_nodes(node):
                yield from _flat([child]) if isinstance(child, ast.stmt) else _flat_part(child)
        else:
            yield node


def _flat_part(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.ExceptHandler):
        yield from _flat(node.body)
    else:
        yield node


def _packed(call: ast.Call) -> list[ast.expr]:
    """The values in `args=(…)`, as a thread gets them."""
    packed = next((each.value for each in call.keywords if each.arg == "args"), None)
    return list(packed.elts) if isinstance(packed, ast.Tuple | ast.List) else []
