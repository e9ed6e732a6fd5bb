"""Every row of the tables of calls is failed by some test of the fault matrices: read out of the tests, so
that a call which is only listed, and never failed, is found."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType

import pytest

from tests.harness import calls, discord_calls

TESTS = Path(__file__).parents[1]
OF_NO_PRODUCT = {"OF_THE_HARNESS"}
WAYS = {"fault", "status"}
"""What a test is parametrised by that fails a call in every way, or in every way that is a refusal."""
Row = tuple[str, str]


def tables_of(module: ModuleType) -> dict[str, Mapping[str, object]]:
    listed = {id(table) for table in module.ALL}
    return {name: table for name, table in vars(module).items() if id(table) in listed}


@pytest.mark.parametrize("module", [calls, discord_calls])
def test_every_row_of_every_table_is_failed_by_a_test(module: ModuleType) -> None:
    tables = tables_of(module)
    files = [*TESTS.glob("behaviour/test_fault*.py"), *TESTS.glob("worker/test_fault*.py")]

    failed = {row for file in files for row in rows_in(file, module.__name__, tables)}

    rows = {(name, row) for name, table in tables.items() for row in table if name not in OF_NO_PRODUCT}
    assert sorted(rows - failed) == []


def test_a_table_that_is_in_no_list_is_found() -> None:
    for module in (calls, discord_calls):
        named = {name for name in vars(module) if name.startswith("OF_") and name.isupper()}
        assert {name for name in named if isinstance(vars(module)[name], dict)} <= tables_of(module).keys()


def rows_in(file: Path, module: str, tables: Mapping[str, Mapping[str, object]]) -> Iterator[Row]:
    tree = ast.parse(file.read_text())
    there = {name: node for node in tree.body for name in names_of(node)}
    imports = [each for each in tree.body if isinstance(each, ast.ImportFrom) and each.module == module]
    known = {alias.name for each in imports for alias in each.names} & tables.keys()
    for test in tree.body:
        if isinstance(test, ast.FunctionDef) and is_walked(test):
            nodes = list(reached(test, there))
            for name in known:
                yield from ((name, row) for row in rows_of(name, tables[name], nodes))


def names_of(node: ast.stmt) -> list[str]:
    match node:
        case ast.FunctionDef(name=name):
            return [name]
        case ast.Assign(targets=targets):
            return [each.id for each in targets if isinstance(each, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
        case _:
            return []


def is_walked(test: ast.FunctionDef) -> bool:
    """Whether it is parametrised by the ways in which a call fails."""
    words = [
        each.value
        for deco in test.decorator_list
        for each in ast.walk(deco)
        if isinstance(each, ast.Constant)
    ]
    return not WAYS.isdisjoint(words)


def reached(test: ast.FunctionDef, there: Mapping[str, ast.stmt]) -> Iterator[ast.AST]:
    """All that is written in a test, and in what it names of its own file."""
    waiting, seen = [test.name], set()
    while waiting:
        name = waiting.pop()
        if name in seen or name not in there:
            continue
        seen.add(name)
        for node in ast.walk(there[name]):
            yield node
            if isinstance(node, ast.Name):
                waiting.append(node.id)


def rows_of(name: str, table: Mapping[str, object], nodes: list[ast.AST]) -> set[str]:
    """All of a table that is taken as a whole; else those rows of it that are named."""
    used = [each for each in nodes if isinstance(each, ast.Name) and each.id == name]
    parts = [each.value for each in nodes if isinstance(each, ast.Subscript)]
    if any(each not in parts for each in used):
        return set(table)
    words = {each.value for each in nodes if isinstance(each, ast.Constant)}
    return {row for row in table if row in words} if used else set()
