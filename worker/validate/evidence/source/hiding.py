"""Does the source hide what it does, or know that it is watched? Names that are put together, hidden code."""

import ast
from collections.abc import Iterator

from worker.validate.evidence.source.program import Module, Program, dotted, name_of
from worker.validate.evidence.source.services import CLIENTS, NETWORK, SERVICES

RUNNING = frozenset({"eval", "exec", "compile", "__import__"})
FORBIDDEN = RUNNING | CLIENTS | {"system", "popen"}
"""Names that nobody needs to look up by a text."""
DECODING = frozenset(
    {"b64decode", "b85decode", "b32decode", "fromhex", "unhexlify", "decompress", "decode", "chr"}
)
WITNESS = frozenset({"sitecustomize", "TWIN_COUNTS", "TWIN_SWITCH"})
CALLED = frozenset(
    {"Module.__call__", "Module._call_impl", "Module._wrapped_call_impl", "InferenceSession.run"}
)
"""What everybody calls a model by."""


def hiding(program: Program) -> Iterator[str]:
    """Each finding continues the sentence: The source …"""
    for module in program.modules.values():
        for node in ast.walk(module.tree):
            match node:
                case ast.Call(args=args):
                    yield from _call(program, module, node, args)
                case ast.Subscript(value=owner, slice=key) if _holds_builtins(owner):
                    if program.texts(module, key) & FORBIDDEN:
                        yield f"looks up what it runs by a text (line {node.lineno})"
                case ast.Constant(value=str() as text) if text in WITNESS:
                    yield f"looks for whoever watches it (line {node.lineno})"
                case ast.Assign(targets=targets):
                    if any(dotted(each).endswith(tuple(CALLED)) for each in targets):
                        yield f"changes how models are called (line {node.lineno})"
        if "marshal" in {source for source, _ in module.imported.values()}:
            yield "runs code that it does not show, with marshal"


def _call(program: Program, module: Module, call: ast.Call, args: list[ast.expr]) -> Iterator[str]:
    whole, name = dotted(call.func), name_of(call.func)
    if whole in RUNNING or whole.removeprefix("builtins.") in RUNNING:
        yield f"runs code that it does not show, with {name} (line {call.lineno})"
    elif name in {"getattr", "attrgetter", "methodcaller"} and args:
        named = args[1:2] if name == "getattr" else args
        if any(program.texts(module, each) & FORBIDDEN for each in named):
            yield f"looks up what it runs by a text (line {call.lineno})"
        elif any(_decodes(each) for each in named):
            yield f"hides the name of what it runs (line {call.lineno})"
    elif name == "import_module" and args:
        found = {text for text in program.texts(module, args[0]) if text.split(".")[0] in SERVICES | NETWORK}
        if found or _decodes(args[0]):
            yield f"imports {', '.join(found) or 'what it does not name'} by a text (line {call.lineno})"
    elif name == "setattr" and len(args) > 1 and program.texts(module, args[1]) & {"__call__", "_call_impl"}:
        yield f"changes how models are called (line {call.lineno})"


def _decodes(node: ast.expr) -> bool:
    for each in ast.walk(node):
        if isinstance(each, ast.Call) and name_of(each.func) in DECODING:
            return True
        if isinstance(each, ast.Slice) and isinstance(each.step, ast.UnaryOp):  # written backwards
            return True
    return False


def _holds_builtins(node: ast.expr) -> bool:
    return dotted(node) in {"__builtins__", "__builtins__.__dict__", "builtins.__dict__"} or (
        isinstance(node, ast.Call) and name_of(node.func) in {"vars", "globals"}
    )
