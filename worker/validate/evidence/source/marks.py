"""Which values of a program carry the model's mark, and how a mark gets onto a name.

Whatever is made from the model, or from something made from it, carries its mark. In doubt a value is marked:
what stays unmarked has nothing to do with the model.
"""

import ast
from dataclasses import dataclass, field
from typing import NamedTuple

from worker.card import Card
from worker.validate.evidence.source.definitions import Definitions, Function, Key, scope_of, top_level
from worker.validate.evidence.source.filling import may_be_filled, roots
from worker.validate.evidence.source.loading import loads_the_model
from worker.validate.evidence.source.program import Module, Program

ABOUT = frozenset(
    {
        "device",
        "dtype",
        "config",
        "name_or_path",
        "hf_device_map",
        "generation_config",
        "__class__",
        "numel",
        "shape",
        "ndim",
        "num_parameters",
        "get_memory_footprint",
        "vocab_size",
    }
)
"""What a model says about itself is not what it answers."""
ABOUT_CALLS = frozenset({"type", "id", "isinstance", "hasattr", "callable"})


class Given(NamedTuple):
    """What a function gives back in one place, and whether that is made from the model."""

    value: ast.expr
    made: bool


@dataclass
class Marks:
    """The marked names of a program."""

    program: Program
    card: Card | None = None
    marked: set[Key] = field(default_factory=set)
    locals: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    paths: set[str] = field(default_factory=set)
    """Texts that were given to a marked call: files that it may have written."""
    changed: set[Key] = field(default_factory=set)
    """Names of what was changed in place, such as a canvas that is drawn on."""

    def __post_init__(self) -> None:
        self.definitions = Definitions(self.program)
        for module in self.program.modules.values():
            for node in top_level(module.tree):
                if scope := scope_of(node):
                    self.locals.setdefault((module.name, scope), set()).update(_bound_in(node))

    def is_marked(self, module: Module, scope: str, node: ast.AST | None) -> bool:  # noqa: PLR0911  # one a shape
        """Whether an expression is made from the model."""
        match node:
            case None:
                return False
            case ast.Name(id=name):
                return self._key(module, scope, name) in self.marked
            case ast.Attribute(value=ast.Name(id="self"), attr=name):
                return (module.name, scope, f"self.{name}") in self.marked
            case ast.Attribute(attr=name) if name in ABOUT:
                return False
            case ast.Attribute(value=ast.Name(id=owner), attr=name) if self._is_module(module, owner):
                source = module.imported[owner][0]
                own = source in self.program.modules
                return ((source, "", name) if own else (module.name, "", owner)) in self.marked
            case ast.Call():
                return self._is_marked_call(module, scope, node)
            case ast.Constant(value=str() as text):
                return text in self.paths
            case ast.ListComp(elt=part, generators=loops) | ast.GeneratorExp(elt=part, generators=loops):
                wanted = [part, *(test for each in loops for test in each.ifs)]
                return any(self.is_marked(module, scope, each) for each in wanted)
            case _:
                return any(self.is_marked(module, scope, each) for each in ast.iter_child_nodes(node))

    def _is_marked_call(self, module: Module, scope: str, call: ast.Call) -> bool:
        if loads_the_model(self.program, module, call, self.card):
            return True
        if own := self.definitions.run_by(module, scope, call.func):
            given = [*call.args, *(each.value for each in call.keywords)]
            takes = any(map(self.definitions.is_class, own))
            kept = takes and any(self.is_marked(module, scope, each) for each in given)
            return kept or any(key in self.marked for key in own)
        if isinstance(call.func, ast.Name) and call.func.id in ABOUT_CALLS:
            return False
        return any(self.is_marked(module, scope, each) for each in ast.iter_child_nodes(call))

    def gives(self, module: Module, scope: str, function: Function | ast.Lambda) -> list[Given]:
        """Everything that a function gives back."""
        if isinstance(function, ast.Lambda):
            return [Given(function.body, self.is_marked(module, scope, function.body))]
        decided = any(
            self.is_marked(module, scope, each.test if isinstance(each, ast.If | ast.While) else each.subject)
            for each in ast.walk(function)
            if isinstance(each, ast.If | ast.While | ast.Match)
        )
        given = [
            each.value
            for each in ast.walk(function)
            if isinstance(each, ast.Return | ast.Yield | ast.YieldFrom) and each.value is not None
        ]
        return [Given(each, decided or self.is_marked(module, scope, each)) for each in given]

    def _mark(self, module: Module, scope: str, target: ast.AST) -> None:
        match target:
            case ast.Name(id=name):
                self.marked.add(self._key(module, scope, name))
            case ast.Attribute(value=ast.Name(id="self"), attr=name):
                self.marked.add((module.name, scope, f"self.{name}"))
            case ast.Attribute(value=owner) | ast.Subscript(value=owner) | ast.Starred(value=owner):
                self._mark(module, scope, owner)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                for part in parts:
                    self._mark(module, scope, part)

    def _change(self, module: Module, scope: str, node: ast.AST) -> None:
        """Mark what was changed in place."""
        self._mark(module, scope, node)
        for name in roots(node):
            key = self._key(module, scope, name)
            self.marked.add(key)
            self.changed.add(key)

    def _mark_filled(self, module: Module, scope: str, node: ast.AST, *, asks: bool = False) -> None:
        """What is given to the model's call, such as a streamer, may come back filled; inputs do not."""
        bound = self.locals.get((module.name, scope))
        if bound is None:
            return
        inputs = {
            each.arg
            for key, nodes in self.definitions.found.items()
            if key[0] == module.name and scope in key[1:]
            for top in nodes
            for inner in ast.walk(top)
            if isinstance(inner, ast.arguments)
            for each in every_argument(inner)
        }
        names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
        for name in (names & bound) - inputs:
            if not asks or may_be_filled(module.assigned.get(name, [])):
                self.marked.add((module.name, scope, name))

    def _is_module(self, module: Module, name: str) -> bool:
        return name in module.imported and module.imported[name][1] is None

    def _key(self, module: Module, scope: str, name: str) -> Key:
        if name in self.locals.get((module.name, scope), ()):
            return module.name, scope, name
        source, original = module.imported.get(name, (module.name, name))
        return (
            (source, "", original) if original and source in self.program.modules else (module.name, "", name)
        )


def every_argument(arguments: ast.arguments) -> list[ast.arg]:
    extra = [each for each in (arguments.vararg, arguments.kwarg) if each]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *extra]


def _bound_in(node: ast.AST) -> set[str]:
    """Names that a function or class binds, except those that it says are global."""
    found: set[str] = set()
    for each in ast.walk(node):
        match each:
            case ast.Name(id=name, ctx=ast.Store()):
                found.add(name)
            case ast.arg(arg=name):
                found.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) if each is not node:
                found.add(name)
    outside = {name for each in ast.walk(node) if isinstance(each, ast.Global) for name in each.names}
    return found - outside - {"self"}
