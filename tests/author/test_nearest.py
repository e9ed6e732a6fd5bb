"""Where no blueprint fits there is still a plan: where to begin, how the app is called, which hardware."""

import json

import pytest

from worker.author.nearest import plan_from_nearest
from worker.blueprints import all_blueprints
from worker.card import Card
from worker.contract import AnswerType
from worker.errors import Blocked
from worker.hardware import Wishes
from worker.hardware_offers import read_offers
from worker.plan import Plan
from worker.selection import select
from worker.writing import write_space


def card(task: str | None, files: dict[str, int], **other: object) -> Card:
    values = {"model_id": "alice/model", "revision": "0" * 40, "pipeline_tag": task, "files": files}
    return Card.model_validate(values | other)


def plan(card: Card) -> Plan:
    with pytest.raises(Blocked):
        select(card, all_blueprints())
    return plan_from_nearest(card, all_blueprints(), read_offers(()), Wishes(fallback="any"))


def test_a_task_that_no_blueprint_covers_begins_with_the_nearest_one_and_may_answer_anything() -> None:
    model = card("image-to-3d", {"model.safetensors": 10**8}, library_name="trellis")

    made = plan(model)

    assert made.blueprint.answer is AnswerType.ANY
    assert made.reason.startswith("No blueprint fits; the nearest is ")
    assert made.weights == "model.safetensors"
    files = write_space("alice/demo", model, made, "https://huggingface.co")
    assert {"app.py", "hosting.py", "model.json", "README.md", "requirements.txt"} <= set(files)
    assert json.loads(files["model.json"])["model_id"] == "alice/model"


def test_a_known_task_with_a_strange_library_keeps_its_kind_of_answer() -> None:
    made = plan(card("text-to-image", {"weights/model.safetensors": 10**8}, library_name="own"))

    assert made.blueprint.answer is AnswerType.IMAGE


@pytest.mark.parametrize("files", [{}, {"README.md": 10}])
def test_a_repo_without_weights_is_blocked_with_what_was_looked_at(files: dict[str, int]) -> None:
    with pytest.raises(Blocked) as ended:
        plan_from_nearest(card("image-to-3d", files), all_blueprints(), read_offers(()), Wishes())

    assert ended.value.blockers[0].code == "missing_weights"
