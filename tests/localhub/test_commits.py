"""Commits: what clients may change at once, what is refused, and that a kill leaves nothing half-made."""

import contextlib
import hashlib
import json
import os
import signal
import sqlite3
import threading
from pathlib import Path

import httpx2
import pytest
from huggingface_hub import CommitOperationAdd, CommitOperationDelete
from huggingface_hub.errors import HfHubHTTPError, RemoteEntryNotFoundError, RevisionNotFoundError

from tests.harness.local_hub import LocalHub
from tests.harness.waiting import wait_until


def add(path: str, content: bytes) -> CommitOperationAdd:
    return CommitOperationAdd(path_in_repo=path, path_or_fileobj=content)


def send(hub: LocalHub, model: str, body: bytes, *, branch: str = "main") -> tuple[int, str]:
    """A commit as a client of another kind would send it; returns status and error."""
    with hub.browser() as browser:
        headers = {"Authorization": f"Bearer {hub.token('alice')}", "Content-Type": "application/x-ndjson"}
        answer = browser.post(f"/api/models/{model}/commit/{branch}", content=body, headers=headers)
    return answer.status_code, answer.json().get("error", "")


def test_a_folder_is_uploaded_and_read_back(hub: LocalHub, model: str, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    (folder / "onnx").mkdir(parents=True)
    weights = os.urandom(3_000_000)
    (folder / "onnx" / "model.onnx").write_bytes(weights)
    (folder / "ünïcode.txt").write_text("ü", encoding="utf-8")
    (folder / "empty.txt").touch()

    done = hub.api("alice").upload_folder(repo_id=model, folder_path=folder)

    assert hub.api().model_info(model).sha == done.oid
    path = hub.api().hf_hub_download(model, "onnx/model.onnx", cache_dir=tmp_path / "cache")
    assert Path(path).read_bytes() == weights
    assert {"ünïcode.txt", "empty.txt"} <= set(hub.api().list_repo_files(model))


def test_ids_are_the_ones_git_would_give(hub: LocalHub, model: str) -> None:
    content = b"hello\n"
    hub.api("alice").upload_file(path_or_fileobj=content, path_in_repo="hello.txt", repo_id=model)

    [entry] = hub.api().get_paths_info(model, "hello.txt")
    assert entry.blob_id == hashlib.sha1(b"blob 6\0" + content).hexdigest()  # type: ignore[union-attr]  # a file
    assert entry.blob_id == "ce013625030ba8dba906f756967f9e9ca394464a"  # type: ignore[union-attr]  # git hash-object


def test_one_commit_adds_changes_and_deletes(hub: LocalHub, model: str) -> None:
    api = hub.api("alice")
    api.create_commit(
        model, [add("a.txt", b"1"), add("old/b.txt", b"2"), add("c.txt", b"3")], commit_message="x"
    )

    operations = [
        add("a.txt", b"changed"),
        CommitOperationDelete(path_in_repo="old/"),
        CommitOperationDelete(path_in_repo="c.txt"),
    ]
    api.create_commit(model, operations, commit_message="y", commit_description="why")

    assert api.list_repo_files(model) == [".gitattributes", "a.txt"]
    newest = api.list_repo_commits(model)[0]
    assert (newest.title, newest.message) == ("y", "why")


def test_the_same_content_again_makes_no_commit(hub: LocalHub, model: str) -> None:
    api = hub.api("alice")
    first = api.upload_file(path_or_fileobj=b"same", path_in_repo="a.txt", repo_id=model)
    second = api.upload_file(path_or_fileobj=b"same", path_in_repo="a.txt", repo_id=model)

    assert second.oid == first.oid
    assert len(api.list_repo_commits(model)) == 2


def test_a_commit_on_an_old_parent_is_refused(hub: LocalHub, model: str) -> None:
    api = hub.api("alice")
    parent = api.model_info(model).sha
    api.create_commit(model, [add("a.txt", b"1")], commit_message="first", parent_commit=parent)

    with pytest.raises(HfHubHTTPError, match="The branch was updated since") as refused:
        api.create_commit(model, [add("b.txt", b"2")], commit_message="second", parent_commit=parent)
    assert refused.value.response.status_code == 412
    assert "b.txt" not in api.list_repo_files(model)


def test_only_writers_commit(hub: LocalHub, model: str) -> None:
    with pytest.raises(HfHubHTTPError) as refused:
        hub.api("bob").upload_file(path_or_fileobj=b"1", path_in_repo="a.txt", repo_id=model)
    assert refused.value.response.status_code == 403


def test_what_is_not_there_cannot_be_changed(hub: LocalHub, model: str) -> None:
    api = hub.api("alice")
    with pytest.raises(RemoteEntryNotFoundError, match="does not exist"):
        api.delete_file("missing.txt", model)
    with pytest.raises(RevisionNotFoundError):
        api.upload_file(path_or_fileobj=b"1", path_in_repo="a.txt", repo_id=model, revision="missing")


HEADER = b'{"key":"header","value":{"summary":"s"}}\n'


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param(b"", "needs a summary", id="empty"),
        pytest.param(b"{not json", "Line 1", id="not json"),
        pytest.param(b"[]\n", "Line 1", id="not an object"),
        pytest.param(
            b'{"key":"file","value":{"path":"a","content":""}}', "must be its header", id="no header"
        ),
        pytest.param(HEADER + b'{"key":"file","value":{"path":"a"}}', "content", id="no content"),
        pytest.param(HEADER + b'{"key":"dance","value":{"path":"a"}}', "Unknown operation", id="unknown"),
        pytest.param(
            HEADER + b'{"key":"file","value":{"path":"a","content":"%%","encoding":"base64"}}',
            "base64",
            id="base64",
        ),
        *(
            pytest.param(
                HEADER + json.dumps({"key": "file", "value": {"path": path, "content": "x"}}).encode(),
                "Invalid path",
                id=f"path {path}",
            )
            for path in ("../up", "/root", "a//b", "", ".git/config", "..\\b")
        ),
        pytest.param(
            HEADER + b'{"key":"file","value":{"path":".gitattributes/a","content":"x"}}',
            "cannot be a file and a folder",
            id="file as folder",
        ),
    ],
)
def test_a_bad_commit_is_refused_with_its_reason(hub: LocalHub, model: str, body: bytes, reason: str) -> None:
    before = hub.api().model_info(model).sha

    status, error = send(hub, model, body)

    expected = 422 if reason == "Invalid path" else 400
    assert (status, reason in error) == (expected, True), error
    assert hub.api().model_info(model).sha == before


def test_commits_at_once_are_all_kept(hub: LocalHub, model: str) -> None:
    def upload(number: int) -> None:
        body = (
            HEADER + json.dumps({"key": "file", "value": {"path": f"{number}.txt", "content": "x"}}).encode()
        )
        statuses.append(send(hub, model, body)[0])

    statuses: list[int] = []
    threads = [threading.Thread(target=upload, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses == [200] * 12
    assert {f"{number}.txt" for number in range(12)} <= set(hub.api().list_repo_files(model))
    assert len(hub.api().list_repo_commits(model)) == 13


def test_a_kill_in_the_middle_of_commits_leaves_whole_ones(own_hub: LocalHub, tmp_path: Path) -> None:
    own_hub.api("alice").create_repo("alice/m")
    answered: list[str] = []
    killed = threading.Event()

    def keep_committing() -> None:
        api = own_hub.api("alice")
        while not killed.is_set():
            operations = [add(f"{len(answered)}-{part}.bin", os.urandom(100_000)) for part in range(3)]
            # What fails while the Hub is away is what the test is about.
            with contextlib.suppress(httpx2.HTTPError):
                answered.append(api.create_commit("alice/m", operations, commit_message="three files").oid)

    thread = threading.Thread(target=keep_committing)
    thread.start()
    wait_until(lambda: len(answered) >= 3, what="a few commits are in")
    own_hub.restart(signal.SIGKILL)
    killed.set()
    thread.join()

    api = own_hub.api("alice")
    oids = [commit.commit_id for commit in api.list_repo_commits("alice/m")]
    assert set(answered) <= set(oids)
    for oid in oids:
        files = [
            entry for entry in api.list_repo_tree("alice/m", revision=oid) if entry.path.endswith(".bin")
        ]
        assert len(files) % 3 == 0
    snapshot = Path(api.snapshot_download("alice/m", cache_dir=tmp_path / "cache"))
    assert all(file.stat().st_size == 100_000 for file in snapshot.glob("*.bin"))


def test_a_restart_keeps_everything(own_hub: LocalHub) -> None:
    api = own_hub.api("alice")
    api.create_repo("alice/m", private=True)
    oid = api.upload_file(path_or_fileobj=b"1", path_in_repo="a.txt", repo_id="alice/m").oid
    before = own_hub.ready

    own_hub.restart()

    assert own_hub.ready == before
    assert own_hub.api("alice").model_info("alice/m").sha == oid
    with sqlite3.connect(own_hub.folder / "hub.sqlite") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()
