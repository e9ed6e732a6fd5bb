"""Do the app's answers come from its model? Follows what the function behind the endpoint gives back."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from worker.validate.evidence.source.definitions import Function, scope_of, top_level
from worker.validate.evidence.source.flow import Flow
from worker.validate.evidence.source.program import Module, Program, name_of
from worker.validate.evidence.source.saying import asks_for_words, is_empty, is_ready

LISTENING = frozenset(
    {"Interface", "ChatInterface", "click", "submit", "on", "change", "upload", "then", "api"}
)
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


def not_from_the_model(flow: Flow, found: list[Handler]) -> Iterator[str]:
    """Each finding continues the sentence: The source …"""
    given = [(each, flow.gives(each.module, each.scope, each.function)) for each in found]
    answers = [(each, made) for each, values in given for value, made in values if not is_empty(value)]
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
    all_functions = list(_all_functions(program))
    defined = {each.name: each for each in all_functions}
    named, passed = [], []
    for module, call in program.calls():
        given = [*call.args, *(each.value for each in call.keywords)]
        functions = [found for each in given if (found := _handler(module, each, call, defined))]
        functions += [each for each in all_functions if call in getattr(each.function, "decorator_list", ())]
        api = next((each.value for each in call.keywords if each.arg == "api_name"), None)
        if functions and isinstance(api, ast.Constant) and str(api.value).lstrip("/") == wanted:
            named += functions[:1]
        passed += functions
    if named:
        return named
    if wanted in defined:
        return [each for each in all_functions if each.name == wanted]
    return list({id(each.function): each for each in passed}.values())


def _handler(module: Module, node: ast.expr, call: ast.Call, defined: dict[str, Handler]) -> Handler | None:
    """A function, method or lambda that is passed to a call, also with some of its arguments set before."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) if name in defined:
            return defined[name]
        case ast.Call(args=[ast.Name(id=name) | ast.Attribute(attr=name), *_]) if (
            name_of(node) == "partial" and name in defined
        ):
            return defined[name]
        case ast.Lambda() if name_of(call.func) in LISTENING:
            return Handler(module, "", node)
        case _:
            return None


def _all_functions(program: Program) -> Iterator[Handler]:
    """Inner ones first, so that a name means the outermost function that has it."""
    for module in program.modules.values():
        for top in top_level(module.tree):
            if scope := scope_of(top):
                inner = [each for each in ast.walk(top) if isinstance(each, Function)]
                yield from (Handler(module, scope, each) for each in reversed(inner))


def _ready_answers(flow: Flow, handler: Handler) -> Iterator[str]:
    """Answers for certain inputs, written down beforehand, beside those of the model."""
    function = handler.function
    inputs = {each.arg for each in function.args.args}
    for node in ast.walk(function):
        if isinstance(node, ast.If) and asks_for_words(node.test, inputs):
            for each in node.body:
                if isinstance(each, ast.Return) and is_ready(each.value):
                    yield f"has a ready answer for certain inputs (line {each.lineno})"
    for value, made in flow.gives(handler.module, handler.scope, function):
        if not made and any(
            isinstance(each, ast.Call) and name_of(each) in CHOOSING for each in ast.walk(value)
        ):
            yield f"draws an answer by lot (line {value.lineno})"
