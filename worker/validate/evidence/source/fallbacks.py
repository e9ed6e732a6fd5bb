"""Does something answer when the model does not? In an except branch, or after loading failed silently."""

import ast
from collections.abc import Iterator

from worker.validate.evidence.source.definitions import Function, scope_of, top_level
from worker.validate.evidence.source.flow import Flow
from worker.validate.evidence.source.loading import is_load, loads_weights
from worker.validate.evidence.source.program import Module, name_of
from worker.validate.evidence.source.saying import is_empty, is_made_up, is_ready, speaks_of, tells

LEAVES = ("exit", "_exit", "abort")


def fallbacks(flow: Flow) -> Iterator[str]:
    """Each finding continues the sentence: The source …"""
    for module in flow.program.modules.values():
        for top in top_level(module.tree):
            place = _Place(flow, module, scope_of(top))
            if isinstance(top, Function) and isinstance(top.body[-1], ast.Raise):
                continue  # whatever fails in it, in the end it says so
            for node in ast.walk(top):
                if isinstance(node, ast.Try):
                    yield from place.of_try(node)
                    if not all(map(_raises, node.handlers)):
                        errors = {each.name for each in node.handlers if each.name}
                        yield from place.of_replaced(node.body, top, errors)
                elif isinstance(node, ast.With) and any(map(_suppresses, node.items)):
                    yield from place.of_swallowed(node.body, node.lineno, top)


class _Place:
    """A top-level function or class, or the file outside of them."""

    def __init__(self, flow: Flow, module: Module, scope: str) -> None:
        self._flow = flow
        self._module = module
        self._scope = scope

    def of_try(self, node: ast.Try) -> Iterator[str]:
        asks = self._asks(node.body)
        needs_it = self._loads(node.body)
        for handler in node.handlers:
            if _raises(handler) and not list(self._answers(handler)):
                continue
            for answer in self._answers(handler) if asks else ():
                yield f"answers in an except branch (line {answer.lineno})"
            if needs_it and not any(
                is_load(self._flow.program, self._module, each) for each in _calls(handler.body)
            ):
                yield f"goes on when its model cannot be loaded (line {handler.lineno})"

    def of_swallowed(self, body: list[ast.stmt], line: int, top: ast.AST) -> Iterator[str]:
        """A block whose errors nobody hears of."""
        if self._loads(body):
            yield f"goes on when its model cannot be loaded (line {line})"
        yield from self.of_replaced(body, top, set())

    def of_replaced(self, body: list[ast.stmt], top: ast.AST, errors: set[str]) -> Iterator[str]:
        """Another value for what the model should have given, had it not failed."""
        inside = {id(each) for part in body for each in ast.walk(part)}
        asked = {
            target.id
            for each in ast.walk(ast.Module(body, []))
            if isinstance(each, ast.Assign) and self._asks([each])
            for target in each.targets
            if isinstance(target, ast.Name)
        }
        for each in ast.walk(top) if asked else ():
            if not isinstance(each, ast.Assign) or id(each) in inside:
                continue
            named = {target.id for target in each.targets if isinstance(target, ast.Name)}
            if named & asked and self._invents(each.value) and not speaks_of(each.value, errors):
                yield f"answers without its model when that fails (line {each.lineno})"

    def _loads(self, body: list[ast.stmt]) -> bool:
        return any(loads_weights(self._flow.program, self._module, each) for each in _calls(body))

    def _asks(self, body: list[ast.stmt]) -> bool:
        """Whether the model is called there, and not merely what it gave looked at."""
        return any(self._is_the_models(call) for call in _calls(body))

    def _is_the_models(self, call: ast.Call) -> bool:
        if not self._flow.is_marked(self._module, self._scope, call.func):
            return False
        root: ast.expr = call.func
        while isinstance(root, ast.Attribute | ast.Subscript):
            root = root.value
        if not isinstance(root, ast.Name):
            return True
        values = self._module.assigned.get(root.id, [])
        bound = root.id in self._flow.locals.get((self._module.name, self._scope), ())
        # A local value that a call has given is an answer, and its methods only look at that.
        return not (bound and values and all(isinstance(each, ast.Call | ast.Subscript) for each in values))

    def _answers(self, handler: ast.ExceptHandler) -> Iterator[ast.expr]:
        """Values that an except branch gives as if nothing had happened."""
        for node in _own(handler):
            value = node.value if isinstance(node, ast.Return | ast.Yield) else None
            if value is None or is_empty(value) or tells(value, handler.name or ""):
                continue
            if not self._flow.is_marked(self._module, self._scope, value):
                yield value

    def _invents(self, value: ast.expr) -> bool:
        if self._flow.is_marked(self._module, self._scope, value) or is_empty(value) or tells(value):
            return False
        return is_ready(value) or is_made_up(value, {})


def _suppresses(item: ast.withitem) -> bool:
    return name_of(item.context_expr) == "suppress"


def _calls(body: list[ast.stmt]) -> Iterator[ast.Call]:
    for part in body:
        yield from (each for each in ast.walk(part) if isinstance(each, ast.Call))


def _raises(handler: ast.ExceptHandler) -> bool:
    """Whether the branch ends in an error or the end of the program, at the latest."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) or (
        isinstance(last, ast.Expr) and isinstance(last.value, ast.Call) and name_of(last.value) in LEAVES
    )


def _own(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of a branch, without functions that are only defined in it."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield child
            yield from _own(child)
