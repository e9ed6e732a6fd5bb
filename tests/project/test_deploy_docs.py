"""What docs/deploy.md says of the live Hub and of the commands is what the program does."""

import re
from importlib import import_module

import pytest

from bot.domain.messages_live import FACTS, table
from tests.harness.local_hub import ROOT

DOCS = (ROOT / "docs/deploy.md").read_text()


def test_the_table_of_facts_is_the_programs_own() -> None:
    assert table() in DOCS, (
        'put it there: python -c "from bot.domain.messages_live import table; print(table())"'
    )


def test_every_fact_says_who_finds_it_out() -> None:
    assert len({each.name for each in FACTS}) == len(FACTS)
    assert [each.name for each in FACTS if not each.does and not each.by_hand] == []


@pytest.mark.parametrize("command", ["deploy", "check"])
def test_every_option_that_the_docs_name_is_known(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        import_module(f"bot.{command}").main(["--help"])
    known = set(re.findall(r"--[a-z-]+", capsys.readouterr().out))
    lines = [line for line in DOCS.splitlines() if f"python -m bot {command} " in line]
    named = {option for line in lines for option in re.findall(r"--[a-z-]+", line)}
    assert named and named <= known
