"""The real git reads repos: it clones, pulls, deepens, signs in, and is told how to push."""

import os
import secrets
import subprocess
from pathlib import Path

import pytest

from tests.harness.local_hub import LocalHub


def git(*arguments: str | Path, fails: bool = False) -> str:
    """What git says, with its errors. It asks nobody, and knows nothing of this machine's settings."""
    quiet = {"GIT_TERMINAL_PROMPT": "0", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    done = subprocess.run(
        ["git", *arguments],
        env={"PATH": os.environ["PATH"], **quiet},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode != 0) == fails, done.stdout
    return done.stdout


def signed_in(hub: LocalHub, name: str, repo_id: str) -> str:
    """The repo's address with this person's token as the password."""
    return f"http://{name}:{hub.token(name)}@127.0.0.1:{hub.port}/{repo_id}"


@pytest.fixture
def filled(hub: LocalHub, model: str) -> str:
    """A model with a few commits, a large file and a second branch."""
    alice = hub.api("alice")
    alice.upload_file(path_or_fileobj=b"one", path_in_repo="sub/a.txt", repo_id=model)
    alice.upload_file(
        path_or_fileobj=b"\0" * 5000,
        path_in_repo="big.bin",
        repo_id=model,
        commit_message="Grüße",
        commit_description="More\n\nlines",
    )
    alice.create_branch(model, branch="dev")
    return model


def test_a_clone_has_the_files_the_history_and_the_branches(
    hub: LocalHub, filled: str, tmp_path: Path
) -> None:
    clone = tmp_path / "clone"
    git("clone", f"{hub.endpoint}/{filled}", clone)
    assert "error" not in git("-C", clone, "fsck", "--strict")
    assert (clone / "sub/a.txt").read_bytes() == b"one"
    assert "oid sha256:" in (clone / "big.bin").read_text()
    commits = hub.api().list_repo_commits(filled)
    assert git("-C", clone, "log", "--format=%H").split() == [commit.commit_id for commit in commits]
    assert "origin/dev" in git("-C", clone, "branch", "--all")


def test_a_pull_brings_only_what_is_new(hub: LocalHub, filled: str, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    git("clone", f"{hub.endpoint}/{filled}.git", clone)
    hub.api("alice").upload_file(path_or_fileobj=b"new", path_in_repo="new.txt", repo_id=filled)
    before = int(git("-C", clone, "count-objects").split()[0])
    git("-C", clone, "pull")
    assert (clone / "new.txt").read_bytes() == b"new"
    # A commit, a folder and a file.
    assert int(git("-C", clone, "count-objects").split()[0]) == before + 3


def test_a_shallow_clone_can_be_deepened(hub: LocalHub, filled: str, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    git("clone", "--depth", "1", f"{hub.endpoint}/{filled}", clone)
    assert git("-C", clone, "rev-list", "--count", "HEAD").strip() == "1"
    git("-C", clone, "fetch", "--unshallow")
    assert git("-C", clone, "rev-list", "--count", "HEAD").strip() == "3"


def test_a_private_repo_needs_a_token_as_password(hub: LocalHub, filled: str, tmp_path: Path) -> None:
    hub.api("alice").update_repo_settings(filled, private=True)
    unknown = git("clone", f"{hub.endpoint}/{filled}", tmp_path / "no", fails=True)
    assert "could not read Username" in unknown
    assert "not found" in git("clone", signed_in(hub, "bob", filled), tmp_path / "bob", fails=True)
    git("clone", signed_in(hub, "alice", filled), tmp_path / "alice")
    assert (tmp_path / "alice/sub/a.txt").exists()


def test_a_push_is_answered_with_the_way_that_works(hub: LocalHub, filled: str, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    git("clone", f"{hub.endpoint}/{filled}", clone)
    who = ("-c", "user.name=a", "-c", "user.email=a@b")
    git("-C", clone, *who, "commit", "--allow-empty", "-m", "x")
    assert f"hf upload {filled}" in git("-C", clone, "push", fails=True)


def test_a_repo_that_is_not_there_is_not_found(hub: LocalHub, tmp_path: Path) -> None:
    address = signed_in(hub, "alice", f"alice/{secrets.token_hex(4)}")
    assert "not found" in git("clone", address, tmp_path / "none", fails=True)


@pytest.mark.parametrize("body", [b"zzzz", b"0008what", b"0032want " + b"x" * 41])
def test_a_request_that_is_not_gits_is_refused_in_words(hub: LocalHub, filled: str, body: bytes) -> None:
    with hub.browser() as browser:
        answer = browser.post(f"/{filled}/git-upload-pack", content=body)
    assert answer.status_code == 400
    assert "request" in answer.json()["error"]
