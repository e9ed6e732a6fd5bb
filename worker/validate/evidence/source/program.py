"""A Space's Python files as syntax trees, and what a text in them stands for. Nothing is ever run.

Names are resolved as far as a reader would: constants, `model.json` beside the app, constants of other files.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from pydantic import JsonValue

DEEPEST = 12
"""Steps from a name to what it stands for."""


@dataclass
class Module:
    """One file."""

    name: str
    tree: ast.Module
    assigned: dict[str, list[ast.expr]] = field(default_factory=lambda: defaultdict(list))
    """Every value that a name gets anywhere in the file."""
    given_back: dict[str, list[ast.expr]] = field(default_factory=lambda: defaultdict(list))
    """What a function may give back, by its name."""
    imported: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    """Local name to module, and the name in it; None where the module itself was imported."""


@dataclass
class Program:
    """All files together."""

    modules: dict[str, Module]
    documents: dict[str, JsonValue]
    """Files with settings by name."""
    broken: str | None = None
    """The file that is no Python."""

    def calls(self) -> Iterator[tuple[Module, ast.Call]]:
        for module in self.modules.values():
            for node in ast.walk(module.tree):
                if isinstance(node, ast.Call):
                    yield module, node

    def texts(  # noqa: PLR0911  # one for each shape
        self, module: Module, node: ast.expr | None, deep: int = 0
    ) -> set[str]:
        """The texts that an expression may be; empty if nobody can tell."""
        match node:
            case None:
                return set()
            case _ if deep > DEEPEST:
                return set()
            case ast.Constant(value=str() as text):
                return {text}
            case ast.JoinedStr(values=parts):
                return self._joined(module, parts, deep)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return self._joined(module, [left, right], deep)
            case ast.Call(func=ast.Attribute(value=ast.Constant(value=str() as frame), attr=how), args=args):
                return self._composed(module, frame, how, args, deep)
            case _:
                return {each for value in self.values(module, node, deep) for each in _text_of(value)}

    def values(  # noqa: PLR0911  # one for each shape
        self, module: Module, node: ast.expr, deep: int = 0
    ) -> list[JsonValue]:
        """What an expression may stand for, where it is data."""
        deep += 1
        if deep > DEEPEST:
            return []
        match node:
            case ast.Name(id=name):
                return self._named(module, name, deep)
            case ast.Attribute(value=ast.Name(id=owner), attr=name) if owner in module.imported:
                other = self.modules.get(module.imported[owner][0])
                return self._named(other, name, deep) if other else []
            case ast.Subscript(value=owner, slice=place):
                key = str(place.value) if isinstance(place, ast.Constant) else ""
                return _items(self.values(module, owner, deep), key) or self._inside(module, owner, deep)
            case ast.Call(func=ast.Attribute(value=owner, attr="get"), args=[ast.Constant(value=key), *rest]):
                found = _items(self.values(module, owner, deep), str(key))
                return found + [text for each in rest for text in self.texts(module, each, deep)]
            case ast.Call(func=function, args=args):
                return self._called(module, function, args, deep)
            case ast.BoolOp(values=options):
                return [value for each in options for value in self.texts(module, each, deep)]
            case ast.IfExp(body=one, orelse=other):
                return [*self.texts(module, one, deep), *self.texts(module, other, deep)]
            case ast.Constant(value=str() as text):
                return [text]
            case _:
                return []

    def _inside(self, module: Module, owner: ast.expr, deep: int) -> list[JsonValue]:
        """Every text in a table or a list that is written down: nobody can tell which one is taken."""
        tables = module.assigned.get(owner.id, []) if isinstance(owner, ast.Name) else [owner]
        parts = [
            part
            for table in tables
            if isinstance(table, ast.Dict | ast.List | ast.Tuple)
            for part in (table.values if isinstance(table, ast.Dict) else table.elts)
        ]
        return [text for part in parts for text in self.texts(module, part, deep)]

    def _composed(self, module: Module, frame: str, how: str, args: list[ast.expr], deep: int) -> set[str]:
        """A text that is put together with join or format, where every part is known."""
        if how == "join" and len(args) == 1 and isinstance(args[0], ast.List | ast.Tuple):
            parts = [self.texts(module, each, deep + 1) for each in args[0].elts]
            return (
                {frame.join(each.pop() for each in parts)} if all(len(each) == 1 for each in parts) else set()
            )
        parts = [self.texts(module, each, deep + 1) for each in args]
        if how != "format" or any(len(each) != 1 for each in parts):
            return set()
        try:
            return {frame.format(*(each.pop() for each in parts))}
        except (IndexError, KeyError, ValueError):
            return set()

    def _called(self, module: Module, function: ast.expr, args: list[ast.expr], deep: int) -> list[JsonValue]:
        """A document that is read, or the default of an environment variable."""
        document = next((each for arg in args for each in self._documents_in(module, arg)), None)
        if document is not None:
            return [document]
        if name_of(function) in {"getenv", "get"} and len(args) == 2:
            return list(self.texts(module, args[1], deep))
        if isinstance(function, ast.Name) and function.id in module.given_back:
            given = module.given_back[function.id]
            return [text for each in given for text in self.texts(module, each, deep)]
        return list(self.texts(module, args[0], deep)) if name_of(function) == "str" and args else []

    def _documents_in(self, module: Module, node: ast.expr) -> Iterator[JsonValue]:
        for each in ast.walk(node):
            match each:
                case ast.Constant(value=str() as text):
                    if (name := PurePosixPath(text).name) in self.documents:
                        yield self.documents[name]
                case ast.Name(id=name):
                    for value in module.assigned.get(name, []):
                        if value is not node and not isinstance(value, ast.Name):
                            yield from self._documents_in(module, value)

    def _named(self, module: Module, name: str, deep: int) -> list[JsonValue]:
        if name in module.imported and module.imported[name][1]:
            source, original = module.imported[name]
            other = self.modules.get(source)
            return self._named(other, original or name, deep + 1) if other and deep < DEEPEST else []
        found: list[JsonValue] = []
        for value in module.assigned.get(name, []):
            found += self.texts(module, value, deep) or self.values(module, value, deep)
        return found

    def _joined(self, module: Module, parts: list[ast.expr], deep: int) -> set[str]:
        """Texts put together; only where each part is known to be one thing."""
        whole = ""
        for part in parts:
            inner = part.value if isinstance(part, ast.FormattedValue) else part
            found = self.texts(module, inner, deep + 1)
            if len(found) != 1:
                return set()
            whole += found.pop()
        return {whole}


def name_of(node: ast.AST) -> str:
    """The last part of a dotted name."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(attr=name):
            return name
        case ast.Call(func=function):
            return name_of(function)
        case _:
            return ""


def dotted(node: ast.AST) -> str:
    """A dotted name whole."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=owner, attr=name):
            return f"{dotted(owner)}.{name}"
        case _:
            return ""


def _items(owners: list[JsonValue], key: str) -> list[JsonValue]:
    return [owner[key] for owner in owners if isinstance(owner, dict) and key in owner]


def _text_of(value: JsonValue) -> list[str]:
    return [value] if isinstance(value, str) else []
