"""A build that is planned, and whose author's stage is played with a scripted model."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from tests.harness.local_hub import LocalHub
from tests.harness.scripted_model import ScriptedModel
from tests.harness.scripted_model.steps import Behaviour
from tests.worker.models_on_the_hub import Model
from worker.author.decisions import State
from worker.author.install import Installed
from worker.author.models import choose, read_list
from worker.author.stage import Wishes, write_app
from worker.author.turns import Budget
from worker.build import Build
from worker.contract import BuildSpec, Phase
from worker.hub import Hub
from worker.journal import Journal
from worker.pipeline import PLANNING
from worker.redact import Redactor
from worker.space import Space, Wanted, create_space
from worker.writing import write_space

BUDGET = Budget(turns=3, usd=5, tokens=10**7, requests=40, seconds=300)
KEY = "the-report-key-of-this-run"


@dataclass
class Scene:
    """A build that is planned, and all that its author's stage needs."""

    build: Build
    hub: Hub
    record: Path
    files: dict[str, str]

    def made(self) -> Space:
        return create_space(
            self.hub, self.build.spec.target_space, self.build.spec.run_id, Wanted(options=())
        )

    def written(self, behaviour: Behaviour, *, pi: Installed | None, budget: Budget = BUDGET) -> State:
        with ScriptedModel(behaviour) as model:
            chosen = choose(read_list(model.address, self.hub.token))
            wishes = Wishes(model=chosen, budget=budget, installed=pi, upstream=model.address)
            return write_app(self.build, self.hub, wishes, self.made, "The blueprint of this task.")

    def texts(self) -> str:
        return "".join(file.read_text(errors="replace") for file in self.record.rglob("*") if file.is_file())


def scene_of(local_hub: LocalHub, tmp_path: Path, model: Model) -> Scene:
    hub = Hub(local_hub.token("alice"), local_hub.endpoint)
    name = secrets.token_hex(3)
    spec = BuildSpec(
        run_id=f"run-{name}",
        model_id=model.id,
        revision=model.revision,
        target_space=f"alice/authored-{name}",
    )
    record = tmp_path / "record"
    build = Build(spec, Journal(record, spec.run_id, None, Redactor((hub.token, KEY))), hub.token)
    build.folder = tmp_path / "work"
    build.folder.mkdir()
    for phase, opening, walk in PLANNING:
        build.journal.started(phase, opening)
        walk(build, hub)
    build.journal.started(Phase.WRITE, "Writing the Space.")
    assert build.card and build.plan
    files = write_space(spec.target_space, build.card, build.plan, hub.endpoint)
    build.files = {**files, "app.py": "# to be written\n"}
    return Scene(build, hub, record, files)
