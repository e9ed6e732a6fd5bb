"""The switches of misbehaviour: the real client meets each of them, and each can be set in three ways."""

import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.localhub.misbehaviour import Switch, fits
from tests.harness.local_hub import ROOT, LocalHub
from tests.localhub import meetings_with_compute, meetings_with_routes  # noqa: F401 - they register themselves
from tests.localhub.around_the_hub import ARGUMENTS, Receiver, hidden_fields
from tests.localhub.meetings import MEETINGS, Scene, refused


@pytest.fixture(scope="module")
def unruly(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    hub = LocalHub(tmp_path_factory.mktemp("unruly") / "hub", list(ARGUMENTS)).start()
    yield hub
    hub.stop()


@pytest.fixture
def scene(unruly: LocalHub, listener: Receiver) -> Iterator[Scene]:
    model = f"alice/model-{secrets.token_hex(4)}"
    unruly.api("alice").create_repo(model)
    one = Scene(unruly, model, listener)
    yield one
    with unruly.browser() as browser:
        for switch in Switch:
            browser.delete(f"/__misbehave/{switch}")
        browser.put(f"/__misbehave/{Switch.OAUTH_REFUSED}", json={})


@pytest.mark.parametrize("switch", Switch)
def test_the_real_client_meets(scene: Scene, switch: Switch) -> None:
    assert switch in MEETINGS, f"no meeting is registered for {switch}"
    MEETINGS[switch](scene)


def test_every_switch_says_in_a_sentence_what_the_real_hub_does() -> None:
    for switch in Switch:
        assert switch.sentence.endswith("."), switch
    assert set(MEETINGS) == set(Switch)


def test_switches_are_listed_set_counted_and_removed(scene: Scene) -> None:
    with scene.hub.browser() as browser:
        listed = browser.get("/__misbehave").json()
        assert [each["name"] for each in listed] == list(Switch)
        assert [each["name"] for each in listed if each["on"]] == [Switch.OAUTH_REFUSED]
        scene.set(Switch.STATUS, route="GET /api/whoami-v2", status=500)
        refused(500, scene.alice.whoami)
        told = browser.get("/__misbehave/status").json()
        assert told["setting"] == {"route": "GET /api/whoami-v2", "status": 500}
        assert told["met"] == 1
        assert not browser.delete("/__misbehave/status").json()["on"]
    assert scene.alice.whoami()["name"] == "alice"


@pytest.mark.parametrize(
    ("name", "setting", "status"),
    [
        ("no-such-switch", {}, 404),
        ("status", {"times": 0}, 400),
        ("status", {"route": "/api/jobs"}, 400),
        ("status", {"colour": "red"}, 400),
        ("repo-renamed", {"key": "alice/x"}, 400),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(
    scene: Scene, name: str, setting: dict[str, object], status: int
) -> None:
    with scene.hub.browser() as browser:
        assert browser.put(f"/__misbehave/{name}", json=setting).status_code == status


def test_a_person_sets_switches_with_a_form(scene: Scene) -> None:
    with scene.hub.browser() as browser:
        browser.post("/login", data={"username": "bob"})
        csrf = hidden_fields(browser.get("/settings/misbehaviour").text)["csrf"]
        address = "/settings/misbehaviour/status"
        setting = '{"route": "GET /api/whoami-v2", "times": 1}'
        assert browser.post(address, data={"turn": "on", "setting": setting}).status_code == 403
        on = browser.post(address, data={"csrf": csrf, "turn": "on", "setting": setting})
        assert on.headers["location"] == "/settings/misbehaviour#status"
        assert "on, met 0 times" in browser.get("/settings/misbehaviour").text
        refused(503, scene.alice.whoami)
        wrong = browser.post(address, data={"csrf": csrf, "turn": "on", "setting": "{nonsense"})
        assert (wrong.status_code, "cannot be used" in wrong.text) == (400, True)


def test_switches_are_set_at_the_start(own_hub: LocalHub) -> None:
    own_hub.arguments += ["--misbehave", 'status={"route": "GET /api/whoami-v2"}', "--misbehave", "no-plan=2"]
    own_hub.restart()

    refused(503, own_hub.api("alice").whoami)
    with own_hub.browser() as browser:
        assert browser.get("/__misbehave/no-plan").json()["setting"]["times"] == 2


@pytest.mark.parametrize("value", ["nonsense", "status={", 'status={"times": -1}', "repo-renamed"])
def test_a_wrong_switch_at_the_start_is_explained(tmp_path: Path, value: str) -> None:
    command = [sys.executable, "-m", "bot", "localhub", "--data", str(tmp_path), "--misbehave", value]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert ended.returncode == 2
    assert "--misbehave" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("route", "asked", "does"),
    [
        ("POST /api/jobs/*", "POST /api/jobs/alice", True),
        ("POST /api/jobs/*", "POST /api/jobs/alice/1/cancel", False),
        ("POST /api/jobs/**", "POST /api/jobs/alice/1/cancel", True),
        ("* /**", "DELETE /anything", True),
        ("GET /api/a.c", "GET /api/abc", False),
    ],
)
def test_a_route_stands_for_these_requests(route: str, asked: str, does: bool) -> None:
    method, path = asked.split()
    assert fits(route, method, path) is does
