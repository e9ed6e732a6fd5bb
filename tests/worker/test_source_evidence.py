"""What the judge reads in a Space's source: honest apps pass, every blueprint too, and cheats are named."""

import json
import re

import pytest

from tests.worker.read_sources import CARD, CHEATS, GENUINE
from tests.worker.source_files import Files, cheating_sources, honest_sources
from worker.blueprints import Blueprint, all_blueprints
from worker.card import Card
from worker.contract import Evidence
from worker.validate.evidence.source import read_source
from worker.validate.evidence.subject import Subject

BLUEPRINTS = {blueprint.name: blueprint for blueprint in all_blueprints()}


def read(source: str) -> Evidence:
    return read_files({"app.py": source})


def read_files(files: Files) -> Evidence:
    return read_source(Subject(CARD, None, files=files), "/generate")


@pytest.mark.parametrize("name", GENUINE)
def test_an_honest_source_passes(name: str) -> None:
    evidence = read(GENUINE[name])

    assert evidence.passed, evidence.detail


@pytest.mark.parametrize("name", CHEATS)
def test_a_cheating_source_is_refuted_and_the_detail_says_how(name: str) -> None:
    source, words = CHEATS[name]

    evidence = read(source)

    assert evidence.passed is False
    assert words in evidence.detail


@pytest.mark.parametrize("files", [pytest.param(each, id=name) for name, each in honest_sources().items()])
def test_an_unusual_honest_source_passes(files: Files) -> None:
    evidence = read_files(files)

    assert evidence.passed, evidence.detail


@pytest.mark.parametrize(
    ("files", "words"), [pytest.param(*each, id=name) for name, each in cheating_sources().items()]
)
def test_a_sly_source_is_refuted_and_the_detail_says_how(files: Files, words: str) -> None:
    evidence = read_files(files)

    assert evidence.passed is False
    assert words in re.sub(r" \(line \d+\)", "", evidence.detail)


@pytest.mark.parametrize("blueprint", BLUEPRINTS.values(), ids=BLUEPRINTS)
def test_every_blueprint_passes(blueprint: Blueprint) -> None:
    files = {file.name: file.read_text() for file in blueprint.folder.iterdir() if file.is_file()}
    model = json.loads(files["model.json"])
    bases = (model["base_model"],) if model.get("base_model") else ()
    card = Card(model_id=model["model_id"], revision="a" * 40, base_models=bases)

    evidence = read_source(Subject(card, None, files=files), blueprint.endpoint)

    assert evidence.passed, evidence.detail


def test_a_space_without_source_is_neither_honest_nor_a_cheat() -> None:
    assert read_source(Subject(CARD, None), None).passed is None


@pytest.mark.parametrize(
    "source", ["x = " + "(" * 3000, "\0", "x = '" + "y" * 500_000 + "'", "def f():\n" + " f()\n" * 20_000]
)
def test_a_strange_source_is_a_finding_and_no_trace(source: str) -> None:
    assert read(source).passed is False
