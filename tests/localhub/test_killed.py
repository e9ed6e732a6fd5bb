"""A local Hub that is killed again and again while many clients write: what it confirmed is there, whole."""

import hashlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from huggingface_hub import CommitOperationAdd, RepoFile

from tests.harness.local_hub import ROOT, LocalHub
from tests.harness.waiting import wait_until

CLIENTS = 9
KILLS = 6
DEEDS_BETWEEN = 15
REPOS = ("alice/busy-0", "alice/busy-1")


@pytest.mark.timeout(300)
def test_kills_in_the_middle_of_everything_lose_nothing_confirmed(own_hub: LocalHub, tmp_path: Path) -> None:
    api = own_hub.api("alice")
    for repo in REPOS:
        api.create_repo(repo)
    api.create_bucket("alice/busy")
    with _clients(own_hub, tmp_path):
        moment = random.Random(7)
        for kill in range(1, KILLS + 1):
            at_work = partial(_has_written, tmp_path, kill * DEEDS_BETWEEN)
            wait_until(at_work, what="clients at work", seconds=60)
            time.sleep(moment.random())  # a moment that nobody has chosen
            own_hub.restart(signal.SIGKILL)
        own_hub.stop(signal.SIGKILL)
    wait_until(lambda: not _left_behind(own_hub), what="no process of the Hub is left")
    own_hub.start(port=own_hub.port)
    confirmed = _confirmed(tmp_path)
    assert {key for line in confirmed for key in line} >= {"commit", "merged", "bucket", "space", "job"}
    _history_is_whole(own_hub, confirmed)
    _merges_are_whole(own_hub, confirmed)
    _bucket_is_whole(own_hub, confirmed)
    _compute_is_consistent(own_hub, confirmed)
    _folder_is_clean(own_hub)


def test_a_kill_in_the_middle_of_a_large_file_leaves_nothing_of_it(own_hub: LocalHub) -> None:
    api, body = own_hub.api("alice"), os.urandom(5_000_000)
    api.create_repo("alice/large")
    with socket.create_connection(("127.0.0.1", own_hub.port)) as half:
        half.sendall(_begun(own_hub, "alice/large", body) + body[: len(body) // 2])
        incoming = own_hub.folder / "blobs" / "incoming"
        wait_until(
            lambda: any(file.stat().st_size for file in incoming.glob("*")), what="half of it is there"
        )
        own_hub.restart(signal.SIGKILL)
    _folder_is_clean(own_hub)
    with own_hub.browser() as browser:
        upload = CommitOperationAdd("large.bin", body)
        api.create_commit("alice/large", [upload], commit_message="whole")
        assert browser.get("/alice/large/resolve/main/large.bin", follow_redirects=True).content == body


def _begun(hub: LocalHub, repo: str, body: bytes) -> bytes:
    """The head of the request by which git-lfs would send the content."""
    wanted = {"oid": hashlib.sha256(body).hexdigest(), "size": len(body)}
    asked = {"operation": "upload", "transfers": ["basic"], "hash_algo": "sha256", "objects": [wanted]}
    with hub.browser() as browser:
        headers = {"Authorization": f"Bearer {hub.token('alice')}"}
        answer = browser.post(f"/{repo}.git/info/lfs/objects/batch", json=asked, headers=headers)
    address = urlsplit(answer.json()["objects"][0]["actions"]["upload"]["href"])
    target = f"{address.path}?{address.query}"
    return f"PUT {target} HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Length: {len(body)}\r\n\r\n".encode()


@contextmanager
def _clients(hub: LocalHub, folder: Path) -> Iterator[None]:
    """Real clients in processes of their own; every third one with xet."""
    started = []
    for number in range(CLIENTS):
        settings = {
            "HF_ENDPOINT": hub.endpoint,
            "HF_TOKEN": hub.token("alice"),
            "HF_HUB_DISABLE_TELEMETRY": "1",
        }
        settings |= {"HF_HOME": str(folder / f"home-{number}"), "HF_HUB_DISABLE_PROGRESS_BARS": "1"}
        settings |= {"HF_HUB_DISABLE_XET": "1"} if number % 3 else {}
        command = [sys.executable, "-m", "tests.localhub.busy_client", str(number)]
        with (folder / f"{number}.done").open("w") as out, (folder / f"{number}.failed").open("w") as errors:
            client = subprocess.Popen(
                command,
                cwd=ROOT,
                env=os.environ | settings,
                stdout=out,
                stderr=errors,
                text=True,
            )
        started.append(client)
    try:
        yield
    finally:
        for client in started:
            client.kill()
            client.wait(20)


def _has_written(folder: Path, lines: int) -> bool:
    return len(_confirmed(folder)) >= lines


def _confirmed(folder: Path) -> list[dict[str, Any]]:
    """What the Hub has answered. A client that was killed may have left a line half-written."""
    lines = (line for file in folder.glob("*.done") for line in file.read_text().splitlines(keepends=True))
    return [json.loads(line) for line in lines if line.endswith("\n")]


def _history_is_whole(hub: LocalHub, confirmed: list[dict[str, Any]]) -> None:
    """From every ref back to the beginning, every file of every commit has the content that its name says."""
    api, checked = hub.api("alice"), set()
    for repo in REPOS:
        refs = api.list_repo_refs(repo, include_pull_requests=True)
        heads = {branch.ref: branch.target_commit for branch in (*refs.branches, *(refs.pull_requests or []))}
        assert "refs/heads/main" in heads
        commits = {commit.commit_id for head in heads.values() for commit in _log(hub, repo, head)}
        wanted = {line["commit"] for line in confirmed if line.get("repo") == repo and "commit" in line}
        assert wanted <= {commit.commit_id for commit in _log(hub, repo, heads["refs/heads/main"])}
        for commit in commits:
            for file in api.list_repo_tree(repo, recursive=True, revision=commit):
                assert isinstance(file, RepoFile)
                if (repo, file.blob_id, file.path) not in checked:
                    checked.add((repo, file.blob_id, file.path))
                    _file_is_whole(hub, repo, commit, file)


def _log(hub: LocalHub, repo: str, head: str) -> list[Any]:
    commits = hub.api("alice").list_repo_commits(repo, revision=head)
    assert commits[-1].title == "initial commit"
    return commits


def _file_is_whole(hub: LocalHub, repo: str, commit: str, file: RepoFile) -> None:
    with hub.browser() as browser:
        body = browser.get(f"/{repo}/resolve/{commit}/{file.path}", follow_redirects=True)
    assert body.status_code == 200, (repo, commit, file.path)
    assert len(body.content) == file.size
    if file.lfs is not None:
        assert hashlib.sha256(body.content).hexdigest() == file.lfs.sha256
    if not file.path.startswith(".git"):
        assert file.path.startswith(hashlib.sha256(body.content).hexdigest())


def _merges_are_whole(hub: LocalHub, confirmed: list[dict[str, Any]]) -> None:
    """A pull request is merged when, and only when, its commit is on main: once."""
    api = hub.api("alice")
    for repo in REPOS:
        titles = [commit.title for commit in api.list_repo_commits(repo)]
        merged = {line["merged"] for line in confirmed if line.get("repo") == repo and "merged" in line}
        for asked in api.get_repo_discussions(repo, discussion_type="pull_request"):
            found = titles.count(f"{asked.title} (#{asked.num})")
            assert (asked.status, found) in {("merged", 1), ("open", 0), ("draft", 0)}, (repo, asked.num)
            merged.discard(asked.num) if asked.status == "merged" else None
        assert merged == set()


def _bucket_is_whole(hub: LocalHub, confirmed: list[dict[str, Any]]) -> None:
    api = hub.api("alice")
    found = {
        file.path: file for file in api.list_bucket_tree("alice/busy", recursive=True) if file.type == "file"
    }
    assert {line["bucket"] for line in confirmed if "bucket" in line} <= set(found)
    for path in found:
        body = (next((hub.folder / "buckets").rglob(path))).read_bytes()
        assert Path(path).stem == hashlib.sha256(body).hexdigest()


def _compute_is_consistent(hub: LocalHub, confirmed: list[dict[str, Any]]) -> None:
    """A Job that ran ended when the Hub did, and says so; every Space that there is has a state."""
    api = hub.api("alice")
    jobs = {job.id: job.status.stage for job in api.list_jobs(namespace="alice")}
    assert {line["job"] for line in confirmed if "job" in line} <= set(jobs)
    assert set(jobs.values()) <= {"ERROR"}
    spaces = {space.id for space in api.list_spaces(author="alice")}
    assert {line["space"] for line in confirmed if "space" in line} <= spaces
    for space in spaces:
        assert api.get_space_runtime(space).stage


def _folder_is_clean(hub: LocalHub) -> None:
    """No file is left that a killed process was writing, and every blob is what its name says."""
    incoming = hub.folder / "blobs" / "incoming"
    assert not incoming.exists() or list(incoming.iterdir()) == []
    for blob in (hub.folder / "blobs").glob("??/*"):
        body = blob.read_bytes()
        git = hashlib.sha1(b"blob %d\0%s" % (len(body), body)).hexdigest()
        assert blob.name in {git, hashlib.sha256(body).hexdigest()}


def _left_behind(hub: LocalHub) -> list[int]:
    """Processes that work in the Hub's folder, or name it."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended meanwhile, or is another user's
            inside = (process / "cwd").readlink().is_relative_to(hub.folder)
            if inside or str(hub.folder).encode() in (process / "cmdline").read_bytes():
                found.append(int(process.name))
    return found
