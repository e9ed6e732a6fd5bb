"""A model that no blueprint covers, and whole worker runs in which a scripted model writes its app."""

from pathlib import Path

from bot.localhub import base_environment
from tests.harness.local_hub import LocalHub
from tests.harness.scripted_model import ScriptedModel
from tests.harness.scripted_model.steps import Behaviour
from tests.worker.models_on_the_hub import Model, put_model, zoo_files
from tests.worker.worker_runs import WorkerRun, start_worker
from worker.authoring import ROUTER_VARIABLE
from worker.blueprints import all_blueprints
from worker.contract import Report
from worker.twin.app_environment import BASE_VARIABLE


def uncovered_model(hub: LocalHub) -> Model:
    """A model of the zoo whose card says that it is for something else."""
    files = zoo_files(hub, "product-reviews-sentiment")
    card = files["README.md"].replace(b"text-classification", b"tabular-classification")
    return put_model(hub, files | {"README.md": card})


def app() -> str:
    """What the language model writes in these tests: an app that is known to be good."""
    [blueprint] = [each for each in all_blueprints() if each.name == "text-classification-onnx"]
    return (blueprint.folder / "app.py").read_text() + "\n# Written for this model.\n"


def started(hub: LocalHub, model: Model, folder: Path, router: ScriptedModel, **wishes: object) -> WorkerRun:
    environ = {ROUTER_VARIABLE: router.address, BASE_VARIABLE: str(base_environment.folder())}
    return start_worker(hub, model, folder, environ=environ, **{"author_usd": 1.0} | wishes)  # type: ignore[arg-type]  # of the spec


def built(
    hub: LocalHub, model: Model, folder: Path, behaviour: Behaviour, **wishes: object
) -> tuple[Report, WorkerRun]:
    with ScriptedModel(behaviour) as router:
        run = started(hub, model, folder, router, **wishes)
        return run.ends(600), run
