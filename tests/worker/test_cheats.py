"""Cheating apps, really running and really called, are refuted by the check that is meant for them."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.local_hub import LocalHub
from tests.worker.running_apps import RunningApp, environment_for, running_app
from worker.card import Card
from worker.contract import AnswerType, Verdict
from worker.validate.calls import call_app
from worker.validate.client import AppClient
from worker.validate.evidence import judge
from worker.validate.evidence.subject import Subject
from worker.validate.gate import Findings, decide
from worker.validate.samples import Samples

CARD = Card(
    model_id="alice/sentiment",
    revision="b" * 40,
    files={"onnx/model.onnx": 1234},
    pipeline_tag="text-generation",
    labels=("negative", "positive"),
)
LOVE, HATE = "I love it, it works perfectly.", "It broke at once, I hate it."
SAMPLES = Samples(texts=(LOVE, HATE), expected={LOVE: "positive", HATE: "negative"})
CHEATS = {
    "constant": (AnswerType.LABELS, "input_sensitive"),
    "foreign_labels": (AnswerType.LABELS, "labels"),
    "dice": (AnswerType.LABELS, "repeatable"),
    "percent": (AnswerType.LABELS, "probabilities"),
    "echo_as_label": (AnswerType.LABELS, "labels"),
    "crash_on_the_second": (AnswerType.LABELS, "answered"),
    "hash_against_the_card": (AnswerType.LABELS, "card_examples"),
    "echo": (AnswerType.LABELS, "type"),
    "canned": (AnswerType.TEXT, "input_sensitive"),
    "slow_echo": (AnswerType.TEXT, "no_echo"),
    "shuffled": (AnswerType.TEXT, "no_echo"),
    "framed": (AnswerType.TEXT, "no_echo"),
    "story_by_lot": (AnswerType.TEXT, "input_sensitive"),
    "same_picture": (AnswerType.IMAGE, "input_sensitive"),
    "picture_of_the_seed": (AnswerType.IMAGE, "input_sensitive"),
    "picture_of_the_text": (AnswerType.IMAGE, "seed_matters"),
    "blank_picture": (AnswerType.IMAGE, "substance"),
    "broken_picture": (AnswerType.IMAGE, "substance"),
    "picture_bomb": (AnswerType.IMAGE, "substance"),
    "sent_back": (AnswerType.IMAGE, "no_echo"),
    "silence": (AnswerType.AUDIO, "substance"),
    "text_as_film": (AnswerType.VIDEO, "type"),
    "vector_for_all": (AnswerType.DATA, "input_sensitive"),
}


@pytest.fixture(scope="module")
def app(local_hub: LocalHub, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    folder = tmp_path_factory.mktemp("cheats")
    script = shutil.copy(Path(__file__).parent / "data" / "cheating_app.py", folder)
    claim = {"model_id": CARD.model_id, "revision": CARD.revision, "opened": CARD.files}
    (folder / "claim.json").write_text(json.dumps(claim))
    (folder / "requirements.txt").touch()
    python = environment_for(folder / "requirements.txt", folder)
    with running_app(python, Path(script), folder, local_hub.endpoint) as running:
        yield running


@pytest.mark.parametrize(("cheat", "answer", "check"), [(name, *rest) for name, rest in CHEATS.items()])
def test_a_running_cheat_is_refuted(
    app: RunningApp, tmp_path: Path, cheat: str, answer: AnswerType, check: str
) -> None:
    client = AppClient(app.url, None, folder=tmp_path / "answers")

    calls = call_app(client, client.app(), f"/{cheat}", SAMPLES, tmp_path)
    evidence = judge(Subject(CARD, app.get("/health").json(), answer), calls)
    decision = decide(Findings(running=True, tested=True, evidence=evidence, answer=answer))

    assert {probe.endpoint for probe in calls.probes} == {f"/{cheat}"}
    assert decision.verdict is Verdict.FAILED
    assert {each.name: each.passed for each in evidence}[check] is False, evidence
