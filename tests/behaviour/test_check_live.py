"""`python -m bot check`: what only a Hub can tell is found out, said in words, and leaves nothing behind."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.harness.browser import Browser
from tests.harness.local_hub import ROOT, LocalHub, people
from tests.harness.people import allows
from tests.harness.world import free_port

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(300)]
PREFIX = "space-factory-check-"
APP = ("author-id", "refresh-token", "own-space", "own-bucket", "job-rights")


class Operator:
    """Somebody at a terminal, with a browser beside it."""

    def __init__(self, folder: Path) -> None:
        self.port, self.browser = free_port(), Browser()
        app = f"check=http://localhost:{self.port}/callback"
        self.hub = LocalHub(folder / "hub", [*people("ada", "space-factory"), "--oauth-app", app]).start()
        registered = self.hub.ready["oauth"]["check"]
        self.secrets = {
            "HF_TOKEN": self.hub.token("ada"),
            "BOT_TOKEN": self.hub.token("space-factory"),
            "OAUTH_CLIENT_SECRET": registered["client_secret"],
        }
        self.given = {
            "PATH": os.environ["PATH"],
            "HF_HOME": os.environ["HF_HOME"],
            "HF_ENDPOINT": self.hub.endpoint,
            "OAUTH_CLIENT_ID": registered["client_id"],
        }

    def checks(self, *more: str, allows_it: bool = True, **changed: str) -> tuple[int, str]:
        """What is said, once the sign-in that it asks for was allowed."""
        command = [sys.executable, "-m", "bot", "check", "--port", str(self.port), *more]
        environment = self.given | self.secrets | changed
        with subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as process:
            assert process.stdout
            said = ""
            for line in process.stdout:
                said += line
                if (link := re.search(r"allow it: (http\S+)", line)) and allows_it:
                    allows(self.browser, link[1], "ada")
        assert "Traceback" not in said, said
        assert not [name for name, value in self.secrets.items() if value in said], said
        return process.returncode, said

    def left(self) -> list[str]:
        """What is on the Hub that a check has made."""
        api, bot = self.hub.api("ada"), self.hub.api("space-factory")
        repos = [*api.list_models(author="ada"), *api.list_spaces(author="ada")]
        buckets = [*api.list_buckets("ada"), *bot.list_buckets("space-factory")]
        jobs = [each for each in api.list_jobs(namespace="ada") if each.status.stage == "RUNNING"]
        return [each.id for each in (*repos, *buckets, *jobs)]


@pytest.fixture(scope="module")
def operator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operator]:
    made = Operator(tmp_path_factory.mktemp("check"))
    yield made
    made.browser.close()
    made.hub.stop()


@contextmanager
def misbehaving(hub: LocalHub, switch: str, **setting: object) -> Iterator[None]:
    hub.misbehaves(switch, **setting)
    try:
        yield
    finally:
        hub.behaves(switch)


def marks(said: str) -> dict[str, str]:
    return {name: mark for mark, name in re.findall(r"^([✓✗–]) ([\w-]+):", said, re.M)}


def test_without_live_it_says_what_it_would_do_and_does_nothing(operator: Operator) -> None:
    for plan in ([], ["--live", "--dry-run"]):
        code, said = operator.checks(*plan)
        assert code == 0 and "Nothing was done" in said and "$0.01 an hour" in said
        assert f"http://localhost:{operator.port}/callback" in said and not marks(said)


def test_every_fact_that_a_program_can_find_out_is_found_out(operator: Operator) -> None:
    code, said = operator.checks("--live")

    assert code == 1, said
    found = marks(said)
    assert {name for name, mark in found.items() if mark == "✓"} == {*APP, "bot-bucket"}, said
    assert found["hidden-mark"] == found["mention"] == "✗"  # the local Hub shows markup plainly
    assert found["redelivery"] == "–" and "to find out: pause the Space" in said
    assert "restarting it: the Hub answered 401 (not needed)" in said
    assert "6 as expected, 2 different, 5 not known." in said
    assert "Took away" not in said and operator.left() == []


def test_what_differs_is_said_with_what_follows(operator: Operator) -> None:
    with misbehaving(operator.hub, "no-refresh-token"), misbehaving(operator.hub, "no-credits"):
        code, said = operator.checks("--live", "--only", "refresh-token", "--only", "job-rights")

    assert code == 1 and marks(said) == {"refresh-token": "✗", "job-rights": "✗"}, said
    assert "people are asked to sign in again" in said and "balance is insufficient" in said
    assert operator.left() == []


def test_a_failing_answer_is_about_its_own_fact_only(operator: Operator) -> None:
    facts = [word for name in ("mention", "hidden-mark", "bot-bucket") for word in ("--only", name)]
    for switch in ("status", "truncated-body", "closed-connection"):
        with misbehaving(operator.hub, switch, route="POST /api/models/**"):
            code, said = operator.checks("--live", *facts)

        assert code == 1 and marks(said) == {"mention": "–", "hidden-mark": "–", "bot-bucket": "✓"}, said
    assert operator.left() == []


def test_tokens_that_are_no_good_are_said(operator: Operator) -> None:
    wrong = "hf_" + "0" * 34
    only = ("--only", "mention", "--only", "bot-bucket")
    code, said = operator.checks("--live", *only, HF_TOKEN=wrong, BOT_TOKEN="")

    assert marks(said) == {"mention": "–", "bot-bucket": "–"} and wrong not in said
    assert "HF_TOKEN is no good now" in said and "to find out: set BOT_TOKEN" in said
    assert code == 1, said


def test_a_sign_in_that_nobody_answers_ends(operator: Operator) -> None:
    code, said = operator.checks("--live", "--only", "author-id", "--minutes", "0.05", allows_it=False)

    assert code == 1 and "nobody came back in time" in said and marks(said) == {"author-id": "–"}


def test_what_a_killed_check_has_left_is_taken_away(operator: Operator) -> None:
    api = operator.hub.api("ada")
    api.create_repo(f"ada/{PREFIX}0000", private=True)
    api.create_repo(f"ada/{PREFIX}0000", repo_type="space", space_sdk="static", private=True)
    api.create_bucket(f"ada/{PREFIX}0000", private=True)
    api.create_repo("ada/my-own", private=True)

    _, said = operator.checks("--live", "--only", "redelivery")

    assert f"Took away what a check had left: model ada/{PREFIX}0000, space ada/{PREFIX}0000" in said
    assert operator.left() == ["ada/my-own"]
    api.delete_repo("ada/my-own")
