"""One version of a Space after the other: pushes, pauses, new settings, deletion, the death of the Hub."""

import signal
from collections.abc import Iterator

import httpx2
import pytest
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError

from tests.harness.local_hub import LocalHub
from tests.harness.waiting import wait_until
from tests.localhub import small_apps
from tests.localhub.one_space import OneSpace, alive


@pytest.fixture
def space(hub: LocalHub) -> Iterator[OneSpace]:
    """A private Space of alice's, without an app yet. Deleted in the end, as nothing else would stop it."""
    one = OneSpace(hub)
    yield one
    one.delete()


def test_the_old_version_serves_until_the_new_one_is_ready(space: OneSpace) -> None:
    first = space.run(small_apps.telling("one"))
    slow = f"import time; time.sleep(1)\n{small_apps.telling('two')}"
    second = space.push({"app.py": slow})
    seen = set()
    while (runtime := space.runtime()).raw["sha"] != second:
        seen.add((str(runtime.stage), runtime.raw["sha"]))
        assert space.ask().json()["version"] in {"one", "two"}
    assert {sha for _, sha in seen} == {first}
    assert {stage for stage, _ in seen} <= {"RUNNING_BUILDING", "RUNNING_APP_STARTING"}
    assert space.ask().json()["version"] == "two"
    wait_until(lambda: len(list(space.folder.glob("*-*/"))) == 1, what="the old version's files are gone")


def test_a_newer_push_takes_the_place_of_one_on_its_way(space: OneSpace) -> None:
    space.push({"README.md": small_apps.GRADIO_README, "app.py": small_apps.NEVER_READY})
    [pid] = wait_until(lambda: (space.folder / "run.log").exists() and space.pids())
    space.run(small_apps.telling("newer"))
    assert space.ask().json()["version"] == "newer"
    wait_until(lambda: not alive(pid))


def test_many_pushes_end_at_the_last(space: OneSpace) -> None:
    space.push({"README.md": small_apps.GRADIO_README})
    for number in range(6):
        sha = space.push({"app.py": small_apps.telling(f"number-{number}")})
    space.await_stage("RUNNING", sha)
    assert space.ask().json()["version"] == "number-5"


def test_pause_and_restart(space: OneSpace) -> None:
    space.run(small_apps.telling("one"))
    [pid] = space.pids()
    assert space.api.pause_space(space.id).stage == "PAUSED"
    assert not alive(pid)
    assert space.ask().status_code == 503
    assert "not running (PAUSED)" in space.ask().text

    sha = space.push({"app.py": small_apps.telling("two")})
    assert space.runtime().stage == "PAUSED"
    space.api.restart_space(space.id)
    space.await_stage("RUNNING", sha)
    assert space.ask().json()["version"] == "two"

    space.api.restart_space(space.id, factory_reboot=True)
    space.await_stage("RUNNING", sha)
    assert "CACHED" not in space.log(build=True)


def test_new_settings_take_effect_by_themselves(space: OneSpace) -> None:
    space.run(small_apps.telling("one"))
    space.api.add_space_variable(space.id, "COLOUR", "red", description="of the car")
    space.api.add_space_secret(space.id, "KEY", "hidden")

    def environment() -> dict[str, str]:
        answer = space.ask()
        return answer.json()["environment"] if answer.status_code == 200 else {}

    wait_until(lambda: (environment().get("COLOUR"), environment().get("KEY")) == ("red", "hidden"))
    space.api.delete_space_variable(space.id, "COLOUR")
    wait_until(lambda: environment() and "COLOUR" not in environment())
    with pytest.raises(HfHubHTTPError, match="key: "):
        space.api.add_space_variable(space.id, "1 BAD", "x")


def test_other_hardware_is_shown_once_it_is_there(space: OneSpace) -> None:
    space.run(small_apps.telling("one"))
    asked = space.api.request_space_hardware(space.id, "t4-small", sleep_time=600)  # type: ignore[arg-type]  # a str enum
    assert (asked.hardware, asked.requested_hardware, asked.sleep_time) == ("cpu-basic", "t4-small", 600)
    wait_until(lambda: space.runtime().hardware == "t4-small")
    with pytest.raises(HfHubHTTPError, match="Unknown hardware 'abacus'"):
        space.api.request_space_hardware(space.id, "abacus")  # type: ignore[arg-type]  # wrong on purpose
    assert "zero-a10g" in [flavor.name for flavor in space.api.list_spaces_hardware()]


def test_a_static_space_serves_its_files(space: OneSpace) -> None:
    sha = space.push({"README.md": small_apps.STATIC_README, "index.html": "<h1>hello", "a/b.css": "p{}"})
    space.await_stage("RUNNING", sha)
    assert space.ask().text == "<h1>hello"
    assert (space.ask("/a/b.css").text, space.ask("/a/b.css").headers["content-type"][:8]) == (
        "p{}",
        "text/css",
    )
    for path in ("/absent", "/..%2f..%2f..%2fhub.sqlite", "/%2e%2e/build.log"):
        assert space.ask(path).status_code == 404
    assert space.ask(token="").status_code == 404
    second = space.push({"index.html": "<h1>again"})
    space.await_stage("RUNNING", second)
    assert space.ask().text == "<h1>again"


def test_a_deleted_space_leaves_nothing(space: OneSpace) -> None:
    space.run(small_apps.telling("one"))
    [pid], host = space.pids(), space.host
    space.api.delete_repo(space.id, repo_type="space")
    assert not alive(pid)
    assert not space.folder.exists()
    with pytest.raises(RepositoryNotFoundError):
        space.runtime()

    def refused() -> bool:
        try:
            return httpx2.get(host).status_code == 404
        except httpx2.ConnectError:
            return True

    wait_until(refused)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_spaces_die_with_the_hub_and_come_back_with_it(own_hub: LocalHub, how: signal.Signals) -> None:
    space = OneSpace(own_hub)
    sha = space.run(small_apps.telling("one"))
    unfinished = OneSpace(own_hub)
    unfinished.push({"README.md": small_apps.GRADIO_README, "app.py": small_apps.NEVER_READY})
    wait_until(lambda: (unfinished.folder / "run.log").exists() and unfinished.pids())
    pids, host = space.pids() + unfinished.pids(), space.host
    own_hub.stop(how)
    wait_until(lambda: not [pid for pid in pids if alive(pid)], seconds=8)

    own_hub.start(port=own_hub.port)
    space.await_stage("RUNNING", sha)
    assert space.host == host
    assert space.ask().json()["version"] == "one"
    assert unfinished.await_stage("APP_STARTING")
