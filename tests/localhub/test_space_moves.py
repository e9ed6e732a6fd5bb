"""A running Space that is moved, copied, or paused: what its app finds, and what others find of it."""

import secrets
from collections.abc import Iterator

import pytest
from huggingface_hub.errors import HfHubHTTPError

from tests.harness.local_hub import LocalHub
from tests.harness.waiting import wait_until
from tests.localhub import small_apps
from tests.localhub.one_space import OneSpace, alive


@pytest.fixture
def space(hub: LocalHub) -> Iterator[OneSpace]:
    """A private Space of alice's with a variable, a secret and an app that tells what it finds."""
    one = OneSpace(
        hub,
        space_variables=[{"key": "COLOUR", "value": "green"}],
        space_secrets=[{"key": "KEY", "value": "hidden-value"}],
    )
    one.run(small_apps.telling("one"))
    yield one
    one.delete()


def test_a_moved_space_keeps_its_host_and_hears_its_new_name(space: OneSpace) -> None:
    old, host = space.id, space.host
    new = f"acme/moved-{secrets.token_hex(4)}"
    space.api.move_repo(old, new, repo_type="space")
    space.id = new
    wait_until(lambda: space.ask().json()["environment"]["SPACE_ID"] == new, "the app knows its name")
    info = space.api.space_info(new)
    assert (info.host, info.subdomain) == (host, new.replace("/", "-"))
    assert space.ask().json()["environment"]["SPACE_AUTHOR_NAME"] == "acme"
    assert space.api.space_info(old).id == new
    assert space.ask(token=space.hub.token("bob")).status_code == 404


def test_the_old_name_of_a_space_can_be_taken_by_another(space: OneSpace) -> None:
    old, host = space.id, space.host
    new = f"alice/moved-{secrets.token_hex(4)}"
    space.api.move_repo(old, new, repo_type="space")
    space.api.create_repo(old, repo_type="space", space_sdk="static")
    assert space.api.space_info(old).host != host
    assert space.api.space_info(new).host == host
    space.api.delete_repo(old, repo_type="space")
    space.id = new
    space.await_stage("RUNNING")
    assert space.ask().json()["environment"]["SPACE_ID"] == new


def test_a_copy_has_the_variables_and_no_secret_but_those_given(space: OneSpace) -> None:
    copy = f"alice/copy-{secrets.token_hex(4)}"
    given = [{"key": "OTHER", "value": "its-own"}]
    space.api.duplicate_repo(
        space.id,
        copy,
        repo_type="space",
        space_secrets=given,
        space_hardware="cpu-upgrade",
        space_sleep_time=600,
    )
    original, space.id = space.id, copy
    runtime = space.await_stage("RUNNING")
    seen = space.ask().json()["environment"]
    assert (seen["SPACE_ID"], seen["COLOUR"], seen["OTHER"]) == (copy, "green", "its-own")
    assert "KEY" not in seen
    assert list(space.api.get_space_secrets(copy)) == ["OTHER"]
    assert (runtime.hardware, runtime.sleep_time) == ("cpu-upgrade", 600)
    assert space.api.space_info(copy).private
    space.delete()
    space.id = original
    assert space.ask().json()["environment"]["KEY"] == "hidden-value"


def test_a_paused_space_stays_so_until_it_is_restarted(space: OneSpace) -> None:
    [pid] = space.pids()
    assert space.api.pause_space(space.id).stage == "PAUSED"
    assert not alive(pid)
    assert space.ask().status_code == 503
    space.push({"app.py": small_apps.telling("two")})
    new = f"alice/moved-{secrets.token_hex(4)}"
    space.api.move_repo(space.id, new, repo_type="space")
    space.id = new
    assert space.runtime().stage == "PAUSED"
    space.api.restart_space(new)
    space.await_stage("RUNNING")
    assert space.ask().json()["version"] == "two"


def test_nobody_else_moves_or_pauses_a_space(space: OneSpace) -> None:
    bob = space.hub.api("bob")
    for change in (
        lambda: bob.move_repo(space.id, "bob/mine", repo_type="space"),
        lambda: bob.pause_space(space.id),
        lambda: bob.duplicate_repo(space.id, "bob/mine", repo_type="space"),
    ):
        with pytest.raises(HfHubHTTPError):
            change()
    assert space.runtime().stage == "RUNNING"
