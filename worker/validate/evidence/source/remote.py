"""Does somebody else's computer answer? Inference services, other Spaces, the network, hidden code."""

import ast
from collections.abc import Iterator

from worker.validate.evidence.source.program import Module, Program, dotted, name_of
from worker.validate.evidence.source.services import CLIENTS, NETWORK, SERVICES

SENDING = frozenset(
    {
        "get",
        "post",
        "put",
        "request",
        "stream",
        "urlopen",
        "urlretrieve",
        "Session",
        "Client",
        "AsyncClient",
        "ClientSession",
        "HTTPConnection",
        "HTTPSConnection",
        "PoolManager",
        "create_connection",
        "connect",
    }
)
PROGRAMS = frozenset({"system", "popen", "Popen", "check_output", "check_call", "getoutput"})
FETCHERS = ("curl", "wget")


def remote(program: Program) -> Iterator[str]:
    """Each finding continues the sentence: The source …"""
    for module in program.modules.values():
        yield from _imports(module)
        inside = {id(each) for function in _functions(module.tree) for each in ast.walk(function)}
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call):
                yield from _call(module, node, id(node) in inside)


def _imports(module: Module) -> Iterator[str]:
    for source, name in module.imported.values():
        if any(source == service or source.startswith(f"{service}.") for service in SERVICES):
            yield f"asks {source}, which answers from elsewhere"
        if name in CLIENTS:
            yield f"asks an inference service through {name}"


def _call(module: Module, call: ast.Call, inside: bool) -> Iterator[str]:
    whole, name = dotted(call.func), name_of(call.func)
    top = whole.split(".")[0]
    source, original = module.imported.get(top, (top, None))
    if name in CLIENTS:
        yield f"asks an inference service through {name} (line {call.lineno})"
    elif source.split(".")[0] == "gradio" and ((original or name) == "load" or name == "load"):
        yield f"shows another Space or model through gr.load (line {call.lineno})"
    elif source.split(".")[0] in NETWORK and (original or name) in SENDING:
        if name in {"post", "put"} or (inside and not _opens_what_it_is_given(module, call)):
            yield f"sends a request to the network (line {call.lineno})"
    elif name in PROGRAMS | {"run"} and source == "subprocess" and _fetches(call):
        yield f"fetches something with another program (line {call.lineno})"


def _opens_what_it_is_given(module: Module, call: ast.Call) -> bool:
    """Whether a file is fetched from an address that came as it is, with nothing sent along."""
    sends = {each.arg for each in call.keywords} & {"params", "json", "data", "content", "files"}
    match call.args:
        case [ast.Name(id=name)]:
            return (
                not sends
                and name not in module.assigned
                and name_of(call.func) in {"get", "urlopen", "stream"}
            )
        case _:
            return False


def _fetches(call: ast.Call) -> bool:
    texts = [node.value for node in ast.walk(call) if isinstance(node, ast.Constant)]
    return any(isinstance(text, str) and word in text for text in texts for word in FETCHERS)


def _functions(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield node
