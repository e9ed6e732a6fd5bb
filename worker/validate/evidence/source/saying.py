"""What a value in the source is by its form: nothing, an error, a ready answer, the input as it is. Pure."""

import ast

from worker.validate.evidence.source.program import name_of

TELLING = frozenset({"Error", "Warning", "Info", "str", "repr", "format_exc", "format_exception", "update"})
"""Calls that tell the person what went wrong, or change the page."""
TROUBLE = (
    "error",
    "fail",
    "went wrong",
    "could not",
    "couldn't",
    "cannot",
    "can't",
    "unable",
    "sorry",
    "please",
    "invalid",
    "unsupported",
    "not supported",
    "too long",
    "too short",
    "too large",
    "must ",
    "no input",
    "⚠",
    "❌",
)


def is_empty(value: ast.expr) -> bool:
    """Whether a value is nothing, or only changes the page."""
    match value:
        case ast.Constant(value=None | "" | False | True):
            return True
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return all(map(is_empty, parts))
        case ast.Dict(keys=keys):
            return not keys
        case ast.UnaryOp():
            return True
        case ast.Call():
            return name_of(value) in {"update", "Error", "Warning", "Info"}
        case _:
            return False


def tells(value: ast.expr, error: str | None = None) -> bool:
    """Whether a value speaks of an error, perhaps of the one with this name."""
    for node in ast.walk(value):
        match node:
            case ast.Name(id=name) if error and name == error:
                return True
            case ast.Call() if name_of(node.func) in TELLING and (error is not None or not node.args):
                return True
            case ast.Constant(value=str() as text) if any(word in text.casefold() for word in TROUBLE):
                return True
    return False


def is_ready(value: ast.expr | None) -> bool:
    """A sentence or a structure that is written down."""
    match value:
        case ast.Constant(value=str() as text):
            return len(text.split()) > 1
        case ast.Dict(values=values):
            return bool(values) and all(isinstance(each, ast.Constant) for each in values)
        case _:
            return False


def asks_for_words(test: ast.expr, inputs: set[str]) -> bool:
    """Whether a condition looks for certain words in an input."""
    for node in ast.walk(test):
        if isinstance(node, ast.Compare):
            parts = [node.left, *node.comparators]
            words = any(
                isinstance(each, ast.Constant) and isinstance(each.value, str) and len(each.value) > 2
                for part in parts
                for each in ast.walk(part)
            )
            if words and any(speaks_of(part, inputs) for part in parts):
                return True
    return False


def asks_for_nothing(test: ast.expr, inputs: set[str]) -> bool:
    """Whether a condition is about an input that is missing, empty, or too long."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return speaks_of(operand, inputs) and not _words_in(operand)
        case ast.BoolOp(values=parts):
            return any(asks_for_nothing(each, inputs) for each in parts)
        case ast.Compare(
            left=left, ops=[ast.Is() | ast.Eq()], comparators=[ast.Constant(value=None | "" | 0)]
        ):
            return speaks_of(left, inputs)
        case ast.Compare(
            left=ast.Call(func=ast.Name(id="len")) as left, ops=[ast.Lt() | ast.LtE() | ast.Eq()]
        ):
            return speaks_of(left, inputs)
        case _:
            return False


def hands_back(value: ast.expr, inputs: set[str]) -> bool:
    """Whether a value is an input as it came, or in another form of it."""
    match value:
        case ast.Name(id=name):
            return name in inputs
        case ast.Call(func=ast.Attribute(value=owner), args=args):
            return hands_back(owner, inputs) and all(isinstance(each, ast.Constant) for each in args)
        case ast.Call(func=ast.Name(id="str" | "list" | "dict"), args=[only]):
            return hands_back(only, inputs)
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return all(
                hands_back(each, inputs) or is_empty(each) or isinstance(each, ast.Constant) for each in parts
            )
        case ast.BinOp(left=left, right=right):  # a conversation with one more turn
            return hands_back(left, inputs) and isinstance(right, ast.List)
        case _:
            return False


def is_made_up(value: ast.expr, known: dict[str, list[ast.expr]], deep: int = 0) -> bool:
    """Whether a value is computed or looked up, and no mere word or number."""
    match value:
        case ast.Name(id=name):
            return deep < 3 and any(is_made_up(each, known, deep + 1) for each in known.get(name, ()))
        case ast.Constant():
            return False
        case ast.JoinedStr() | ast.BinOp() | ast.Subscript() | ast.Call() | ast.ListComp() | ast.DictComp():
            return True
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return any(is_made_up(each, known, deep) for each in parts)
        case ast.Dict(values=parts):
            return any(is_made_up(each, known, deep) for each in parts)
        case _:
            return False


def speaks_of(node: ast.AST, names: set[str]) -> bool:
    return any(isinstance(each, ast.Name) and each.id in names for each in ast.walk(node))


def _words_in(node: ast.AST) -> bool:
    return any(
        isinstance(each, ast.Constant) and isinstance(each.value, str) and each.value.strip()
        for each in ast.walk(node)
    )
