"""Rehearses an app on a model of the local Hub, as the worker does."""

import json
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.harness.local_hub import LocalHub
from tests.worker.models_on_the_hub import Model
from worker.card import Card, read_card
from worker.hub import Hub
from worker.loader import loader_of
from worker.twin.rehearsal import Rehearsal
from worker.twin.run import Facts, rehearse
from worker.validate.samples import Samples

HERE = Path(__file__).parent
BLUEPRINTS = Path(__file__).parents[3] / "worker" / "blueprints"


def blueprint_app(family: str) -> dict[str, str]:
    """The files of a blueprint, without those that are written for a model."""
    paths = [
        BLUEPRINTS / family / "app.py",
        BLUEPRINTS / "hosting.py",
        BLUEPRINTS / family / "requirements.txt",
    ]
    return {path.name: path.read_text() for path in paths}


def cheating_app(name: str) -> dict[str, str]:
    return {"app.py": (HERE / name).read_text()}


@dataclass(frozen=True)
class Stage:
    """A Hub and an environment for apps."""

    hub: LocalHub
    python: Path

    def rehearse(self, app: dict[str, str], model: Model, *texts: str, **settings: object) -> Rehearsal:
        """Call `/classify` with these texts."""
        hub = Hub(self.hub.token("alice"), self.hub.endpoint)
        card = read_card(hub, model.id, model.revision, lambda text: text)
        facts = Facts(
            loader=loader_of(card)[0],
            endpoint="/classify",
            python=self.python,
            boot_seconds=60,
            call_seconds=20,
        )
        files = {**app, "model.json": json.dumps(settings_of(card) | settings)}
        with TemporaryDirectory() as folder:
            return rehearse(files, card, hub, facts, Samples(texts=texts), Path(folder), print)


def settings_of(card: Card) -> dict[str, object]:
    return {
        "model_id": card.model_id,
        "revision": card.revision,
        "weights": "onnx/model.onnx",
        "external_data": [],
        "title": "A model",
        "summary": "",
        "license": None,
        "examples": [],
        "duration": 30,
    }
