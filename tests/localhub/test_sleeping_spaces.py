"""Spaces that nobody visits go to sleep, and wake when somebody comes."""

import time
from collections.abc import Iterator

import pytest
from huggingface_hub import SpaceHardware

from tests.harness.local_hub import LocalHub
from tests.harness.waiting import wait_until
from tests.localhub.one_space import OneSpace, alive
from tests.localhub.small_apps import telling


@pytest.fixture
def space(hub: LocalHub) -> Iterator[OneSpace]:
    space = OneSpace(hub, space_hardware="cpu-upgrade")
    space.run(telling("one"))
    yield space
    space.delete()


def test_a_space_sleeps_without_visits_and_a_visit_wakes_it(space: OneSpace) -> None:
    [pid] = space.pids()
    assert space.api.set_space_sleep_time(space.id, 1).sleep_time == 1
    assert space.await_stage("SLEEPING").hardware is None
    wait_until(lambda: not alive(pid), "the app to be gone")
    assert space.api.wait_for_space(space.id, timeout=5).stage == "SLEEPING"
    assert space.ask(token="hf_nobody").status_code == 404
    assert space.runtime().stage == "SLEEPING"  # whom the app does not concern does not wake it
    space.api.set_space_sleep_time(space.id, 3600)
    first = space.ask()
    assert (first.status_code, "on its way" in first.text) == (503, True)
    space.await_stage("RUNNING")
    assert space.ask().json()["version"] == "one"


def test_visits_keep_a_space_awake(space: OneSpace) -> None:
    space.api.set_space_sleep_time(space.id, 2)
    until = time.monotonic() + 4
    while time.monotonic() < until:
        assert space.ask().is_success
        assert space.runtime().stage == "RUNNING"
    space.api.set_space_sleep_time(space.id, -1)
    assert space.runtime().sleep_time is None


def test_a_sleeping_space_stays_asleep_over_a_restart_of_the_hub(own_hub: LocalHub) -> None:
    space = OneSpace(own_hub, space_sleep_time=1, space_hardware="cpu-upgrade")
    space.push({"README.md": "---\nsdk: gradio\n---\n", "app.py": telling("one")})
    space.await_stage("SLEEPING")
    own_hub.restart()
    assert space.runtime().stage == "SLEEPING"
    assert space.api.restart_space(space.id).stage == "BUILDING"
    space.await_stage("RUNNING")


def test_free_hardware_sleeps_after_two_days_and_paid_hardware_only_if_asked(hub: LocalHub) -> None:
    space = OneSpace(hub)
    assert space.runtime().sleep_time == 48 * 3600
    assert space.api.request_space_hardware(space.id, SpaceHardware.CPU_UPGRADE).sleep_time is None
    assert space.api.request_space_hardware(space.id, SpaceHardware.T4_SMALL, sleep_time=9).sleep_time == 9
    space.delete()


def test_dev_mode_and_the_zero_gpu_quota_are_answered(hub: LocalHub) -> None:
    space = OneSpace(hub)
    assert space.api.enable_space_dev_mode(space.id).dev_mode
    assert not space.api.disable_space_dev_mode(space.id).dev_mode
    quota = space.api.get_zero_gpu_quota()
    assert quota.remaining == quota.base > 0
    assert {"rtx-pro-6000", "zero-a10g"} <= {each.name for each in space.api.list_spaces_hardware()}
    space.delete()
