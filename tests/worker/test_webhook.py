"""A Job that the Hub starts for a webhook builds the version that the event tells of, or nothing."""

import json

import pytest

from worker.contract import BuildSpec
from worker.environment import NothingToDo, read_environment
from worker.webhook import at_new_version

A, B = "a" * 40, "b" * 40
FIRST = BuildSpec(run_id="alone", model_id="ada/poems", revision=A, target_space="ada/poems-demo")


def payload(*refs: tuple[str, str | None]) -> str:
    return json.dumps({"updatedRefs": [{"ref": ref, "oldSha": A, "newSha": sha} for ref, sha in refs]})


@pytest.mark.parametrize(
    "refs",
    [
        [("refs/heads/main", B)],
        [("refs/tags/v2", B)],
        [("refs/heads/main", A), ("refs/tags/v2", B)],
        [("refs/pr/1", A), ("refs/heads/main", B)],
    ],
)
def test_a_new_version_rebuilds_the_space(refs: list[tuple[str, str | None]]) -> None:
    spec = at_new_version(FIRST, payload(*refs))

    assert spec and (spec.revision, spec.rebuild_of, spec.target_space) == (
        B,
        "ada/poems-demo",
        "ada/poems-demo",
    )
    assert spec.run_id == "alone-bbbbbbbbbbbb"


@pytest.mark.parametrize(
    "text",
    [payload(), payload(("refs/pr/1", B)), payload(("refs/tags/v1", None)), "{}", "no JSON"],
)
def test_any_other_event_builds_nothing_and_is_no_failure(text: str) -> None:
    environment = {
        "SPACE_FACTORY_SPEC": FIRST.model_dump_json(),
        "SPACE_FACTORY_RECORD": "/bucket/runs/alone",
        "WEBHOOK_PAYLOAD": text,
    }

    with pytest.raises(NothingToDo):
        read_environment(environment)


def test_each_version_has_a_record_of_its_own() -> None:
    environment = {
        "SPACE_FACTORY_SPEC": FIRST.model_dump_json(),
        "SPACE_FACTORY_RECORD": "/bucket/runs/alone",
        "WEBHOOK_PAYLOAD": payload(("refs/heads/main", B)),
    }

    assert str(read_environment(environment).record) == "/bucket/runs/alone-bbbbbbbbbbbb"
