"""Is chance made from the input or the weights? A seed or a choice that comes from there is a disguise."""

import ast
from collections.abc import Iterator

from worker.validate.evidence.source.definitions import scope_of, top_level
from worker.validate.evidence.source.flow import Flow
from worker.validate.evidence.source.program import Module, dotted, name_of

HASHES = frozenset(
    {"hash", "md5", "sha1", "sha224", "sha256", "sha384", "sha512", "blake2b", "blake2s", "crc32", "adler32"}
)
SEEDED = frozenset(
    {"seed", "manual_seed", "manual_seed_all", "default_rng", "Random", "RandomState", "PRNGKey", "set_seed"}
)


def disguised_chance(flow: Flow) -> Iterator[str]:
    """Each finding continues the sentence: The source …"""
    for module in flow.program.modules.values():
        tainted = _hashed_names(module)
        for top in top_level(module.tree):
            scope = scope_of(top)
            for_the_model = _given_to_the_model(flow, module, scope, top)
            for node in ast.walk(top):
                match node:
                    case ast.Call(args=args) if (
                        name_of(node.func) in SEEDED and id(node) not in for_the_model
                    ):
                        given = [*args, *(each.value for each in node.keywords)]
                        if any(_is_hashed(each, tainted) for each in given):
                            yield f"draws its numbers from a hash (line {node.lineno})"
                        elif any(flow.is_marked(module, scope, each) for each in given):
                            yield f"draws its numbers from what its model gives (line {node.lineno})"
                    case ast.Subscript(slice=index) if _is_hashed(index, tainted) and _is_counted(index):
                        yield f"picks by a hash (line {node.lineno})"


def _given_to_the_model(flow: Flow, module: Module, scope: str, top: ast.AST) -> set[int]:
    """The parts of the arguments with which the model is called, and of what these were made from."""
    asked = [
        part
        for call in ast.walk(top)
        if isinstance(call, ast.Call) and flow.is_marked(module, scope, call.func)
        for part in (*call.args, *(each.value for each in call.keywords))
    ]
    names = {each.id for part in asked for each in ast.walk(part) if isinstance(each, ast.Name)}
    made = [value for name in names for value in module.assigned.get(name, ())]
    return {id(each) for part in (*asked, *made) for each in ast.walk(part)}


def _hashed_names(module: Module) -> set[str]:
    """Names and functions whose values come from a hash."""
    tainted: set[str] = set()
    while True:
        found = {
            name
            for name, values in module.assigned.items()
            if any(_is_hashed(value, tainted) for value in values)
        }
        found |= {
            node.name
            for node in ast.walk(module.tree)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            for each in ast.walk(node)
            if isinstance(each, ast.Return) and each.value and _is_hashed(each.value, tainted)
        }
        if found <= tainted:
            return tainted
        tainted |= found


def _is_hashed(node: ast.AST, tainted: set[str]) -> bool:
    """A hash function with the name of a method of ours is none, but it must be called to count."""
    for each in ast.walk(node):
        match each:
            case ast.Call() if name_of(each.func) in HASHES and (
                isinstance(each.func, ast.Name)
                or dotted(each.func).split(".")[0] in {"hashlib", "zlib", "binascii"}
            ):
                return True
            case ast.Name(id=name) if name in tainted:
                return True
    return False


def _is_counted(index: ast.expr) -> bool:
    """Whether an index is reckoned, as in LIST[number % len(LIST)]."""
    return any(isinstance(each, ast.BinOp | ast.Call) for each in ast.walk(index))
