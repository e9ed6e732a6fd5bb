"""Every blueprint, alone: its folder is complete, and its app runs, answers, and explains what it refuses."""

import json
import math
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
import yaml

from tests.harness.local_hub import LocalHub
from tests.models.tiny import makers
from tests.models.tiny.registry import ALL
from tests.worker.models_on_the_hub import zoo_model
from tests.worker.running_apps import PROJECT, RunningApp, environment_for, running_app
from worker.blueprints import FOLDER, PAGE, Blueprint, Content, all_blueprints
from worker.card import Card, read_card
from worker.checklist import FirstRun, checklist
from worker.front_matter import read_header
from worker.hardware import Wishes
from worker.hardware_offers import read_offers
from worker.hub import Hub
from worker.plan import make_plan
from worker.redact import Redactor
from worker.validate.calls import call_app
from worker.validate.client import AppClient
from worker.validate.evidence import judge
from worker.validate.evidence.subject import Subject
from worker.validate.gate import Findings, decide
from worker.validate.samples import Samples
from worker.writing import LONGEST_DESCRIPTION, write_space

assert makers
ZOO = {
    "text-classification-onnx": "product-reviews-sentiment",
    "image-classification-onnx": "handwritten-digits",
}
"""A model on the local Hub for each blueprint that needs no torch; the others run in tests/models."""
BLUEPRINTS = {blueprint.name: blueprint for blueprint in all_blueprints()}
EVERY = pytest.mark.parametrize("blueprint", BLUEPRINTS.values(), ids=BLUEPRINTS)
LIGHT = [BLUEPRINTS[name] for name in ZOO]
LOADED_BY_OTHERS = {
    *("accelerate", "sentencepiece", "protobuf", "torchvision", "timm", "peft", "gguf", "imageio"),
    *("transformers", "scipy", "ftfy", "pillow"),
}
"""Packages that transformers and diffusers load by themselves where a model needs them."""


def test_every_folder_is_a_blueprint_and_has_a_model_to_be_tested_on() -> None:
    folders = {folder.name for folder in FOLDER.iterdir() if folder.is_dir() and folder.name != "__pycache__"}

    assert folders == {blueprint.folder.name for blueprint in BLUEPRINTS.values()}
    assert BLUEPRINTS.keys() == ZOO.keys() | {each.blueprint for each in ALL.values()}


@EVERY
def test_the_folder_runs_as_it_stands(blueprint: Blueprint) -> None:
    """Its own model.json names a model that the blueprint's rules would accept."""
    model = json.loads((blueprint.folder / "model.json").read_text())

    assert any(fnmatchcase(model["weights"], pattern) for pattern in blueprint.weights)
    assert {"model_id", "revision", "title", "summary", "license", "examples"} < model.keys()
    assert (blueprint.folder / "hosting.py").resolve() == FOLDER / "hosting.py"


def test_the_readme_is_what_the_platform_wants() -> None:
    text = PAGE.read_text(encoding="utf-8")
    header = read_header(text).values
    gradio = next(
        line
        for line in (PROJECT / "requirements" / "space.in").read_text().splitlines()
        if line.startswith("gradio==")
    )

    assert header["sdk"] == "gradio"
    assert f"gradio=={header['sdk_version']}" == gradio
    assert header["python_version"] == "3.12"
    assert 'python_version: "3.12"' in text
    assert header["startup_duration_timeout"]
    assert gradio in text
    assert "Made by Space Factory from [$model_id]" in text


@EVERY
def test_the_requirements_are_what_the_app_imports_and_nothing_more(blueprint: Blueprint) -> None:
    lines = (blueprint.folder / "requirements.txt").read_text().splitlines()
    app = (blueprint.folder / "app.py").read_text()

    assert not any(line.startswith(("gradio", "huggingface")) for line in lines)
    for line in lines:
        name = re.split(r"[>=<\[]", line)[0]
        imported = {"pillow": "from PIL"}.get(name, name.replace("-", "_"))
        assert imported in app or name in LOADED_BY_OTHERS, f"{name} is not used"


@pytest.fixture(scope="module")
def environments(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("environments")


@pytest.fixture(scope="module", params=LIGHT, ids=ZOO)
def space(
    request: pytest.FixtureRequest,
    local_hub: LocalHub,
    environments: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Blueprint, Card, dict[str, str], RunningApp]]:
    """The blueprint's Space for its model of the zoo, as the worker writes it, running."""
    blueprint: Blueprint = request.param
    folder = tmp_path_factory.mktemp(blueprint.folder.name)
    model = zoo_model(local_hub, ZOO[blueprint.name])
    card = read_card(Hub(local_hub.token("alice"), local_hub.endpoint), model.id, model.revision, str)
    plan = make_plan(card, all_blueprints(), read_offers(()), Wishes())
    assert plan.blueprint.name == blueprint.name
    files = write_space("alice/demo", card, plan, local_hub.endpoint)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    python = environment_for(folder / "requirements.txt", environments)
    # Server-side rendering is what the platform turns on by default.
    with running_app(python, folder / "app.py", folder, local_hub.endpoint, GRADIO_SSR_MODE="true") as app:
        yield blueprint, card, files, app


Space = tuple[Blueprint, Card, dict[str, str], RunningApp]


def test_the_written_space_passes_the_deploy_checklist(space: Space) -> None:
    blueprint, card, files, _ = space
    items = checklist(
        files, FirstRun(running=True, private=True, examples_answered=True, source_passed=True), Redactor()
    )
    header = yaml.safe_load(files["README.md"].split("---\n")[1])

    assert [item.name for item in items if not item.passed] == []
    assert len(header["short_description"]) <= LONGEST_DESCRIPTION
    assert (header["models"], header["license"]) == ([card.model_id], card.license)
    assert files["app.py"] == (blueprint.folder / "app.py").read_text()
    assert "$" not in files["README.md"].replace("$ ", "")


def test_the_app_says_which_model_it_runs(space: Space) -> None:
    _, card, _, app = space
    for path in ("/health", "/gradio_api/health"):
        answer = app.get(path)
        assert answer.headers["content-type"] == "application/json"
        said = answer.json()
        assert (said["status"], said["model_id"], said["revision"]) == ("ok", card.model_id, card.revision)
        assert said["opened"]["onnx/model.onnx"] == card.files["onnx/model.onnx"]


def test_the_page_shows_the_model_with_a_link(space: Space) -> None:
    _, card, _, app = space

    page = app.get("/config").text

    assert card.model_id in page
    assert card.revision in page
    assert card.summary[:40] in page


def test_the_app_is_judged_a_success_with_the_cards_own_examples(space: Space, tmp_path: Path) -> None:
    blueprint, card, files, app = space
    client = AppClient(app.url, None, folder=tmp_path)

    calls = call_app(client, client.app(), blueprint.endpoint, _samples(card), tmp_path)
    evidence = judge(Subject(card, app.get("/health").json(), blueprint.answer, files), calls)
    decision = decide(Findings(running=True, tested=True, evidence=evidence, answer=blueprint.answer))

    assert decision.verdict == "full_inference_success", evidence
    assert {each.name for each in evidence if each.passed} >= {
        "labels",
        "source",
        "repeatable",
        "input_sensitive",
    }
    for answer in calls.answers:
        assert isinstance(answer.output, dict)
        confidences = answer.output["confidences"]
        assert isinstance(confidences, list)
        assert math.fsum(each["confidence"] for each in confidences) <= 1.001  # type: ignore[index, call-overload]  # checked above


def test_an_input_that_makes_no_sense_is_refused_with_a_sentence(space: Space) -> None:
    blueprint, _, _, app = space
    too_long = "Please keep it under 20,000 characters; this has 30,000."
    name, nonsense = {
        Content.TEXT: ("text", {"": EMPTY, "   ": EMPTY, "x" * 30_000: too_long}),
        Content.IMAGE: ("image", {None: "Please give a picture first."}),
    }[blueprint.content]

    for value, sentence in nonsense.items():
        reply = AppClient(app.url, None).call(blueprint.endpoint, {name: value})
        assert reply.error
        assert reply.error.endswith(sentence)


def test_the_app_has_one_documented_endpoint(space: Space) -> None:
    blueprint, _, _, app = space

    assert AppClient(app.url, None).app().endpoints.keys() == {blueprint.endpoint}


def test_an_input_at_the_edge_is_answered(space: Space, tmp_path: Path) -> None:
    blueprint, _, _, app = space
    name, edges = {
        Content.TEXT: ("text", ("?", "words unknown to it: zzxxqq", "word " * 3000, "日本語 🙂 \u200b")),
        Content.IMAGE: ("image", (_file(tmp_path / "one.png", ONE_PIXEL),)),
    }[blueprint.content]

    for value in edges:
        assert AppClient(app.url, None).call(blueprint.endpoint, {name: value}).error is None


EMPTY = "Please give some text first."
ONE_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)


def _samples(card: Card) -> Samples:
    zoo = PROJECT / "bot" / "localhub" / "zoo" / card.model_id.split("/")[1]
    expected = {Path(key).name if key in card.files else key: label for key, label in card.expected.items()}
    return Samples(
        texts=card.example_texts,
        images=tuple(zoo / path for path in card.example_images),
        expected=expected,
        task=card.pipeline_tag,
    )


def _file(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("blueprint", LIGHT, ids=ZOO)
def test_the_app_does_not_start_without_its_weights(
    blueprint: Blueprint, local_hub: LocalHub, environments: Path, tmp_path: Path
) -> None:
    """No fallback: a model that cannot be loaded must keep the Space from becoming healthy."""
    model = zoo_model(local_hub, ZOO[blueprint.name])
    values = json.loads((blueprint.folder / "model.json").read_text())
    values |= {"model_id": model.id, "revision": model.revision, "weights": "onnx/missing.onnx"}
    _file(tmp_path / "model.json", json.dumps(values).encode())
    app = _file(tmp_path / "app.py", (blueprint.folder / "app.py").read_bytes())
    _file(tmp_path / "hosting.py", (FOLDER / "hosting.py").read_bytes())
    python = environment_for(blueprint.folder / "requirements.txt", environments)

    with (
        pytest.raises(AssertionError, match=r"onnx/missing\.onnx"),
        running_app(python, app, tmp_path, local_hub.endpoint),
    ):
        pass
