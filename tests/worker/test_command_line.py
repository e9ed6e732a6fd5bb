"""`python -m worker`, as a person or a Job without its environment meets it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from worker.contract import RECORD_VARIABLE, REPORT_KEY_VARIABLE, SPEC_VARIABLE
from worker.environment import read_environment

PROJECT = Path(__file__).parents[2]
SPEC = '{"run_id": "r", "model_id": "a/b", "revision": "%s", "target_space": "a/c"}' % ("0" * 40)


def worker(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], **variables}
    command = [sys.executable, "-m", "worker", *arguments]
    return subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)


def test_help_says_what_it_needs() -> None:
    answer = worker("--help")

    assert answer.returncode == 0
    for word in ("build", SPEC_VARIABLE, RECORD_VARIABLE, "HF_TOKEN"):
        assert word in answer.stdout


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({}, RECORD_VARIABLE),
        ({RECORD_VARIABLE: "/nowhere"}, SPEC_VARIABLE),
        ({RECORD_VARIABLE: "/nowhere", SPEC_VARIABLE: "not json"}, "cannot be read"),
        ({RECORD_VARIABLE: "/nowhere", SPEC_VARIABLE: SPEC.replace("000", "xyz")}, "revision"),
        ({RECORD_VARIABLE: "/nowhere", SPEC_VARIABLE: "{}"}, "run_id"),
    ],
)
def test_what_is_missing_is_said_in_one_line(variables: dict[str, str], said: str) -> None:
    answer = worker("build", **variables)

    assert answer.returncode == 2
    assert said in answer.stderr
    assert len(answer.stderr.splitlines()) == 1


def test_the_secrets_are_taken_out_of_the_environment(tmp_path: Path) -> None:
    environ = {
        "HF_TOKEN": "hf_secret",
        "HUGGING_FACE_HUB_TOKEN": "hf_secret",
        REPORT_KEY_VARIABLE: "the-key",
        RECORD_VARIABLE: str(tmp_path),
        SPEC_VARIABLE: SPEC,
    }

    environment = read_environment(environ)

    assert (environment.token, environment.report_key) == ("hf_secret", "the-key")
    assert not {"hf_secret", "the-key"} & set(environ.values())
    assert "hf_secret" not in repr(environment)
    assert "the-key" not in repr(environment)
