"""`make bench ONLY=author`: a build whose app a coding agent writes, beside the same files put there by hand.

The agent is the real one; its model is a script that writes the app at once: what is measured is ours.
Turns, tokens and the estimated price are in the row; by hand there are none.
"""

import argparse
import os
import tempfile
from pathlib import Path

from bot.localhub import base_environment
from scripts.bench.builds import Builds, a_hub
from scripts.bench.table import HEAD, Bench, line, measured
from tests.author.uncovered import app, started, uncovered_model
from tests.harness.local_hub import LocalHub, people
from tests.harness.scripted_model import ScriptedModel
from tests.harness.scripted_model.behaviours import script, write
from tests.harness.scripted_model.steps import Say
from tests.worker.models_on_the_hub import Model
from tests.worker.worker_runs import WorkerRun
from worker.contract import Author
from worker.twin.app_environment import BASE_VARIABLE


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m scripts.bench.author", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="after one that only warms up")
    rounds = parser.parse_args().rounds
    os.environ[BASE_VARIABLE] = str(base_environment.prepare(print))
    writes = script([Say("", (write("app.py", app()),)), Say("Done.")])
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        a_hub(Path(folder) / "hub", people("alice")) as hub,
        ScriptedModel(writes) as router,
    ):
        print(HEAD, flush=True)
        bench = _bench(hub, router, Path(folder) / "author")
        print(line(bench, measured(bench, rounds)), flush=True)


def _bench(hub: LocalHub, router: ScriptedModel, folder: Path) -> Bench:
    def start(hub: LocalHub, model: Model, folder: Path) -> WorkerRun:
        return started(hub, model, folder, router, author=Author.PI)

    builds = Builds(hub, uncovered_model(hub), folder, start)
    return Bench("build author=pi", builds.by_a_job, builds.by_hand)


if __name__ == "__main__":
    main()
