"""A genuine ONNX app is proven beside its twin; none of the known cheats is, each for its own reason."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.local_hub import LocalHub
from tests.worker.models_on_the_hub import zoo_model
from tests.worker.running_apps import environment_for
from tests.worker.twins.rehearsing import BLUEPRINTS, Stage, blueprint_app, cheating_app
from worker.twin.evidence import evidence_of, weights_proof

pytestmark = pytest.mark.thorough

TEXTS = ("I love it, it works perfectly.", "It broke at once, I hate it.")
CHEATS = {
    "loaded_and_ignored": "weights_swap",
    "silent_fallback": "no_weights",
    "other_model": "twin_boots",
    "remote": "twin_answers",
    "shuffled_words": "weights_swap",
    "noise_from_the_weights": "forward_calls",
    "noise_beside_the_model": "answers_from_model",
    "a_drop_of_the_model": "answers_from_model",
}


@pytest.fixture(scope="module")
def stage(local_hub: LocalHub) -> Iterator[Stage]:
    """The environment is where every user may read it, so that the sandbox can have a user of its own."""
    folder = Path(tempfile.mkdtemp(prefix="apps-"))
    folder.chmod(0o755)
    requirements = BLUEPRINTS / "text_classification_onnx" / "requirements.txt"
    yield Stage(local_hub, environment_for(requirements, folder))
    shutil.rmtree(folder)


@pytest.mark.timeout(180)
def test_a_genuine_app_is_proven(stage: Stage) -> None:
    model = zoo_model(stage.hub, "product-reviews-sentiment")

    seen = stage.rehearse(blueprint_app("text_classification_onnx"), model, *TEXTS)

    assert seen.why_not is None
    assert weights_proof(seen).proven, evidence_of(seen)
    assert seen.exact
    assert seen.forward_calls == 1


@pytest.mark.timeout(180)
@pytest.mark.parametrize(("cheat", "check"), CHEATS.items())
def test_a_cheat_is_not_proven(stage: Stage, cheat: str, check: str) -> None:
    model = zoo_model(stage.hub, "product-reviews-sentiment")

    seen = stage.rehearse(cheating_app("cheating_onnx_app.py"), model, *TEXTS, cheat=cheat)

    evidence = {each.name: each for each in evidence_of(seen)}
    assert evidence[check].passed is False, evidence
    assert not weights_proof(seen).proven


@pytest.mark.timeout(180)
def test_answers_that_change_by_themselves_prove_nothing(stage: Stage) -> None:
    model = zoo_model(stage.hub, "product-reviews-sentiment")

    seen = stage.rehearse(cheating_app("cheating_onnx_app.py"), model, *TEXTS, cheat="dice")

    assert seen.repeatable is False
    assert seen.swap_changes is None
    assert not weights_proof(seen).proven
