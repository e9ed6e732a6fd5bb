"""Waiting for a Space: what the Hub says in between is no answer, and what it ends with is."""

from collections.abc import Iterator

import pytest

from tests.worker.scripted_hub import Answer, ScriptedHub, scripted_hub
from worker.errors import Failed
from worker.hub import Hub
from worker.space import Space
from worker.waiting import Patience, Running, SpaceBroke, wait_for_health, wait_until_running

SPACE = Space(id="a/b", url="http://hub/spaces/a/b", hardware="cpu-basic")
OURS, BEFORE = "1" * 40, "2" * 40
RUNTIME = "GET /api/spaces/a/b/runtime"
QUICK = Patience(settle=0.3, build=1.5, health=0.5, shortest=0.01, longest=0.01)
PATIENT = Patience(settle=60, build=60, health=60, shortest=0.01, longest=0.01)
"""For what comes in the end: a busy machine makes it late, not wrong."""


@pytest.fixture
def far() -> Iterator[ScriptedHub]:
    with scripted_hub() as hub:
        hub.says("GET /api/spaces/a/b", (200, {"id": "a/b", "host": hub.endpoint}))
        yield hub


def stage(name: str, sha: str | None = OURS, **more: object) -> Answer:
    return 200, {"stage": name, "sha": sha, "hardware": {"current": "cpu-basic"}, **more}


MISSING: Answer = (404, {"error": "Repository not found"})


def wait(far: ScriptedHub, notes: list[str] | None = None, patience: Patience = PATIENT) -> Running:
    said = notes if notes is not None else []
    return wait_until_running(Hub("hf_token", far.endpoint), SPACE, OURS, said.append, patience)


ROADS: dict[str, tuple[Answer, ...]] = {
    "the usual": (stage("BUILDING"), stage("APP_STARTING"), stage("RUNNING")),
    "not there yet": (MISSING, MISSING, stage("BUILDING"), stage("RUNNING")),
    "no app file yet": (stage("NO_APP_FILE", None), stage("BUILDING"), stage("RUNNING")),
    "still the version before": (
        stage("RUNNING", BEFORE),
        stage("RUNNING_BUILDING", BEFORE),
        stage("RUNNING"),
    ),
    "the version before was broken": (stage("BUILD_ERROR", BEFORE), stage("BUILDING"), stage("RUNNING")),
    "a stage nobody knows": (stage("THINKING"), stage("RUNNING")),
    "a Hub that names no commit": (stage("BUILDING", None), stage("RUNNING", None)),
    "a Hub in trouble": ((503, {"error": "busy"}), stage("RUNNING")),
}


@pytest.mark.parametrize("answers", ROADS.values(), ids=ROADS)
def test_a_space_that_gets_there_is_waited_for(far: ScriptedHub, answers: tuple[Answer, ...]) -> None:
    far.says(RUNTIME, *answers)

    assert wait(far) == Running(host=far.endpoint, hardware="cpu-basic")
    assert far.times(RUNTIME) == len(answers)


ENDS: dict[str, tuple[tuple[Answer, ...], str, str]] = {
    "build": ((stage("BUILD_ERROR", errorMessage="exit code 1"),), "build_error", "exit code 1"),
    "config": ((stage("CONFIG_ERROR"),), "config_error", "a/b ended as CONFIG_ERROR."),
    "run": ((stage("APP_STARTING"), stage("RUNTIME_ERROR")), "runtime_error", "a/b ended as RUNTIME_ERROR."),
    "paused": ((stage("PAUSED"),), "space_halted", "PAUSED"),
    "never taken up": ((stage("RUNNING", BEFORE),), "start_timeout", "did not take up our commit"),
    "never there": ((MISSING,), "start_timeout", "MISSING"),
    "never done": ((stage("BUILDING"),), "start_timeout", "was still BUILDING after"),
}


@pytest.mark.parametrize(("answers", "category", "said"), ENDS.values(), ids=ENDS)
def test_a_space_that_does_not_get_there_ends_the_run_in_words(
    far: ScriptedHub, answers: tuple[Answer, ...], category: str, said: str
) -> None:
    far.says(RUNTIME, *answers)

    with pytest.raises(Failed, match=said) as failed:
        wait(far, patience=QUICK if category == "start_timeout" else PATIENT)

    assert failed.value.category == category
    assert isinstance(failed.value, SpaceBroke) == category.endswith("_error")


def test_each_new_stage_is_noted_once(far: ScriptedHub) -> None:
    notes: list[str] = []
    far.says(RUNTIME, stage("BUILDING"), stage("BUILDING"), stage("BUILDING"), stage("RUNNING"))

    wait(far, notes)

    assert notes == ["The Space is BUILDING.", "The Space is RUNNING."]


def health(far: ScriptedHub, patience: Patience = PATIENT) -> object:
    return wait_for_health(Running(host=far.endpoint, hardware=None), "hf_token", patience)


def test_health_is_json_wherever_it_is_found(far: ScriptedHub) -> None:
    far.says("GET /gradio_api/health", (200, "<html>rendered</html>"))
    far.says("GET /health", (503, {}), (200, {"status": "ok"}))

    assert health(far) == {"status": "ok"}


@pytest.mark.parametrize(
    "answer", [(200, "<html>ok</html>"), (404, {}), (200, ["ok"]), (302, {"status": "ok"})]
)
def test_a_page_is_no_health(far: ScriptedHub, answer: Answer) -> None:
    far.says("GET /health", answer)

    assert health(far, QUICK) is None
