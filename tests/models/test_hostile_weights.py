"""Weights that are a pickle which runs code: nothing opens them, neither the worker nor the app."""

from pathlib import Path

import pytest

from tests.harness.local_hub import LocalHub
from tests.models.conftest import publish
from tests.worker.broken_repos import RUNS_CODE
from tests.worker.models_on_the_hub import put_model
from tests.worker.worker_runs import start_worker
from worker.contract import Verdict


@pytest.mark.models
@pytest.mark.timeout(360)
def test_a_pickle_that_runs_code_is_refused_and_its_code_does_not_run(
    model_hub: LocalHub, tiny_folder: Path, tmp_path: Path
) -> None:
    publish(model_hub, tiny_folder, "bert-sentiment")
    files = {
        path.name: path.read_bytes()
        for path in (tiny_folder / "bert-sentiment").iterdir()
        if path.is_file() and path.suffix != ".safetensors"
    }
    evil = put_model(model_hub, files | {"pytorch_model.bin": RUNS_CODE})

    run = start_worker(model_hub, evil, tmp_path)
    report = run.ends(300)

    assert report.verdict is Verdict.FAILED
    assert "Traceback" not in run.output
    assert not [*tmp_path.rglob("unpickled"), *model_hub.folder.rglob("unpickled")]
    assert "pickle" in report.reason.lower() or "weights_only" in report.reason
