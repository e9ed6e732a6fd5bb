"""Is the model's answer multiplied away or mixed in by a drop, or are its weights replaced by chance?"""

import ast
from collections.abc import Iterator

from worker.validate.evidence.source.definitions import scope_of, top_level
from worker.validate.evidence.source.flow import Flow
from worker.validate.evidence.source.program import Module, dotted, name_of

ANEW = frozenset({"reset_parameters", "init_weights", "_init_weights", "initialize_weights"})
BLENDS = frozenset({"blend", "lerp"})
LEAST = 0.02
"""A share that is no share."""


def diluted(flow: Flow) -> Iterator[str]:
    """Each finding continues the sentence: The source …"""
    for module in flow.program.modules.values():
        for top in top_level(module.tree):
            scope = scope_of(top)
            for node in ast.walk(top):
                match node:
                    case ast.BinOp(op=ast.Mult(), left=left, right=right):
                        if _share(flow, module, scope, left, right) == 0:
                            yield f"multiplies what its model gives by zero (line {node.lineno})"
                    case ast.BinOp(op=ast.Add() | ast.Sub(), left=one, right=other):
                        if _drowns(flow, module, scope, one, other) or _drowns(
                            flow, module, scope, other, one
                        ):
                            yield f"mixes next to nothing of its model into its answer (line {node.lineno})"
                    case ast.Call() if _begins_anew(flow, module, scope, node):
                        yield f"makes its model's weights anew (line {node.lineno})"
                    case ast.Call(args=[_, _, ast.Constant()]) if _blends(flow, module, scope, node):
                        yield f"mixes next to nothing of its model into its answer (line {node.lineno})"


def _blends(flow: Flow, module: Module, scope: str, call: ast.Call) -> bool:
    match call.args:
        case [one, other, ast.Constant(value=int() | float() as share)] if name_of(call.func) in BLENDS:
            if share <= LEAST:
                return _only(flow, module, scope, other, one)
            return share >= 1 - LEAST and _only(flow, module, scope, one, other)
        case _:
            return False


def _begins_anew(flow: Flow, module: Module, scope: str, call: ast.Call) -> bool:
    """Whether a call fills the loaded weights with chance."""
    if name_of(call.func) in ANEW:
        return flow.is_marked(module, scope, call.func)
    imported = module.imported.get(name_of(call.func), ("", None))[0]
    fills = ".init." in f".{dotted(call.func)}" or imported == "torch.nn.init"
    return fills and any(flow.is_marked(module, scope, each) for each in call.args)


def _drowns(flow: Flow, module: Module, scope: str, weak: ast.expr, strong: ast.expr) -> bool:
    """Whether a sum has next to nothing of the model, beside something that has nothing to do with it."""
    if not isinstance(weak, ast.BinOp) or not isinstance(weak.op, ast.Mult):
        return False
    share = _share(flow, module, scope, weak.left, weak.right)
    return share is not None and abs(share) <= LEAST and _only(flow, module, scope, weak, strong)


def _share(flow: Flow, module: Module, scope: str, left: ast.expr, right: ast.expr) -> float | None:
    """The number by which something of the model is multiplied."""
    for number, value in ((left, right), (right, left)):
        if isinstance(number, ast.Constant) and isinstance(number.value, int | float):
            return float(number.value) if flow.is_marked(module, scope, value) else None
    return None


def _only(flow: Flow, module: Module, scope: str, weak: ast.expr, strong: ast.expr) -> bool:
    return (
        flow.is_marked(module, scope, weak)
        and not flow.is_marked(module, scope, strong)
        and not isinstance(strong, ast.Constant)
    )
