"""The command `python -m bot localhub`: how it starts, refuses to start, and ends."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from running_hub import ROOT, RunningHub


def start(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command where it is expected to end by itself."""
    command = [sys.executable, "-m", "bot", "localhub", "--no-zoo", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)


@pytest.fixture
def logged_hub(tmp_path: Path) -> Iterator[RunningHub]:
    """A Hub whose stderr goes to `hub.log` beside its folder."""
    with (tmp_path / "hub.log").open("w") as log:
        running = RunningHub(tmp_path / "hub", stderr=log)
        running.start()
        yield running
        running.stop()


def test_ctrl_c_ends_it_quietly(logged_hub: RunningHub) -> None:
    logged_hub.stop(signal.SIGINT)

    assert logged_hub.process.returncode == 0
    assert logged_hub.folder.with_name("hub.log").read_text() == ""


def test_who_follows_a_log_does_not_hold_it(logged_hub: RunningHub) -> None:
    command = ["python", "-c", "import time; print('asleep', flush=True); time.sleep(600)"]
    job = logged_hub.api("alice").run_job(image="python:3.11", command=command, namespace="alice")
    headers = {"Authorization": f"Bearer {logged_hub.token('alice')}"}
    address = f"/api/jobs/alice/{job.id}/logs"
    with logged_hub.browser() as browser, browser.stream("GET", address, headers=headers) as answer:
        lines = answer.iter_lines()
        assert any("asleep" in line for line in lines)
        began = time.monotonic()
        logged_hub.stop(signal.SIGTERM)
        assert list(lines)[-1:] == [""]

    assert time.monotonic() - began < 4
    assert logged_hub.folder.with_name("hub.log").read_text() == ""


def test_one_folder_serves_one_hub(hub: RunningHub) -> None:
    second = start("--data", str(hub.folder))

    assert second.returncode == 2
    assert "another local Hub is using" in second.stderr
    assert second.stdout == ""


def test_a_used_port_is_named(hub: RunningHub, tmp_path: Path) -> None:
    second = start("--data", str(tmp_path), "--port", str(hub.port))

    assert second.returncode == 2
    assert f"port {hub.port} cannot be used" in second.stderr
    assert "Traceback" not in second.stderr


def test_a_user_without_a_token_is_given_one_that_no_process_list_shows(tmp_path: Path) -> None:
    running = RunningHub(tmp_path / "hub", arguments=["--user", "carol", "--no-zoo"])
    running.start()
    token = running.token("carol")
    name = running.api("carol").whoami()["name"]
    running.restart()
    after = running.token("carol")
    running.stop()

    assert name == "carol"
    assert token.startswith("hf_") and after == token


def test_a_token_in_the_place_of_a_name_is_refused_and_not_repeated(tmp_path: Path) -> None:
    refused = start("--data", str(tmp_path), "--user", "hf_secretsecret")

    assert refused.returncode == 2
    assert "NAME=TOKEN" in refused.stderr
    assert "hf_secretsecret" not in refused.stderr


def test_repeating_users_and_apps_changes_nothing(own_hub: RunningHub) -> None:
    before = own_hub.ready
    own_hub.arguments += own_hub.arguments
    own_hub.restart()

    assert own_hub.ready == before


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/repos/create", "{"),
        ("/api/repos/create", "[]"),
        ("/api/repos/create", '{"name": "\\ud800"}'),
        ("/api/repos/create", '{"name": "x", "type": "kernel"}'),
        ("/api/repos/create", '{"name": "x", "type": "space", "sdk": "gradio", "hardware": "abacus"}'),
        ("/api/validate-yaml", '{"content": "---\\na: &a [*a]\\n---\\n"}'),
        ("/api/validate-yaml", '{"content": "---\\n2020-01-01: x\\n---\\n"}'),
        ("/api/settings/webhooks", '{"url": "http://\\ud800/"}'),
        ("/api/models/alice/{model}/paths-info/main", '{"paths": 5}'),
        ("/api/models/alice/{model}/discussions", '{"title": "abc", "description": "\\ud800"}'),
        ("/api/models/alice/{model}/tag/main", '{"tag": "a..b"}'),
    ],
)
def test_nonsense_gets_a_sentence_and_no_trace(hub: RunningHub, model: str, path: str, body: str) -> None:
    with hub.browser() as browser:
        headers = {"Authorization": f"Bearer {hub.token('alice')}", "Content-Type": "application/json"}
        answer = browser.post(path.format(model=model.partition("/")[2]), content=body, headers=headers)

    assert answer.status_code == 400
    assert answer.json()["error"]


def test_a_refusal_is_a_page_for_people_and_json_for_programs(hub: RunningHub) -> None:
    with hub.browser() as browser:
        form = {"username": "nobody"}
        page = browser.post("/login", data=form, headers={"Accept": "text/html"})
        answer = browser.post("/login", data=form)

    assert (page.status_code, answer.status_code) == (400, 400)
    assert page.headers["content-type"].startswith("text/html")
    assert "no such person" in page.text
    assert "no such person" in answer.json()["error"]


def test_no_token_reaches_the_log(logged_hub: RunningHub) -> None:
    with logged_hub.browser() as browser:
        headers = {"Authorization": f"Bearer {logged_hub.token('alice')}"}
        browser.get("/api/whoami-v2", headers=headers)
        browser.get("/api/nothing", headers=headers, params={"token": logged_hub.token("alice")})
        browser.post(
            "/oauth/token", data={"client_secret": logged_hub.ready["oauth"]["demo"]["client_secret"]}
        )

    log = logged_hub.folder.with_name("hub.log").read_text()
    assert logged_hub.token("alice") not in log
    assert "oauth_app_secret" not in log


def test_its_files_stay_in_its_folder(own_hub: RunningHub, tmp_path: Path) -> None:
    own_hub.api("alice").create_repo("alice/m")

    assert [path.name for path in tmp_path.iterdir()] == ["hub"]
    assert {"hub.sqlite", "blobs", "lock"} <= {path.name for path in own_hub.folder.iterdir()}
