"""What a call may leave something in: streamers, lists, files and pictures that it is given."""

import ast

from worker.validate.evidence.source.program import name_of

DRAWS = frozenset({"Generator", "Random", "RandomState", "Image", "Tensor"})
"""Classes whose instances stay as they are when a model gets them."""
PLACES = frozenset({"mktemp", "mkstemp", "mkdtemp", "join", "dict", "list", "zeros", "empty", "zeros_like"})


def may_be_filled(values: list[ast.expr]) -> bool:
    """Whether something with one of these values can take up what a model gives."""
    return not values or any(map(_takes_up, values))


def is_container(value: ast.expr) -> bool:
    return isinstance(value, ast.Dict | ast.List | ast.Tuple) or name_of(value) == "dict"


def roots(node: ast.AST) -> set[str]:
    """The names that an expression stands on: `draw` of `draw.text`, both of `a, b`, `x` of `Draw(x)`."""
    match node:
        case ast.Name(id=name):
            return {name}
        case ast.Attribute(value=owner) | ast.Subscript(value=owner) | ast.Starred(value=owner):
            return roots(owner)
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return {name for part in parts for name in roots(part)}
        case ast.Call(func=function, args=args):
            above = roots(function.value) if isinstance(function, ast.Attribute) else set()
            return above.union(*(roots(each) for each in args[:1]))
        case _:
            return set()


def _takes_up(value: ast.expr) -> bool:
    match value:
        case ast.Call(func=function):
            name = name_of(function)
            return name in PLACES or (name[:1].isupper() and name not in DRAWS)
        case ast.JoinedStr():  # a path, more often than not
            return True
        case _:
            return is_container(value)
