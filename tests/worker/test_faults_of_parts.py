"""The calls of the Hub that only some workers make, each by the function that makes it, and every way in
which the Hub fails them: a rebuild's, the logs of a Space, its picture, and tidying up. What passes is waited
for, a refusal is told or costs only what was asked for, and doing it again does it once."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import httpx2
import pytest
from huggingface_hub.errors import HfHubHTTPError

import worker.hub
from tests.harness.calls import OF_A_PICTURE, OF_A_REBUILD, OF_A_WORKER, Call
from tests.harness.faults import FAULTS, HUB_SECONDS, REFUSED
from tests.harness.local_hub import LocalHub
from tests.worker.test_promotion import PAGE, files_of, static_space
from worker import screenshot, tidying
from worker.errors import failure_of
from worker.hub import Hub
from worker.journal import now
from worker.promotion import STAGING_OF, promote, remove_staging, restore, staging_name, standing
from worker.space import MARK, Wanted, create_space, mark_of
from worker.space_logs import read_logs
from worker.tidying import left_behind

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(240)]

NEW = {"README.md": PAGE, "index.html": b"new"}
OF_FILES = ("files of the Space", "a file of the Space")
NOT_READ = "The log could not be read"


@pytest.fixture
def alice(local_hub: LocalHub, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """With little patience, so that an answer can be late."""
    monkeypatch.setattr(worker.hub, "TIMEOUT", httpx2.Timeout(HUB_SECONDS))
    yield Hub(local_hub.token("alice"), local_hub.endpoint)
    for fault in FAULTS.values():
        local_hub.behaves(fault.switch)


def befalls(hub: LocalHub, call: Call, fault: str) -> None:
    FAULTS[fault].befalls(hub, replace(call, whose="alice"))


def in_the_end(do: Callable[[], object], hub: LocalHub, fault: str) -> object:
    """What comes of it; where it was refused, with a sentence, of doing it once more."""
    try:
        done = do()
    except HfHubHTTPError as refused:
        assert fault in REFUSED
        assert failure_of(refused).message.startswith(f"The Hub answered {fault}")
        return do()
    assert hub.has_met(FAULTS[fault].switch)
    return done


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("call", OF_FILES)
def test_the_files_of_before_come_back_in_one_commit(
    alice: Hub, local_hub: LocalHub, call: str, fault: str
) -> None:
    space_id = static_space(alice, **{MARK: "run-1"})
    old = standing(alice, space_id)
    promoted = promote(alice, old, NEW, "Rebuilt")
    befalls(local_hub, OF_A_REBUILD[call], fault)

    back = in_the_end(lambda: restore(alice, old, promoted), local_hub, fault)

    assert files_of(alice.api, space_id) == {"README.md", "index.html", "old.txt"}
    commits = [each.commit_id for each in alice.api.list_repo_commits(space_id, repo_type="space")]
    assert commits[:3] == [back, promoted, old.commit]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_rebuilt_app_comes_in_as_one_commit_or_not_at_all(
    alice: Hub, local_hub: LocalHub, fault: str
) -> None:
    space_id = static_space(alice, **{MARK: "run-1"})
    old = standing(alice, space_id)
    befalls(local_hub, OF_A_WORKER["commit the files"], fault)

    if fault in REFUSED:
        with pytest.raises(Exception) as refused:
            promote(alice, old, NEW, "Rebuilt")
        assert failure_of(refused.value).category != "internal"
        assert standing(alice, space_id) == old
    promoted = promote(alice, old, NEW, "Rebuilt")

    commits = [each.commit_id for each in alice.api.list_repo_commits(space_id, repo_type="space")]
    assert commits[:2] == [promoted, old.commit]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_staging_space_is_taken_over_and_no_second_one_made(
    alice: Hub, local_hub: LocalHub, fault: str
) -> None:
    target = static_space(alice, **{MARK: "run-1"})
    staging = static_space(alice, name=staging_name(target), **{STAGING_OF: target, MARK: "run-2"})
    wanted = Wanted(options=(), variables={STAGING_OF: target})
    befalls(local_hub, OF_A_REBUILD["take the Space over"], fault)

    in_the_end(lambda: create_space(alice, staging, "run-3", wanted), local_hub, fault)

    assert mark_of(alice, staging) == "run-3"
    assert not alice.api.repo_exists(f"{staging}-2", repo_type="space")


@pytest.mark.parametrize("fault", FAULTS)
def test_a_staging_space_that_cannot_be_removed_costs_the_run_nothing(
    alice: Hub, local_hub: LocalHub, fault: str
) -> None:
    target = static_space(alice, **{MARK: "run-1"})
    staging = static_space(alice, name=staging_name(target), **{STAGING_OF: target})
    befalls(local_hub, OF_A_REBUILD["delete the Space"], fault)

    gone = remove_staging(alice, target)

    assert local_hub.has_met(FAULTS[fault].switch)
    assert gone == (() if fault in REFUSED else (staging,))
    remove_staging(alice, target)
    assert not alice.api.repo_exists(staging, repo_type="space")
    assert alice.api.repo_exists(target, repo_type="space")


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("call", ["log of its build", "log of its run"])
def test_a_log_that_cannot_be_read_says_so(alice: Hub, local_hub: LocalHub, call: str, fault: str) -> None:
    space_id = static_space(alice)
    befalls(local_hub, OF_A_WORKER[call], fault)

    logs = read_logs(alice, space_id)

    read, other = (logs.build, logs.run) if call == "log of its build" else (logs.run, logs.build)
    assert local_hub.has_met(FAULTS[fault].switch) or fault in {"refused", "429"}
    if fault != "truncated":  # which leaves the log as far as it came, or the sentence
        assert (NOT_READ in read) is (fault not in {"slow", "timeout"})
    assert NOT_READ not in other


@pytest.mark.parametrize("fault", FAULTS)
def test_without_a_pass_into_the_space_there_is_no_picture_until_the_next_run(
    alice: Hub, local_hub: LocalHub, fault: str
) -> None:
    space_id = static_space(alice)
    befalls(local_hub, OF_A_PICTURE["a pass into the Space"], fault)

    try:
        given = screenshot._pass_into(alice, space_id)
    except (HfHubHTTPError, httpx2.TransportError) as trouble:
        assert failure_of(trouble).category != "internal"
        given = None

    assert bool(given) is (fault == "slow")
    local_hub.behaves(FAULTS[fault].switch)
    assert screenshot._pass_into(alice, space_id)


@pytest.mark.parametrize("fault", FAULTS)
def test_what_cannot_be_tidied_up_is_left_to_the_next_job(
    alice: Hub, local_hub: LocalHub, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    target = static_space(alice, **{MARK: "run-1"})
    staging = static_space(alice, name=staging_name(target), **{STAGING_OF: target, MARK: "run-1"})
    monkeypatch.setattr(tidying, "now", lambda: now() + timedelta(days=2))
    befalls(local_hub, OF_A_WORKER["all Spaces"], fault)

    in_the_end(lambda: left_behind(alice, "alice"), local_hub, fault)

    assert not alice.api.repo_exists(staging, repo_type="space")
    assert alice.api.repo_exists(target, repo_type="space")
