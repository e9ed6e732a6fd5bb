"""Broken models that are built all the way: what cannot work ends with the reason, what is only odd works."""

from pathlib import Path

import pytest

from tests.harness.local_hub import LocalHub
from tests.worker.broken_repos import ODD_NAMES, POINTER
from tests.worker.models_on_the_hub import put_model, zoo_files
from tests.worker.worker_runs import COMPLETE, start_worker
from worker.contract import Verdict

pytestmark = pytest.mark.thorough

TEXT = "product-reviews-sentiment"
WEIGHTS = "onnx/model.onnx"
ODD_HEADER = b"""---
pipeline_tag: text-classification
library_name: onnx
license: [mit, {a: 1}]
language: [1, null]
widget:
- 1
- {text: "${jndi} {{7*7}} <script>alert(1)</script> \\u202e `id`"}
- {text: {a: b}}
- {src: "../../etc/passwd"}
---
# $model_id ${x} {{ 7*7 }} <script>alert(1)</script>

A "model" with `ticks` and $signs that says ''\' and \\ and %s in its first paragraph.
"""


def test_odd_names_and_an_odd_card_are_no_obstacle(local_hub: LocalHub, tmp_path: Path) -> None:
    files = zoo_files(local_hub, TEXT) | dict.fromkeys(ODD_NAMES, b"x") | {"README.md": ODD_HEADER}

    run = start_worker(local_hub, put_model(local_hub, files), tmp_path)
    report = run.ends(90)

    assert report.verdict is Verdict.FULL_INFERENCE_SUCCESS, report.reason
    assert run.files() >= COMPLETE
    assert "Traceback" not in run.texts()


@pytest.mark.parametrize("content", [b"", POINTER], ids=["empty", "a pointer"])
def test_weights_that_are_not_there_cost_no_space(
    local_hub: LocalHub, tmp_path: Path, content: bytes
) -> None:
    model = put_model(local_hub, zoo_files(local_hub, TEXT) | {WEIGHTS: content})

    run = start_worker(local_hub, model, tmp_path)
    report = run.ends(60)

    assert report.verdict is Verdict.TECHNICAL_BLOCKER
    assert WEIGHTS in report.reason
    assert report.space_id is None


def test_labels_that_do_not_match_the_weights_end_with_a_sentence(
    local_hub: LocalHub, tmp_path: Path
) -> None:
    model = put_model(
        local_hub, zoo_files(local_hub, TEXT) | {"config.json": b'{"id2label": {"0": ["a"], "1": null}}'}
    )

    run = start_worker(local_hub, model, tmp_path)
    report = run.ends(90)

    assert report.verdict is Verdict.FAILED
    assert "0 of 3 calls were answered" in report.reason
    assert "Traceback" not in run.output
