"""Is chance made from the input or the weights? A seed or a choice that comes from a hash is a disguise."""

import ast
from collections.abc import Iterator

from worker.validate.evidence.source.program import Module, Program, dotted, name_of

HASHES = frozenset(
    {"hash", "md5", "sha1", "sha224", "sha256", "sha384", "sha512", "blake2b", "blake2s", "crc32", "adler32"}
)
SEEDED = frozenset(
    {"seed", "manual_seed", "manual_seed_all", "default_rng", "Random", "RandomState", "PRNGKey", "set_seed"}
)


def hashed_chance(program: Program) -> Iterator[str]:
    """Each finding continues the sentence: The source …"""
    for module in program.modules.values():
        tainted = _hashed_names(module)
        for node in ast.walk(module.tree):
            match node:
                case ast.Call(args=args) if name_of(node.func) in SEEDED:
                    given = [*args, *(each.value for each in node.keywords)]
                    if any(_is_hashed(each, tainted) for each in given):
                        yield f"draws its numbers from a hash (line {node.lineno})"
                case ast.Subscript(slice=index) if _is_hashed(index, tainted) and _is_counted(index):
                    yield f"picks by a hash (line {node.lineno})"


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
