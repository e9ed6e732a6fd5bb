"""Deleting large files for good, with the real client."""

from pathlib import Path

import pytest
from huggingface_hub.errors import HfHubHTTPError, RemoteEntryNotFoundError

from tests.harness.local_hub import LocalHub


@pytest.fixture
def filled(hub: LocalHub, model: str) -> str:
    """A model with a text and a large file on main, and another large one on a branch."""
    alice = hub.api("alice")
    alice.upload_file(path_or_fileobj=b"large", path_in_repo="one.bin", repo_id=model)
    alice.upload_file(path_or_fileobj=b"text", path_in_repo="a.txt", repo_id=model)
    alice.create_branch(model, branch="side")
    alice.upload_file(path_or_fileobj=b"other", path_in_repo="two.bin", repo_id=model, revision="side")
    return model


def test_deleted_files_leave_the_whole_history_and_the_rest_stays(
    hub: LocalHub, filled: str, tmp_path: Path
) -> None:
    alice = hub.api("alice")
    before = alice.list_repo_commits(filled)
    on_main = [file for file in alice.list_lfs_files(filled) if file.ref == "refs/heads/main"]
    assert [file.filename for file in on_main] == ["one.bin"]
    alice.permanently_delete_lfs_files(filled, on_main)

    assert [file.filename for file in alice.list_lfs_files(filled)] == ["two.bin"]
    assert set(alice.list_repo_files(filled)) == {".gitattributes", "a.txt"}
    assert set(alice.list_repo_files(filled, revision="side")) == {".gitattributes", "a.txt", "two.bin"}
    after = alice.list_repo_commits(filled)
    assert [commit.title for commit in after] == [commit.title for commit in before]
    with pytest.raises(RemoteEntryNotFoundError):
        alice.hf_hub_download(filled, "one.bin", cache_dir=tmp_path)
    with pytest.raises(HfHubHTTPError, match="Invalid rev id"):
        alice.list_repo_files(filled, revision=before[0].commit_id)


def test_keeping_the_history_is_refused_in_words_and_strangers_may_not(hub: LocalHub, filled: str) -> None:
    files = list(hub.api("alice").list_lfs_files(filled))
    with pytest.raises(HfHubHTTPError, match="only together with the history"):
        hub.api("alice").permanently_delete_lfs_files(filled, files, rewrite_history=False)
    with pytest.raises(HfHubHTTPError) as refused:
        hub.api("bob").permanently_delete_lfs_files(filled, files)
    assert refused.value.response.status_code == 403
    assert len(list(hub.api("alice").list_lfs_files(filled))) == 2
