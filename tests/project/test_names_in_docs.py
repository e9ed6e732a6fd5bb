"""What the Markdown files name is there: other pages, files, make targets, commands, settings and codes."""

import re
from functools import cache
from pathlib import Path

import pytest

from bot.__main__ import COMMANDS
from bot.client.ends import End
from bot.settings import Settings
from bot.web.api.problems import STATUSES

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
ROOMS = ("bot", "handlers", "worker", "tests", "scripts")
KINDS = {".py", ".js", ".c", ".html", ".txt", ".toml"}
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)")
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.S)
PATH = re.compile(r"(?<![\w./-])(?:bot|worker|handlers|tests|docs|scripts|requirements)/[\w./*-]+\w\*?/?")
CAPITALS = re.compile(r"\b(?!GITHUB_)[A-Z][A-Z0-9]*_[A-Z0-9_]*[A-Z0-9]\b")

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


@each_page
def test_its_links_lead_somewhere(page: Path) -> None:
    for target, section in LINK.findall(CODE.sub("", page.read_text())):
        there = (page.parent / target).resolve() if target else page
        assert there.exists(), target
        if section and there.suffix == ".md":
            assert section in sections(there), f"{target}#{section}"


@each_page
def test_the_files_it_names_exist(page: Path) -> None:
    named = {path for code in CODE.findall(page.read_text()) for path in PATH.findall(code)}
    assert [path for path in sorted(named) if not any(ROOT.glob(path.rstrip("/")))] == []


@each_page
def test_the_commands_it_names_exist(page: Path) -> None:
    codes = " ".join(CODE.findall(page.read_text()))
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"\bmake ([a-z][a-z-]*)", codes))
    assert [target for target in targets if not re.search(rf"^{target}:", makefile, re.M)] == []
    assert set(re.findall(r"python -m bot ([a-z]+)", codes)) <= COMMANDS.keys()


@each_page
def test_the_settings_and_codes_it_names_exist(page: Path) -> None:
    codes = " ".join(CODE.findall(page.read_text()))
    assert [name for name in sorted(set(CAPITALS.findall(codes))) if name not in every_source()] == []


def test_the_page_about_the_api_has_its_exit_codes_and_statuses() -> None:
    page = (ROOT / "docs" / "api.md").read_text()
    rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in page.splitlines()]
    exits = {int(row[0]) for row in rows if row[0].isdigit() and len(row) == 2}
    assert exits == {end.value for end in End}
    said = {
        code: row[0].split(", ") for row in rows if len(row) == 3 for code in re.findall(r"E_[A-Z]+", row[1])
    }
    assert [code for code, status in STATUSES.items() if said.get(code) != [str(status)]] == []


def sections(page: Path) -> set[str]:
    """The anchors that a page's headings get."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.M)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@cache
def every_source() -> str:
    """The text of all code and configuration; the pages are no proof of each other."""
    files = [file for room in ROOMS for file in (ROOT / room).rglob("*") if file.suffix in KINDS]
    others = [ROOT / name for name in ("Makefile", "Dockerfile", "compose.yaml", "pyproject.toml", ".ci/run")]
    texts = [file.read_text() for file in [*files, *others]]
    return "\n".join([*texts, *Settings.model_fields]).upper()
