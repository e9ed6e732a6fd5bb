"""A gated model: whoever may read it gets a Space that does, without a token; others hear where to ask."""

from pathlib import Path

import pytest

from tests.harness.local_hub import LocalHub
from tests.models.conftest import publish
from tests.models.tiny import makers
from tests.worker.models_on_the_hub import Model
from tests.worker.worker_runs import start_worker
from worker.contract import Verdict

assert makers
NAME = "gated-sentiment"
LONGEST = 300
"""Seconds of a Job."""


@pytest.fixture
def gated(model_hub: LocalHub, tiny_folder: Path) -> Model:
    """Alice must ask; its owner decides."""
    model = publish(model_hub, tiny_folder, NAME)
    model_hub.api("tiny").update_repo_settings(model.id, gated="manual")
    return model


@pytest.mark.models
@pytest.mark.timeout(2 * LONGEST)
def test_a_gated_model_is_built_for_those_who_may_read_it(
    gated: Model, model_hub: LocalHub, tmp_path: Path
) -> None:
    """First alice may not; then its owner lets her in."""
    refused = start_worker(model_hub, gated, tmp_path / "refused").ends(LONGEST)

    assert refused.verdict is Verdict.TECHNICAL_BLOCKER
    assert f"Ask for it at {model_hub.endpoint}/{gated.id}, then ask again." in refused.reason
    assert refused.space_id is None

    model_hub.api("tiny").grant_access(gated.id, "alice")
    built = start_worker(model_hub, gated, tmp_path / "built").ends(LONGEST)
    api = model_hub.api("alice")
    assert built.space_id
    runtime = api.space_info(built.space_id).runtime
    secrets = api.get_space_secrets(built.space_id)
    api.delete_repo(built.space_id, repo_type="space")

    assert built.verdict is Verdict.FULL_INFERENCE_SUCCESS, built.model_dump_json(indent=1)
    assert built.weights.proven
    assert runtime
    assert [(each.source, each.mount_path) for each in runtime.volumes or ()] == [(gated.id, "/model")]
    assert not secrets
