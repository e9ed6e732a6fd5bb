"""The xet store: the stock client sends and fetches through it, and a hash opens nothing to strangers."""

import os
import secrets
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import pytest
from huggingface_hub import CommitOperationAdd, CommitOperationCopy
from huggingface_hub.hf_api import RepoFile

from tests.harness.local_hub import LocalHub
from tests.localhub.test_lfs import commit


def pass_for(hub: LocalHub, path: str, right: str, name: str | None = "alice") -> httpx2.Response:
    headers = {"Authorization": f"Bearer {hub.token(name)}"} if name else {}
    with hub.browser() as browser:
        return browser.get(
            f"/api/{path}/xet-{right}-token" + ("" if "buckets" in path else "/main"), headers=headers
        )


def ask(hub: LocalHub, given: dict[str, Any], content_hash: str, **headers: str) -> httpx2.Response:
    """Where a file's pieces are, as someone with this pass."""
    headers["Authorization"] = f"Bearer {given['accessToken']}"
    with hub.browser() as browser:
        return browser.get(f"{given['casUrl']}/v1/reconstructions/{content_hash}", headers=headers)


def xet_hash(hub: LocalHub, repo: str, path: str) -> str:
    [entry] = hub.api("alice").get_paths_info(repo, [path])
    assert isinstance(entry, RepoFile) and entry.xet_hash
    return entry.xet_hash


def raw(text: str) -> bytes:
    """A hash as it stands in shards."""
    return b"".join(int(text[start : start + 16], 16).to_bytes(8, "little") for start in range(0, 64, 16))


def shard_for(content_hash: str, xorb: str, size: int, sha256: str | None = None) -> bytes:
    """A shard that says: this file is the first chunk of that xorb."""
    flags = 0x40000000 if sha256 else 0
    file = raw(content_hash) + b"".join(number.to_bytes(4, "little") for number in (flags, 1, 0, 0))
    term = raw(xorb) + b"".join(number.to_bytes(4, "little") for number in (0, size, 0, 1))
    metadata = raw(sha256) + bytes(16) if sha256 else b""
    return bytes(48) + file + term + metadata + b"\xff" * 48


@pytest.fixture
def private(hub: LocalHub) -> tuple[str, str]:
    """A private model of alice's with one large file, and that file's hash."""
    repo = f"alice/private-{secrets.token_hex(4)}"
    hub.api("alice").create_repo(repo, private=True)
    hub.api("alice").upload_file(
        path_or_fileobj=bytes(10) + os.urandom(200_000), path_in_repo="w.bin", repo_id=repo
    )
    return repo, xet_hash(hub, repo, "w.bin")


def test_twelve_megabytes_go_there_and_back_through_the_store(
    hub: LocalHub, model: str, tmp_path: Path
) -> None:
    content = os.urandom(6_000_000) + b"0123456789" * 600_000
    hub.api("alice").upload_file(path_or_fileobj=content, path_in_repo="w.safetensors", repo_id=model)
    with hub.browser() as browser:
        plain = browser.get(f"/{model}/resolve/main/w.safetensors")
    assert (plain.content == content, plain.headers["x-xet-hash"]) == (
        True,
        xet_hash(hub, model, "w.safetensors"),
    )
    for name in ("alice", None):
        path = hub.api(name).hf_hub_download(model, "w.safetensors", cache_dir=tmp_path / str(name))
        assert Path(path).read_bytes() == content


def test_a_changed_file_and_the_same_file_again(hub: LocalHub, model: str, tmp_path: Path) -> None:
    api = hub.api("alice")
    content = bytearray(bytes(10) + os.urandom(3_000_000))
    first = api.upload_file(path_or_fileobj=bytes(content), path_in_repo="w.bin", repo_id=model)
    again = api.upload_file(path_or_fileobj=bytes(content), path_in_repo="w.bin", repo_id=model)
    assert again.oid == first.oid
    content[1_500_000:1_500_010] = b"0123456789"
    api.upload_file(path_or_fileobj=bytes(content), path_in_repo="w.bin", repo_id=model)
    now = Path(api.hf_hub_download(model, "w.bin", cache_dir=tmp_path)).read_bytes()
    before = Path(api.hf_hub_download(model, "w.bin", revision=first.oid, cache_dir=tmp_path)).read_bytes()
    assert (now == content, before == content) == (True, False)


def test_a_large_file_is_copied_to_another_repo(
    hub: LocalHub, private: tuple[str, str], tmp_path: Path
) -> None:
    api = hub.api("alice")
    other = f"alice/copy-{secrets.token_hex(4)}"
    api.create_repo(other, private=True)
    copy = CommitOperationCopy("w.bin", "deep/copy.bin", src_repo_id=private[0], src_repo_type="model")
    api.create_commit(other, [copy], commit_message="copy")
    one = api.hf_hub_download(private[0], "w.bin", cache_dir=tmp_path)
    assert (
        Path(api.hf_hub_download(other, "deep/copy.bin", cache_dir=tmp_path)).read_bytes()
        == Path(one).read_bytes()
    )


def test_many_large_files_come_in_one_commit(hub: LocalHub, model: str, tmp_path: Path) -> None:
    contents = {f"{number}.bin": bytes(5) + os.urandom(20_000) for number in range(60)}
    operations = [CommitOperationAdd(path, content) for path, content in contents.items()]
    hub.api("alice").create_commit(model, operations, commit_message="many")
    folder = Path(hub.api().snapshot_download(model, local_dir=tmp_path / "out"))
    assert {path: (folder / path).read_bytes() for path in contents} == contents


def test_a_pass_is_short_lived_and_for_one_place(hub: LocalHub, private: tuple[str, str], model: str) -> None:
    repo, content_hash = private
    given = pass_for(hub, f"models/{repo}", "read")
    assert 0 < given.json()["exp"] - time.time() <= 3600
    assert given.headers["x-xet-cas-url"] == given.json()["casUrl"]
    assert given.headers["x-xet-access-token"] == given.json()["accessToken"]
    assert ask(hub, given.json(), content_hash).status_code == 200
    assert ask(hub, given.json(), content_hash, Range="bytes=999999999-1000000000").status_code == 416
    assert ask(hub, given.json(), "0" * 64).status_code == 404
    assert ask(hub, given.json(), "no-hash").status_code == 400


def test_strangers_get_neither_a_pass_nor_content(
    hub: LocalHub, private: tuple[str, str], model: str
) -> None:
    repo, content_hash = private
    for name, right in (("bob", "read"), ("bob", "write"), (None, "read")):
        assert pass_for(hub, f"models/{repo}", right, name).status_code in {401, 404}
    assert pass_for(hub, f"models/{model}", "write", "bob").status_code == 403
    assert pass_for(hub, f"models/{model}", "write", None).status_code == 401
    for name in ("bob", None):
        given = pass_for(hub, f"models/{model}", "read", name).json()
        assert ask(hub, given, content_hash).status_code == 404
    mine = pass_for(hub, f"models/{repo}", "read").json()
    theirs = pass_for(hub, f"models/{model}", "read", "bob").json()
    assert ask(hub, {**mine, "casUrl": theirs["casUrl"]}, content_hash).status_code == 403
    assert ask(hub, {**mine, "accessToken": mine["accessToken"] + "x"}, content_hash).status_code == 401
    assert ask(hub, {**mine, "accessToken": hub.token("alice")}, content_hash).status_code == 401


def test_what_another_user_uploaded_cannot_be_claimed(hub: LocalHub, private: tuple[str, str]) -> None:
    """Neither by the hash of a file nor by the names of its chunks."""
    own = f"bob/own-{secrets.token_hex(4)}"
    hub.api("bob").create_repo(own)
    given = pass_for(hub, f"models/{own}", "write", "bob").json()
    [entry] = hub.api("alice").get_paths_info(private[0], ["w.bin"])
    assert isinstance(entry, RepoFile) and entry.lfs
    assert commit(hub, own, "stolen.bin", entry.lfs.sha256, "bob").status_code == 400

    theirs = next((hub.folder / "xet" / hub.user_id("alice")).glob("??/*")).name
    shard = shard_for("5" * 64, theirs, 10)
    headers = {"Authorization": f"Bearer {given['accessToken']}"}
    with hub.browser() as browser:
        answer = browser.post(f"{given['casUrl']}/v1/shards", content=shard, headers=headers)
    assert (answer.status_code, "not uploaded" in answer.json()["error"]) == (400, True)


def test_hostile_uploads_are_refused_and_never_a_server_error(hub: LocalHub, model: str) -> None:
    given = pass_for(hub, f"models/{model}", "write").json()
    reader = pass_for(hub, f"models/{model}", "read").json()
    headers = {"Authorization": f"Bearer {given['accessToken']}"}
    base = given["casUrl"]
    with hub.browser() as browser:
        for path, body in (
            ("v1/shards", os.urandom(1000)),
            ("v1/shards", bytes(48) + bytes(32) + b"\0\0\0\0" + b"\xff\xff\xff\xff" + bytes(8)),
            ("v1/xorbs/default/" + "a" * 64, b"\0\xff\xff\xff"),
            ("v1/xorbs/default/..%2f..%2fx", b"x"),
            ("v1/xorbs/default/" + "g" * 64, b"x"),
            ("v2/shards", b""),
        ):
            answer = browser.post(f"{base}/{path}", content=body, headers=headers)
            assert answer.status_code in {400, 404}, (path, answer.text)
        assert browser.post(f"{base}/v1/shards", content=b"", headers={}).status_code == 401
        only_read = {"Authorization": f"Bearer {reader['accessToken']}"}
        assert browser.post(f"{base}/v1/shards", content=b"", headers=only_read).status_code == 403
        assert browser.get(f"{base}/content?pass=x.y").status_code == 401


@pytest.mark.parametrize("packing", [0, 1], ids=["other content", "not even packed"])
def test_a_file_is_taken_only_if_it_is_what_was_said(hub: LocalHub, model: str, packing: int) -> None:
    """Whoever lies about a hash could otherwise put content under other people's names."""
    given = pass_for(hub, f"models/{model}", "write").json()
    headers = {"Authorization": f"Bearer {given['accessToken']}"}
    xorb, claimed, sha256 = (secrets.token_hex(32) for _ in range(3))
    chunk = b"\0" + (5).to_bytes(3, "little") + bytes([packing]) + (5).to_bytes(3, "little") + b"bytes"
    with hub.browser() as browser:
        base = given["casUrl"]
        put = browser.post(f"{base}/v1/xorbs/default/{xorb}", content=chunk, headers=headers)
        told = browser.post(f"{base}/v1/shards", content=shard_for(claimed, xorb, 5, sha256), headers=headers)
    assert (put.status_code, told.status_code) == (200, 200)
    answer = commit(hub, model, "w.bin", sha256)
    assert (answer.status_code, "does not exist" in answer.json()["error"]) == (400, True)
    assert hub.api().list_repo_files(model) == [".gitattributes"]


def test_many_people_commit_large_files_at_once(hub: LocalHub) -> None:
    """More than the Hub has threads, so none of them may wait for the store's own answers."""

    def upload(number: int) -> bool:
        repo, content = f"alice/crowd-{run}-{number}", bytes([0, number]) * 20_000
        api = hub.api("alice")
        api.create_repo(repo)
        api.upload_file(path_or_fileobj=content, path_in_repo="w.bin", repo_id=repo)
        with hub.browser() as browser:
            return browser.get(f"/{repo}/resolve/main/w.bin").content == content

    run = secrets.token_hex(4)
    with ThreadPoolExecutor(60) as people:
        assert all(people.map(upload, range(60)))


def test_the_store_outlives_a_kill(own_hub: LocalHub, tmp_path: Path) -> None:
    api = own_hub.api("alice")
    api.create_repo("alice/kept")
    content = bytes(9) + os.urandom(500_000)
    api.upload_file(path_or_fileobj=content, path_in_repo="a.bin", repo_id="alice/kept")
    own_hub.restart(signal.SIGKILL)
    assert Path(api.hf_hub_download("alice/kept", "a.bin", cache_dir=tmp_path)).read_bytes() == content
    # The client remembers which chunks the store has, and does not send them again.
    api.upload_file(path_or_fileobj=content + b"more", path_in_repo="b.bin", repo_id="alice/kept")
    assert (
        Path(api.hf_hub_download("alice/kept", "b.bin", cache_dir=tmp_path)).read_bytes() == content + b"more"
    )
