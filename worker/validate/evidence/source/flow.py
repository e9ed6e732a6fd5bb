"""Where values of the model flow to in the source, as far as a reader can follow them.

Whatever is made from a loaded model, or from something made from it, carries its mark. In doubt a value is
marked: what stays unmarked has nothing to do with the model.
"""

import ast
from dataclasses import dataclass, field

from worker.validate.evidence.source.loading import loads_weights
from worker.validate.evidence.source.program import Module, Program, name_of

Key = tuple[str, str, str]
"""File, top-level function or class ("" outside), name."""
Function = ast.FunctionDef | ast.AsyncFunctionDef
ABOUT = frozenset({"device", "dtype", "config", "name_or_path", "hf_device_map", "generation_config"})
"""What a model says about itself is not what it answers."""
MOST_ROUNDS = 30


@dataclass
class Flow:
    """The marked names of a program, found by repeating until nothing new is marked."""

    program: Program
    marked: set[Key] = field(default_factory=set)
    functions: dict[tuple[str, str], Function | ast.ClassDef] = field(default_factory=dict)
    locals: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    paths: set[str] = field(default_factory=set)
    """Texts that were given to a marked call: files that it may have written."""

    def __post_init__(self) -> None:
        for module in self.program.modules.values():
            for node in module.tree.body:
                if isinstance(node, Function | ast.ClassDef):
                    self.functions[module.name, node.name] = node
                    self.locals[module.name, node.name] = _bound_in(node)
        for _ in range(MOST_ROUNDS):
            before = len(self.marked) + len(self.paths)
            self._round()
            if len(self.marked) + len(self.paths) == before:
                return

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
            case ast.Attribute(value=ast.Name(id=owner), attr=name) if owner in module.imported:
                source = module.imported[owner][0]
                return (source, "", name) in self.marked
            case ast.Call() if loads_weights(node):
                return True
            case ast.Constant(value=str() as text):
                return text in self.paths
            case _:
                return any(self.is_marked(module, scope, each) for each in ast.iter_child_nodes(node))

    def gives(
        self, module: Module, scope: str, function: Function | ast.Lambda
    ) -> list[tuple[ast.expr, bool]]:
        """What a function gives back, each with whether it is made from the model."""
        if isinstance(function, ast.Lambda):
            return [(function.body, self.is_marked(module, scope, function.body))]
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
        return [(each, decided or self.is_marked(module, scope, each)) for each in given]

    def _round(self) -> None:
        for module in self.program.modules.values():
            for node in module.tree.body:
                scope = node.name if isinstance(node, Function | ast.ClassDef) else ""
                for each in ast.walk(node):
                    self._visit(module, scope, each)
                if isinstance(node, ast.ClassDef) and any(
                    key[:2] == (module.name, scope) for key in self.marked
                ):
                    self._mark(module, "", ast.Name(id=node.name))
                if isinstance(node, Function) and any(made for _, made in self.gives(module, scope, node)):
                    self._mark(module, "", ast.Name(id=node.name))

    def _visit(self, module: Module, scope: str, node: ast.AST) -> None:
        match node:
            case ast.Assign(targets=targets, value=value):
                self._assign(module, scope, targets, value)
            case (
                ast.AnnAssign(target=target, value=ast.expr() as value)
                | ast.NamedExpr(target=target, value=value)
            ):
                self._assign(module, scope, [target], value)
            case ast.AugAssign(target=target, value=value):
                self._assign(module, scope, [target], value)
            case ast.For(target=target, iter=value) | ast.AsyncFor(target=target, iter=value):
                self._assign(module, scope, [target], value)
            case ast.comprehension(target=target, iter=value):
                self._assign(module, scope, [target], value)
            case ast.withitem(context_expr=value, optional_vars=ast.expr() as target):
                self._assign(module, scope, [target], value)
            case ast.Call():
                self._call(module, scope, node)

    def _assign(self, module: Module, scope: str, targets: list[ast.expr], value: ast.expr) -> None:
        if self.is_marked(module, scope, value):
            for target in targets:
                self._mark(module, scope, target)
        elif _is_container(value) and any(self.is_marked(module, scope, target) for target in targets):
            # What the model's call was given may have been filled by it, and so what is inside.
            self._mark_names(module, scope, value)

    def _call(self, module: Module, scope: str, call: ast.Call) -> None:
        given = [*call.args, *(each.value for each in call.keywords)]
        self._pass_on(module, scope, call)
        if not self.is_marked(module, scope, call):
            return
        if isinstance(call.func, ast.Attribute) and any(
            self.is_marked(module, scope, each) for each in given
        ):
            self._mark(module, scope, call.func.value)
        for each in given:
            self._mark_names(module, scope, each)
            for text in ast.walk(each):
                if isinstance(text, ast.Constant) and isinstance(text.value, str) and "." in text.value:
                    self.paths.add(text.value)

    def _pass_on(self, module: Module, scope: str, call: ast.Call) -> None:
        """Mark the parameters of a function or class of the program that is called with marked values."""
        found = self._called(module, call.func)
        if found is None:
            return
        owner, within, function = found
        names = [each.arg for each in _all(function.args) if each.arg != "self"]
        for name, value in zip(names, call.args, strict=False):
            if self.is_marked(module, scope, value):
                self.marked.add((owner, within, name))
        for keyword in call.keywords:
            if keyword.arg and self.is_marked(module, scope, keyword.value):
                self.marked.add((owner, within, keyword.arg))

    def _called(self, module: Module, node: ast.expr) -> tuple[str, str, Function] | None:
        """The file, the scope and the function that a call runs; of a class its __init__."""
        match node:
            case ast.Name(id=name):
                source, original = module.imported.get(name, (module.name, name))
            case ast.Attribute(value=ast.Name(id=owner), attr=name) if owner in module.imported:
                source, original = module.imported[owner][0], name
            case _:
                return None
        found = self.functions.get((source, original or name))
        if isinstance(found, ast.ClassDef):
            made = [each for each in found.body if isinstance(each, Function) and each.name == "__init__"]
            return (source, found.name, made[0]) if made else None
        return (source, found.name, found) if found else None

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

    def _mark_names(self, module: Module, scope: str, node: ast.AST) -> None:
        """What is given to the model's call, such as a streamer, may come back filled; inputs do not."""
        holder = self.functions.get((module.name, scope))
        if holder is None:
            return
        inputs = {
            each.arg for inner in ast.walk(holder) if isinstance(inner, ast.arguments) for each in _all(inner)
        }
        names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
        for name in (names & self.locals[module.name, scope]) - inputs:
            self.marked.add((module.name, scope, name))

    def _key(self, module: Module, scope: str, name: str) -> Key:
        if name in self.locals.get((module.name, scope), ()):
            return module.name, scope, name
        source, original = module.imported.get(name, (module.name, name))
        return (
            (source, "", original) if original and source in self.program.modules else (module.name, "", name)
        )


def _is_container(value: ast.expr) -> bool:
    return isinstance(value, ast.Dict | ast.List | ast.Tuple) or name_of(value) == "dict"


def _all(arguments: ast.arguments) -> list[ast.arg]:
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
    outside = {name for each in ast.walk(node) if isinstance(each, ast.Global) for name in each.names}
    return found - outside - {"self"}
