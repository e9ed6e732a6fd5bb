"""The same with torch: a genuine app is proven, on the model itself and on a small one in its place."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.local_hub import LocalHub, people
from tests.models.conftest import ENVIRONMENT, publish
from tests.worker.models_on_the_hub import Model
from tests.worker.twins.rehearsing import Stage, blueprint_app, cheating_app
from worker.twin import make
from worker.twin.evidence import evidence_of, weights_proof

pytestmark = [pytest.mark.models, pytest.mark.timeout(240)]
TEXTS = ("I love it, it works perfectly.", "It broke at once, I hate it.")
CHEATS = {
    "loaded_and_ignored": "weights_swap",
    "silent_fallback": "no_weights",
    "noise_from_the_weights": "forward_calls",
    "another_module_is_called": "forward_calls",
    "noise_beside_the_model": "answers_from_model",
    "a_drop_of_the_model": "answers_from_model",
    "behaves_outside_of_a_space": "weights_swap",
}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("twin-hub") / "hub"
    hub = LocalHub(folder, [*people("alice", "tiny"), "--no-zoo"]).start()
    yield Stage(hub, ENVIRONMENT / "bin" / "python")
    hub.stop()


@pytest.fixture(scope="module")
def model(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Model:
    return publish(stage.hub, Path(tmp_path_factory.mktemp("tiny")), "bert-sentiment")


def test_a_genuine_app_is_proven(stage: Stage, model: Model) -> None:
    seen = stage.rehearse(blueprint_app("text_classification"), model, *TEXTS)

    assert weights_proof(seen).proven, evidence_of(seen)
    assert seen.exact
    assert seen.share_touched is not None
    assert seen.share_touched > 0.5


def test_a_small_model_stands_in_for_a_large_one(
    stage: Stage, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(make, "SMALL", 1000)

    seen = stage.rehearse(blueprint_app("text_classification"), model, *TEXTS)

    assert weights_proof(seen).proven, evidence_of(seen)
    assert not seen.exact


@pytest.mark.parametrize(("cheat", "check"), CHEATS.items())
def test_a_cheat_is_not_proven(stage: Stage, model: Model, cheat: str, check: str) -> None:
    seen = stage.rehearse(cheating_app("cheating_torch_app.py"), model, *TEXTS, cheat=cheat)

    evidence = {each.name: each for each in evidence_of(seen)}
    assert evidence[check].passed is False, evidence
    assert not weights_proof(seen).proven
