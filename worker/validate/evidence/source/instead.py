"""Does something answer in the model's place for some inputs, on some machines, or when it fails?"""

import ast
from collections.abc import Iterator

from worker.validate.evidence.source.definitions import Function
from worker.validate.evidence.source.flow import Flow
from worker.validate.evidence.source.handlers import Handler
from worker.validate.evidence.source.saying import (
    asks_for_nothing,
    hands_back,
    is_empty,
    is_made_up,
    tells,
)


def answers_instead(flow: Flow, found: list[Handler]) -> Iterator[str]:
    """Each finding continues the sentence: The source …"""
    for handler in _reached(flow, found):
        function = handler.function
        if not isinstance(function, ast.Lambda) and _asks_somewhere(flow, handler, function):
            yield from _other_ways(flow, handler, function)


def _asks_somewhere(flow: Flow, handler: Handler, function: Function) -> bool:
    """Whether it gives an answer of the model in some cases; the same name may be defined twice."""
    if any(isinstance(each, ast.Yield | ast.YieldFrom) for each in ast.walk(function)):
        return False
    scope = "" if handler.scope == function.name else handler.scope
    twins = flow.definitions.functions((handler.module.name, scope, function.name))
    return any(
        made
        for each in {id(one): one for one in (function, *twins)}.values()
        for _, made in flow.gives(handler.module, handler.scope, each)
    )


def _reached(flow: Flow, found: list[Handler]) -> list[Handler]:
    """The handlers and the program's functions that they call, and so on."""
    reached = list(found)
    for handler in reached:
        for each in ast.walk(handler.function):
            if not isinstance(each, ast.Call):
                continue
            for key, _, _ in flow.definitions.handed_on(handler.module, handler.scope, each):
                module = flow.program.modules[key[0]]
                reached += [
                    Handler(module, key[1] or key[2], function)
                    for function in flow.definitions.functions(key)
                    if all(function is not known.function for known in reached)
                    and not flow.definitions.is_class(key)
                ]
    return reached


def _other_ways(flow: Flow, handler: Handler, function: Function) -> Iterator[str]:
    inputs = {each.arg for each in (*function.args.args, *function.args.kwonlyargs)}
    for value, tests in _returned(function.body, ()):
        if any(flow.is_marked(handler.module, handler.scope, each) for each in tests):
            continue  # what the model gave has decided
        if any(asks_for_nothing(each, inputs) for each in tests):
            continue
        for each in _options(flow, handler, value):
            if _is_invented(flow, handler, each, inputs):
                yield f"answers without its model in some cases (line {each.lineno})"


def _is_invented(flow: Flow, handler: Handler, value: ast.expr, inputs: set[str]) -> bool:
    if flow.is_marked(handler.module, handler.scope, value) or is_empty(value) or tells(value):
        return False
    if hands_back(value, inputs):
        return False
    return is_made_up(value, handler.module.assigned)


def _options(flow: Flow, handler: Handler, value: ast.expr) -> Iterator[ast.expr]:
    """The values of which one is taken."""
    match value:
        case ast.BoolOp(op=ast.Or(), values=parts):
            for each in parts:
                yield from _options(flow, handler, each)
                if flow.is_marked(handler.module, handler.scope, each):
                    return  # the model has decided that the rest is needed
        case ast.IfExp(test=test, body=body, orelse=other):
            if flow.is_marked(handler.module, handler.scope, test):
                return
            yield from _options(flow, handler, body)
            yield from _options(flow, handler, other)
        case _:
            yield value


def _returned(
    body: list[ast.stmt], tests: tuple[ast.expr, ...]
) -> Iterator[tuple[ast.expr, tuple[ast.expr, ...]]]:
    """What is returned, each with the conditions around it; except branches are looked at elsewhere."""
    for node in body:
        match node:
            case ast.Return(value=ast.expr() as value):
                yield value, tests
            case ast.If(test=test, body=one, orelse=other) | ast.While(test=test, body=one, orelse=other):
                yield from _returned(one, (*tests, test))
                # What follows when an input is there is no answer to a missing one.
                yield from _returned(other, tests)
            case ast.For(body=one, iter=several):
                yield from _returned(one, (*tests, several))
            case ast.With(body=one) | ast.AsyncWith(body=one):
                yield from _returned(one, tests)
            case ast.Try(body=one, orelse=other, finalbody=last):
                yield from _returned([*one, *other, *last], tests)
            case ast.Match(subject=subject, cases=cases):
                for case in cases:
                    yield from _returned(case.body, (*tests, subject))
