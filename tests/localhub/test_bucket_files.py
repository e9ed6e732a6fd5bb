"""Files of buckets: sent, copied, fetched and synchronised by the stock client, also what Jobs wrote."""

import json
import os
import secrets
from pathlib import Path

import httpx2
import pytest
from huggingface_hub import HfFileSystem
from huggingface_hub.errors import BucketBatchError

from tests.harness.hf_command import hf
from tests.harness.local_hub import LocalHub
from tests.localhub.test_buckets import get, put
from tests.localhub.test_xet import ask, pass_for

BIG = os.urandom(9_000_000) + bytes(1_000_000)


@pytest.fixture
def bucket(hub: LocalHub) -> str:
    """A private bucket of alice's."""
    bucket_id = f"alice/files-{secrets.token_hex(4)}"
    hub.api("alice").create_bucket(bucket_id, private=True)
    return bucket_id


def batch(hub: LocalHub, bucket: str, *lines: dict[str, object], name: str = "alice") -> httpx2.Response:
    body = "\n".join(json.dumps(line) for line in lines)
    with hub.browser() as browser:
        headers = {"Authorization": f"Bearer {hub.token(name)}", "Content-Type": "application/x-ndjson"}
        return browser.post(f"/api/buckets/{bucket}/batch", content=body, headers=headers)


def hash_at(hub: LocalHub, bucket: str, path: str) -> str:
    [info] = hub.api("alice").get_bucket_paths_info(bucket, [path])
    return info.xet_hash


def test_files_go_there_and_back(hub: LocalHub, bucket: str, tmp_path: Path) -> None:
    api = hub.api("alice")
    (tmp_path / "big").write_bytes(BIG)
    api.batch_bucket_files(
        bucket, add=[(tmp_path / "big", "a b/big.bin"), (b"", "empty"), (b"small", "deep/ü.txt")]
    )
    assert (
        get(hub, f"/buckets/{bucket}/resolve/a%20b/big.bin", Range="bytes=8999999-9000001")[1]
        == BIG[8999999:9000002]
    )
    wanted = {"a b/big.bin": BIG, "empty": b"", "deep/ü.txt": b"small"}
    api.download_bucket_files(bucket, [(path, tmp_path / "out" / path) for path in wanted])
    assert {path: (tmp_path / "out" / path).read_bytes() for path in wanted} == wanted


def test_what_a_job_wrote_is_downloaded_too(hub: LocalHub, bucket: str, tmp_path: Path) -> None:
    file = put(hub, bucket, "runs/a/weights.bin", BIG)
    api = hub.api("alice")
    api.download_bucket_files(bucket, [("runs/a/weights.bin", tmp_path / "out")])
    assert (tmp_path / "out").read_bytes() == BIG
    file.write_bytes(b"changed")
    api.download_bucket_files(bucket, [("runs/a/weights.bin", tmp_path / "out2")])
    assert (tmp_path / "out2").read_bytes() == b"changed"


def test_one_bad_operation_does_not_stop_the_others(hub: LocalHub, bucket: str) -> None:
    api = hub.api("alice")
    with pytest.raises(BucketBatchError) as partly:
        api.batch_bucket_files(
            bucket, add=[(b"1", "one"), (b"2", "../two"), (b"3", "one/three")], delete=["absent"]
        )
    assert partly.value.response.status_code == 200
    assert {each["path"] for each in partly.value.failures} == {"../two", "one/three", "absent"}
    assert [entry.path for entry in api.list_bucket_tree(bucket, recursive=True)] == ["one"]
    with pytest.raises(BucketBatchError) as wholly:
        api.batch_bucket_files(bucket, delete=["absent", "gone"])
    assert wholly.value.response.status_code == 422


def test_a_hash_that_nobody_uploaded_here_adds_nothing(hub: LocalHub, bucket: str) -> None:
    put(hub, bucket, "secret", b"secret of alice")
    content_hash = hash_at(hub, bucket, "secret")
    others = f"bob/files-{secrets.token_hex(4)}"
    hub.api("bob").create_bucket(others)
    add = {"type": "addFile", "path": "x", "xetHash": content_hash, "mtime": 0}
    copy = {**add, "type": "copyFile", "sourceRepoType": "bucket", "sourceRepoId": bucket}
    for line in (add, copy):
        answer = batch(hub, others, line, name="bob")
        assert (answer.status_code, answer.json()["succeeded"]) == (422, 0)
    given = pass_for(hub, f"buckets/{others}", "read", "bob").json()
    assert ask(hub, given, content_hash).status_code == 404
    assert pass_for(hub, f"buckets/{bucket}", "read", "bob").status_code == 404
    assert batch(hub, bucket, add).json()["succeeded"] == 1


@pytest.mark.parametrize(
    "line", ['{"type": "rename", "path": "x"}', "[]", "{", '{"type": "addFile", "path": "x"}']
)
def test_a_batch_that_cannot_be_read_is_refused(hub: LocalHub, bucket: str, line: str) -> None:
    with hub.browser() as browser:
        headers = {"Authorization": f"Bearer {hub.token('alice')}"}
        answer = browser.post(f"/api/buckets/{bucket}/batch", content=line, headers=headers)
    assert (answer.status_code, "cannot be read" in answer.json()["error"]) == (400, True)


def test_files_are_copied_from_buckets_and_repos(hub: LocalHub, bucket: str, model: str) -> None:
    api = hub.api("alice")
    weights = bytes(3) + os.urandom(100_000)
    commit = api.upload_file(path_or_fileobj=weights, path_in_repo="w.bin", repo_id=model)
    [entry] = api.get_paths_info(model, ["w.bin"], revision=commit.oid)
    put(hub, bucket, "own", b"own")
    copies = [
        ("bucket", bucket, hash_at(hub, bucket, "own"), "copies/own"),
        ("model", model, entry.xet_hash, "copies/w"),  # type: ignore[union-attr]  # a file
    ]
    api.batch_bucket_files(bucket, copy=copies)
    assert get(hub, f"/buckets/{bucket}/resolve/copies/own") == (200, b"own")
    assert get(hub, f"/buckets/{bucket}/resolve/copies/w") == (200, weights)
    with pytest.raises(BucketBatchError, match="not found"):
        api.batch_bucket_files(bucket, copy=[("bucket", "bob/none", "0" * 64, "x")])


def test_no_added_file_leaves_the_bucket(hub: LocalHub, bucket: str, tmp_path: Path) -> None:
    folder = put(hub, bucket, "own", b"").parent
    (folder / "link").symlink_to(tmp_path)
    (folder / "file").symlink_to(tmp_path / "target")
    with pytest.raises(BucketBatchError) as refused:
        hub.api("alice").batch_bucket_files(
            bucket,
            add=[
                (b"x", path) for path in ("link/x", "link/deep/x", "/etc/x", "a/../../x", "n" * 300, "file")
            ],
        )
    assert len(refused.value.failures) == 5
    assert not list(tmp_path.iterdir())
    assert (folder / "file").read_bytes() == b"x"


@pytest.mark.filterwarnings("ignore:Cannot enable progress bars:UserWarning")  # the client's own, about quiet
def test_a_folder_is_synchronised_both_ways(hub: LocalHub, bucket: str, tmp_path: Path) -> None:
    api = hub.api("alice")
    here, there = tmp_path / "here", tmp_path / "there"
    (here / "deep").mkdir(parents=True)
    (here / "deep" / "one.txt").write_text("1")
    (here / "two.txt").write_text("2")
    url = f"hf://buckets/{bucket}/runs"
    api.sync_bucket(str(here), url, quiet=True)
    assert not [
        each for each in api.sync_bucket(str(here), url, quiet=True).operations if each.action != "skip"
    ]
    (here / "two.txt").unlink()
    (here / "deep" / "one.txt").write_text("one")
    api.sync_bucket(str(here), url, delete=True, quiet=True)
    api.sync_bucket(url, str(there), quiet=True)
    assert {file.relative_to(there).as_posix(): file.read_text() for file in there.rglob("*.txt")} == {
        "deep/one.txt": "one"
    }


def test_the_file_system_of_the_client_reads_and_writes(hub: LocalHub, bucket: str) -> None:
    files = HfFileSystem(endpoint=hub.endpoint, token=hub.token("alice"), skip_instance_cache=True)
    root = f"buckets/{bucket}"
    with files.open(f"{root}/notes/a.txt", "wb") as stream:
        stream.write(b"0123456789")
    assert files.ls(f"{root}/notes", detail=False, refresh=True) == [f"{root}/notes/a.txt"]
    with files.open(f"{root}/notes/a.txt", "rb") as stream:
        stream.seek(4)
        assert stream.read(3) == b"456"
    assert files.cat_file(f"{root}/notes/a.txt") == b"0123456789"
    files.cp_file(f"{root}/notes/a.txt", f"{root}/notes/b.txt")
    files.rm(f"{root}/notes/a.txt")
    assert files.ls(f"{root}/notes", detail=False, refresh=True) == [f"{root}/notes/b.txt"]


def test_only_those_who_may_write_get_a_pass_to_write(hub: LocalHub, bucket: str) -> None:
    hub.api("alice").update_bucket_settings(bucket, private=False)
    assert pass_for(hub, f"buckets/{bucket}", "read", None).status_code == 200
    assert pass_for(hub, f"buckets/{bucket}", "write", "bob").status_code == 403
    with pytest.raises(ConnectionError, match="403"):  # so the client's library puts it
        hub.api("bob").batch_bucket_files(bucket, add=[(b"x", "x")])


def test_the_command_line_copies_and_synchronises(hub: LocalHub, tmp_path: Path) -> None:
    bucket = f"alice/typed-{secrets.token_hex(4)}"
    hf(hub, tmp_path, "buckets", "create", bucket, "--private")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("a")
    hf(hub, tmp_path, "sync", "in", f"hf://buckets/{bucket}/in")
    hf(hub, tmp_path, "cp", "in/a.txt", f"hf://buckets/{bucket}/b.txt")
    hf(hub, tmp_path, "cp", f"hf://buckets/{bucket}/b.txt", f"hf://buckets/{bucket}/c.txt")
    hf(hub, tmp_path, "cp", f"hf://buckets/{bucket}/c.txt", "back.txt")
    assert (tmp_path / "back.txt").read_text() == "a"
    listed = hf(hub, tmp_path, "buckets", "ls", bucket, "--recursive")
    assert all(path in listed for path in ("in/a.txt", "b.txt", "c.txt"))
    hf(hub, tmp_path, "buckets", "rm", f"{bucket}/b.txt", "--yes")
    assert "b.txt" not in hf(hub, tmp_path, "buckets", "ls", bucket, "--recursive")
    hf(hub, tmp_path, "buckets", "delete", bucket, "--yes")
