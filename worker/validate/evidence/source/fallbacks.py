"""Does something answer when the model does not? In an except branch, or after loading failed silently."""

import ast
from collections.abc import Iterator

from worker.validate.evidence.source.loading import is_load, loads_weights
from worker.validate.evidence.source.program import Program, name_of

SAYING = frozenset({"Error", "Warning", "Info", "str", "repr", "format_exc", "format_exception", "update"})
"""Calls in an except branch that tell the person what went wrong."""
TROUBLE = (
    "error",
    "fail",
    "went wrong",
    "could not",
    "cannot",
    "unable",
    "sorry",
    "please",
    "invalid",
    "⚠",
    "❌",
)


def fallbacks(program: Program) -> Iterator[str]:
    """Each finding continues the sentence: The source …"""
    for module in program.modules.values():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Try):
                yield from _of_try(node)


def _of_try(node: ast.Try) -> Iterator[str]:
    loads = [call for part in node.body for call in ast.walk(part) if isinstance(call, ast.Call)]
    needs_it = any(loads_weights(call) for call in loads)
    for handler in node.handlers:
        if _raises(handler):
            continue
        for answer in _answers(handler):
            yield f"answers in an except branch (line {answer.lineno})"
        if needs_it and not _loads_otherwise(handler):
            yield f"goes on when its model cannot be loaded (line {handler.lineno})"


def _answers(handler: ast.ExceptHandler) -> Iterator[ast.stmt | ast.expr]:
    """Values that an except branch gives as if nothing had happened."""
    for node in _own(handler):
        value = node.value if isinstance(node, ast.Return | ast.Yield) else None
        if value is not None and not _is_nothing(value) and not _tells(value, handler.name):
            yield value


def _is_nothing(value: ast.expr) -> bool:
    match value:
        case ast.Constant(value=None | "" | False):
            return True
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return all(map(_is_nothing, parts))
        case ast.Dict(keys=keys):
            return not keys
        case ast.UnaryOp():
            return True
        case _:
            return False


def _tells(value: ast.expr, error: str | None) -> bool:
    """Whether a value speaks of the error."""
    for node in ast.walk(value):
        match node:
            case ast.Name(id=name) if error and name == error:
                return True
            case ast.Call() if name_of(node.func) in SAYING:
                return True
            case ast.Constant(value=str() as text) if any(word in text.casefold() for word in TROUBLE):
                return True
    return False


def _raises(handler: ast.ExceptHandler) -> bool:
    """Whether the branch ends in an error or the end of the program, at the latest."""
    leaves = ("exit", "_exit", "abort")
    last = handler.body[-1]
    ends = isinstance(last, ast.Raise) or (
        isinstance(last, ast.Expr) and isinstance(last.value, ast.Call) and name_of(last.value) in leaves
    )
    return ends and not list(_answers(handler))


def _loads_otherwise(handler: ast.ExceptHandler) -> bool:
    return any(isinstance(node, ast.Call) and is_load(node) for node in ast.walk(handler))


def _own(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of a branch, without functions that are only defined in it."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield child
            yield from _own(child)
