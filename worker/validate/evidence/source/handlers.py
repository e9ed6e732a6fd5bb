"""Do the app's answers come from its model? Follows what the function behind the endpoint gives back."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from worker.validate.evidence.source.flow import Flow, Function
from worker.validate.evidence.source.program import Module, Program, name_of

LISTENING = frozenset({"Interface", "ChatInterface", "click", "submit", "on", "change", "upload", "then"})
CHOOSING = frozenset({"choice", "choices", "sample", "randint", "randrange"})


@dataclass(frozen=True)
class Handler:
    """A function that may stand behind an endpoint."""

    module: Module
    scope: str
    """The top-level function or class that it is in, or is."""
    function: Function | ast.Lambda

    @property
    def name(self) -> str:
        return "a lambda" if isinstance(self.function, ast.Lambda) else self.function.name


def not_from_the_model(program: Program, endpoint: str | None) -> Iterator[str]:
    """Each finding continues the sentence: The source …"""
    flow = Flow(program)
    found = handlers(program, (endpoint or "").lstrip("/"))
    given = [(each, flow.gives(each.module, each.scope, each.function)) for each in found]
    answers = [(each, made) for each, values in given for value, made in values if not _empty(value)]
    if not answers:
        return
    if not any(made for _, made in answers):
        names = ", ".join(dict.fromkeys(each.name for each, _ in answers))
        yield f"answers in {names} with what does not come from its model"
        return
    for each in found:
        yield from _ready_answers(flow, each)


def handlers(program: Program, wanted: str) -> list[Handler]:
    """The function behind the endpoint; where that cannot be told, every function given to a listener."""
    defined = {each.name: each for each in _all_functions(program)}
    named, passed = [], []
    for module, call in program.calls():
        given = [*call.args, *(each.value for each in call.keywords)]
        functions = [found for each in given if (found := _handler(module, each, call, defined))]
        api = next((each.value for each in call.keywords if each.arg == "api_name"), None)
        if functions and isinstance(api, ast.Constant) and api.value == wanted:
            named += functions[:1]
        passed += functions
    if named:
        return named
    if wanted in defined:
        return [defined[wanted]]
    return list({id(each.function): each for each in passed}.values())


def _handler(module: Module, node: ast.expr, call: ast.Call, defined: dict[str, Handler]) -> Handler | None:
    """A function, method or lambda that is passed to a call."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) if name in defined:
            return defined[name]
        case ast.Lambda() if name_of(call.func) in LISTENING:
            return Handler(module, "", node)
        case _:
            return None


def _all_functions(program: Program) -> Iterator[Handler]:
    """Inner ones first, so that a name means the outermost function that has it."""
    for module in program.modules.values():
        for top in module.tree.body:
            if isinstance(top, Function | ast.ClassDef):
                inner = [each for each in ast.walk(top) if isinstance(each, Function)]
                yield from (Handler(module, top.name, each) for each in reversed(inner))


def _ready_answers(flow: Flow, handler: Handler) -> Iterator[str]:
    """Answers for certain inputs, written down beforehand, beside those of the model."""
    function = handler.function
    inputs = {each.arg for each in function.args.args}
    for node in ast.walk(function):
        if isinstance(node, ast.If) and _asks_for_words(node.test, inputs):
            for each in node.body:
                if isinstance(each, ast.Return) and _is_ready(each.value):
                    yield f"has a ready answer for certain inputs (line {each.lineno})"
    for value, made in flow.gives(handler.module, handler.scope, function):
        if not made and any(
            isinstance(each, ast.Call) and name_of(each) in CHOOSING for each in ast.walk(value)
        ):
            yield f"draws an answer by lot (line {value.lineno})"


def _asks_for_words(test: ast.expr, inputs: set[str]) -> bool:
    """Whether a condition looks for certain words in an input."""
    for node in ast.walk(test):
        if isinstance(node, ast.Compare):
            parts = [node.left, *node.comparators]
            words = any(
                isinstance(each, ast.Constant) and isinstance(each.value, str) and len(each.value) > 2
                for part in parts
                for each in ast.walk(part)
            )
            named = any(
                isinstance(each, ast.Name) and each.id in inputs for part in parts for each in ast.walk(part)
            )
            if words and named:
                return True
    return False


def _is_ready(value: ast.expr | None) -> bool:
    """A sentence or a structure that is written down."""
    match value:
        case ast.Constant(value=str() as text):
            return len(text.split()) > 1
        case ast.Dict(values=values):
            return bool(values) and all(isinstance(each, ast.Constant) for each in values)
        case _:
            return False


def _empty(value: ast.expr) -> bool:
    match value:
        case ast.Constant(value=None | "" | False | True):
            return True
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return all(map(_empty, parts))
        case ast.Call():
            return name_of(value) in {"update", "Error", "Warning", "Info"}
        case _:
            return False
