"""Spaces, from the push to the answer: real builds, real processes, the real stages."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from bot.localhub import space_config
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


def test_a_private_gradio_space_answers_its_owner_and_nobody_else(space: OneSpace, tmp_path: Path) -> None:
    space.run(small_apps.GRADIO)
    file = tmp_path / "upload.bin"
    file.write_bytes(b"x" * 3_000_000)

    def client(source: str, token: str) -> subprocess.CompletedProcess[str]:
        code = ["-c", small_apps.ASK_WITH_GRADIO_CLIENT, source, token, str(file)]
        env = {**os.environ, "HF_ENDPOINT": space.hub.endpoint}
        return subprocess.run([sys.executable, *code], env=env, capture_output=True, text=True, check=False)

    for source in (space.id, space.host):
        answer = client(source, space.hub.token("alice"))
        assert answer.stdout.split("\n")[:3] == ["cba", "0 1 2", "3000000"], answer.stderr
    assert "RepositoryNotFoundError" in client(space.id, space.hub.token("bob")).stderr
    assert "Could not fetch config" in client(space.host, space.hub.token("bob")).stderr
    assert "Could not fetch config" in client(space.host, "").stderr
    assert "Traceback" not in (space.folder / "run.log").read_text()
    config = space.ask("/config").json()
    assert config["root"] == space.host


def test_a_space_goes_from_nothing_to_running(space: OneSpace) -> None:
    assert space.runtime().stage == "NO_APP_FILE"
    app = f"import time; time.sleep(1)\n{small_apps.telling('one')}"
    sha = space.push({"README.md": small_apps.GRADIO_README, "app.py": app})
    assert space.runtime().stage in {"BUILDING", "APP_STARTING"}
    runtime = space.await_stage("RUNNING", sha)
    assert (runtime.hardware, runtime.requested_hardware) == ("cpu-basic", "cpu-basic")
    assert space.ask().json()["version"] == "one"
    assert sha[:7] in space.log(build=True)
    info = space.api.space_info(space.id)
    assert (info.sdk, info.subdomain) == ("gradio", space.id.replace("/", "-"))
    assert info.runtime is not None
    assert info.runtime.stage == "RUNNING"


def test_requirements_are_installed_and_a_missing_one_fails_the_build(space: OneSpace) -> None:
    app = f"import cowsay, numpy\n{small_apps.telling('with cowsay')}"
    space.run(app, **{"requirements.txt": "cowsay==6.1\nnumpy\n", "packages.txt": "ffmpeg\n"})
    log = space.log(build=True)
    assert "Successfully installed cowsay-6.1" in log
    assert "Requirement already satisfied: numpy" in log
    assert "packages.txt is not installed" in log

    space.run(app + "# again", **{"requirements.txt": "cowsay==6.1\nnumpy\n"})
    assert "CACHED" in space.log(build=True)

    sha = space.push({"requirements.txt": "no-such-package-on-any-index\n"})
    runtime = space.await_stage("BUILD_ERROR", sha)
    assert runtime.raw["errorMessage"] == "Build failed with exit code: 1"
    assert "No matching distribution found for no-such-package-on-any-index" in space.log(build=True)


def test_an_app_that_fails_says_how(space: OneSpace) -> None:
    sha = space.push({"README.md": small_apps.GRADIO_README, "app.py": small_apps.CRASHING})
    message = space.await_stage("RUNTIME_ERROR", sha).raw["errorMessage"]
    assert message.startswith("Exit code: 1. Reason: about to fail")
    assert "RuntimeError: the first real error" in message
    assert "the first real error" in space.log()
    assert space.ask().status_code == 503

    space.run(small_apps.telling("repaired"))
    with pytest.raises(httpx2.HTTPError):
        httpx2.get(f"{space.host}/end", headers={"Authorization": "Bearer hf_alice_token"}).raise_for_status()
    message = space.await_stage("RUNTIME_ERROR").raw["errorMessage"]
    assert message.startswith("Exit code: 3.")


def test_an_app_that_is_never_ready_is_given_up(space: OneSpace) -> None:
    readme = small_apps.GRADIO_README.replace("sdk:", "startup_duration_timeout: 1s\nsdk:")
    sha = space.push({"README.md": readme, "app.py": small_apps.NEVER_READY})
    runtime = space.await_stage("RUNTIME_ERROR", sha)
    assert runtime.raw["errorMessage"].startswith("Launch timed out")
    wait_until(lambda: not [pid for pid in space.pids() if alive(pid)])


@pytest.mark.filterwarnings("ignore:Warnings while validating metadata:UserWarning")
@pytest.mark.parametrize(
    ("readme", "sentence"),
    [
        ("# Only a title\n", "Missing configuration in README"),
        ("---\ntitle: x\n---\n", "Invalid sdk in README"),
        ("---\nsdk: docker\n---\n", "has no containers for a docker Space"),
        ("---\nsdk: gradio\napp_file: ../../other.py\n---\n", "Invalid app_file in README"),
        ("---\nsdk: gradio\nstartup_duration_timeout: soon\n---\n", "Invalid startup_duration_timeout"),
    ],
)
def test_a_broken_configuration_is_named(space: OneSpace, readme: str, sentence: str) -> None:
    sha = space.push({"README.md": readme, "app.py": small_apps.telling("x")})
    assert sentence in space.await_stage("CONFIG_ERROR", sha).raw["errorMessage"]


def test_broken_yaml_is_named() -> None:
    """The client would not let it through, but a plain commit can bring it."""
    with pytest.raises(space_config.BadConfig, match="Broken configuration in README: Invalid YAML"):
        space_config.read(b"---\nsdk: [\n---\n")


def test_a_build_says_where_this_platform_differs(space: OneSpace) -> None:
    wanted = 'python_version: "3.99"\nsdk_version: 1.2.3\nsdk:'
    space.run(small_apps.telling("x"), **{"README.md": small_apps.GRADIO_README.replace("sdk:", wanted)})
    log = space.log(build=True)
    assert "README asks for python 3.99" in log
    assert "README asks for gradio 1.2.3" in log
