"""docs/threats.md names for every threat a rule and a gate, and both are there."""

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
ROWS = {
    match[1]: match[0]
    for match in re.finditer(r"^\| (T\d+): .*$", (PROJECT / "docs" / "threats.md").read_text(), re.MULTILINE)
}
TESTS = "\n".join(file.read_text() for file in PROJECT.glob("tests/**/test_*.py"))


@pytest.mark.parametrize("number", range(1, 28))
def test_a_threat_has_its_rule_and_its_gate(number: int) -> None:
    row = ROWS[f"T{number}"]
    paths = re.findall(r"`([a-z_]+/[\w./]*)`", row)
    gate = re.search(r"`(test_t[\w]+)`", row)

    assert paths and all((PROJECT / path).exists() for path in paths)
    assert gate and f"t{number:02}" in gate[1] and f"def {gate[1]}(" in TESTS
