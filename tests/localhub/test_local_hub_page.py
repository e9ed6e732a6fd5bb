"""docs/local-hub.md says what the code says: every switch with its sentence, every option of the command."""

import re
import subprocess
import sys

from bot.localhub.misbehaviour import Setting, Switch
from bot.localhub.rate_limits import GENEROUS
from tests.harness.local_hub import ROOT

PAGE = (ROOT / "docs" / "local-hub.md").read_text(encoding="utf-8")


def test_the_table_of_switches_is_that_of_the_code() -> None:
    table = "\n".join(
        ["| Switch | What the real Hub does |", "|---|---|"]
        + [f"| `{switch}` | {switch.sentence} |" for switch in Switch]
    )

    assert table in PAGE, f"put this into docs/local-hub.md:\n{table}"


def test_every_field_of_a_setting_is_explained() -> None:
    for name in Setting.model_fields:
        assert f"`{name}`" in PAGE, name


def test_every_option_of_the_command_is_named() -> None:
    command = [sys.executable, "-m", "bot", "localhub", "--help"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    for option in set(re.findall(r"--[a-z-]+", told)) - {"--help"}:
        assert f"`{option}" in PAGE, option


def test_the_default_limits_are_those_of_the_code() -> None:
    for bucket, calls in GENEROUS.items():
        assert f"`{bucket}` {calls:,}" in PAGE, bucket
