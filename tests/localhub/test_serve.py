"""The command `python -m bot localhub`: how it starts, refuses to start, and ends."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.harness.local_hub import ROOT, LocalHub


def start(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command where it is expected to end by itself."""
    command = [sys.executable, "-m", "bot", "localhub", "--no-zoo", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)


def test_ctrl_c_ends_it_quietly(own_hub: LocalHub) -> None:
    own_hub.stop(signal.SIGINT)

    assert own_hub.process.returncode == 0
    assert own_hub.log.read_text() == ""


def test_who_follows_a_log_does_not_hold_it(own_hub: LocalHub) -> None:
    command = ["python", "-c", "import time; print('asleep', flush=True); time.sleep(600)"]
    job = own_hub.api("alice").run_job(image="python:3.11", command=command, namespace="alice")
    headers = {"Authorization": f"Bearer {own_hub.token('alice')}"}
    address = f"/api/jobs/alice/{job.id}/logs"
    with own_hub.browser() as browser, browser.stream("GET", address, headers=headers) as answer:
        lines = answer.iter_lines()
        assert any("asleep" in line for line in lines)
        began = time.monotonic()
        own_hub.stop(signal.SIGTERM)
        assert list(lines)[-1:] == [""]

    assert time.monotonic() - began < 4
    assert own_hub.log.read_text() == ""


def test_one_folder_serves_one_hub(hub: LocalHub) -> None:
    second = start("--data", str(hub.folder))

    assert second.returncode == 2
    assert "another local Hub is using" in second.stderr
    assert second.stdout == ""


def test_a_used_port_is_named(hub: LocalHub, tmp_path: Path) -> None:
    second = start("--data", str(tmp_path), "--port", str(hub.port))

    assert second.returncode == 2
    assert f"port {hub.port} cannot be used" in second.stderr
    assert "Traceback" not in second.stderr


def test_a_user_without_a_token_is_given_one_that_no_process_list_shows(tmp_path: Path) -> None:
    running = LocalHub(tmp_path / "hub", arguments=["--user", "carol", "--no-zoo"])
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


def test_repeating_users_and_apps_changes_nothing(own_hub: LocalHub) -> None:
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
def test_nonsense_gets_a_sentence_and_no_trace(hub: LocalHub, model: str, path: str, body: str) -> None:
    with hub.browser() as browser:
        headers = {"Authorization": f"Bearer {hub.token('alice')}", "Content-Type": "application/json"}
        answer = browser.post(path.format(model=model.partition("/")[2]), content=body, headers=headers)

    assert answer.status_code == 400
    assert answer.json()["error"]


def test_a_refusal_is_a_page_for_people_and_json_for_programs(hub: LocalHub) -> None:
    with hub.browser() as browser:
        form = {"username": "nobody"}
        page = browser.post("/login", data=form, headers={"Accept": "text/html"})
        answer = browser.post("/login", data=form)

    assert (page.status_code, answer.status_code) == (400, 400)
    assert page.headers["content-type"].startswith("text/html")
    assert "no such person" in page.text
    assert "no such person" in answer.json()["error"]


def test_no_token_reaches_the_log(own_hub: LocalHub) -> None:
    with own_hub.browser() as browser:
        headers = {"Authorization": f"Bearer {own_hub.token('alice')}"}
        browser.get("/api/whoami-v2", headers=headers)
        browser.get("/api/nothing", headers=headers, params={"token": own_hub.token("alice")})
        browser.post("/oauth/token", data={"client_secret": own_hub.ready["oauth"]["demo"]["client_secret"]})

    log = own_hub.log.read_text()
    assert own_hub.token("alice") not in log
    assert "oauth_app_secret" not in log


def test_its_files_stay_in_its_folder(own_hub: LocalHub, tmp_path: Path) -> None:
    own_hub.api("alice").create_repo("alice/m")

    assert {path.name for path in tmp_path.iterdir()} == {"hub", "hub.log"}
    assert {"hub.sqlite", "blobs", "lock"} <= {path.name for path in own_hub.folder.iterdir()}
