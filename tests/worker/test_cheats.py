"""Cheating apps, really running and really called, are refuted by the check that is meant for them."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.local_hub import LocalHub
from tests.worker.running_apps import RunningApp, environment_for, running_app
from worker.blueprints import Content
from worker.card import Card
from worker.contract import Verdict
from worker.validate.calls import call_app
from worker.validate.client import AppClient
from worker.validate.evidence import judge
from worker.validate.gate import Findings, decide
from worker.validate.probes import Sample

CARD = Card(
    model_id="alice/sentiment",
    revision="b" * 40,
    files={"onnx/model.onnx": 1234},
    labels=("negative", "positive"),
)
SAMPLES = (
    Sample(value="I love it, it works perfectly.", expected="positive"),
    Sample(value="It broke at once, I hate it.", expected="negative"),
    Sample(value="The box holds two cables."),
)

CHEATS = {
    "constant": "input_sensitive",
    "foreign_labels": "labels",
    "dice": "repeatable",
    "percent": "probabilities",
    "echo_as_label": "labels",
    "crash_on_the_second": "answered",
    "hash_against_the_card": "card_examples",
    "echo": "type",
    "canned": "type",
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


@pytest.mark.parametrize(("cheat", "check"), CHEATS.items())
def test_a_running_cheat_is_refuted(app: RunningApp, cheat: str, check: str) -> None:
    client = AppClient(app.url, None)

    calls = call_app(client, client.schema(), f"/{cheat}", Content.TEXT, SAMPLES)
    evidence = judge(CARD, app.get("/health").json(), calls.answers)
    decision = decide(Findings(running=True, tested=True, evidence=evidence))

    assert {probe.endpoint for probe in calls.probes} == {f"/{cheat}"}
    assert decision.verdict is Verdict.FAILED
    assert f"“{check}”" in decision.reason
