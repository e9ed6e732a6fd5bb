"""Large files without the xet library: sent and fetched as git's large-file storage does."""

import hashlib
import os
import secrets
import signal
from pathlib import Path
from typing import Any

import httpx2
import pytest
from huggingface_hub import hf_hub_url
from huggingface_hub.file_download import get_hf_file_metadata
from huggingface_hub.hf_api import RepoFile

from tests.harness.hf_command import hf
from tests.harness.local_hub import LocalHub

BIG = bytes(1000) + os.urandom(250_000)


def post(hub: LocalHub, path: str, body: dict[str, Any], name: str | None = "alice") -> httpx2.Response:
    headers = {"Authorization": f"Bearer {hub.token(name)}"} if name else {}
    with hub.browser() as browser:
        return browser.post(path, json=body, headers=headers)


def batch(
    hub: LocalHub, repo: str, content: bytes, name: str | None = "alice", **more: Any
) -> dict[str, Any]:
    """What the Hub says about one object."""
    wanted = {"oid": hashlib.sha256(content).hexdigest(), "size": more.pop("size", len(content))}
    body = {"operation": "upload", "transfers": ["basic", "multipart"], "objects": [wanted], **more}
    answer = post(hub, f"/{repo}.git/info/lfs/objects/batch", body, name)
    assert answer.status_code == 200, answer.text
    [found] = answer.json()["objects"]
    return dict(found)


def send(hub: LocalHub, repo: str, content: bytes) -> None:
    upload = batch(hub, repo, content)["actions"]["upload"]
    with hub.browser() as browser:
        assert browser.put(upload["href"], content=content).status_code == 200


def commit(hub: LocalHub, repo: str, path: str, oid: str, name: str = "alice") -> httpx2.Response:
    lines = [
        '{"key": "header", "value": {"summary": "x"}}',
        f'{{"key": "lfsFile", "value": {{"path": "{path}", "algo": "sha256", "oid": "{oid}"}}}}',
    ]
    with hub.browser() as browser:
        headers = {"Authorization": f"Bearer {hub.token(name)}", "Content-Type": "application/x-ndjson"}
        return browser.post(f"/api/models/{repo}/commit/main", content="\n".join(lines), headers=headers)


@pytest.mark.parametrize("kind", ["model", "dataset", "space"])
def test_a_large_file_goes_there_and_back_without_xet(hub: LocalHub, tmp_path: Path, kind: str) -> None:
    repo = f"alice/lfs-{secrets.token_hex(4)}"
    hub.api("alice").create_repo(repo, repo_type=kind, space_sdk="static" if kind == "space" else None)
    (tmp_path / "weights.bin").write_bytes(BIG)
    hf(
        hub,
        tmp_path,
        "upload",
        repo,
        "weights.bin",
        "deep/weights.bin",
        f"--repo-type={kind}",
        HF_HUB_DISABLE_XET="1",
    )
    hf(
        hub,
        tmp_path,
        "download",
        repo,
        "deep/weights.bin",
        f"--repo-type={kind}",
        "--local-dir=out",
        HF_HUB_DISABLE_XET="1",
    )
    assert (tmp_path / "out" / "deep" / "weights.bin").read_bytes() == BIG


def test_lists_say_which_files_are_large_and_what_they_hold(hub: LocalHub, model: str) -> None:
    api = hub.api("alice")
    api.upload_file(path_or_fileobj=BIG, path_in_repo="weights.bin", repo_id=model)
    oid = hashlib.sha256(BIG).hexdigest()
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize {len(BIG)}\n".encode()
    blob_id = hashlib.sha1(b"blob %d\0" % len(pointer) + pointer).hexdigest()

    [listed] = [entry for entry in api.list_repo_tree(model) if entry.path == "weights.bin"]
    [asked] = api.get_paths_info(model, ["weights.bin"])
    siblings = api.model_info(model, files_metadata=True).siblings or []
    [sibling] = [each for each in siblings if each.rfilename == "weights.bin"]
    assert isinstance(listed, RepoFile) and isinstance(asked, RepoFile)
    for entry in (listed, asked, sibling):
        assert entry.lfs is not None
        assert (entry.lfs.sha256, entry.lfs.size, entry.lfs.pointer_size) == (oid, len(BIG), len(pointer))
        assert (entry.blob_id, entry.size) == (blob_id, len(BIG))
    metadata = get_hf_file_metadata(
        hf_hub_url(model, "weights.bin", endpoint=hub.endpoint), endpoint=hub.endpoint
    )
    assert (metadata.etag, metadata.size) == (oid, len(BIG))
    assert metadata.xet_file_data is not None
    assert metadata.xet_file_data.file_hash == listed.xet_hash


def test_gitattributes_learns_of_large_files_it_did_not_know(
    hub: LocalHub, model: str, tmp_path: Path
) -> None:
    api = hub.api("alice")
    api.upload_file(path_or_fileobj=BIG, path_in_repo="a folder/data.raw", repo_id=model)
    attributes = Path(api.hf_hub_download(model, ".gitattributes", cache_dir=tmp_path)).read_text()
    assert attributes.endswith("a[[:space:]]folder/data.raw filter=lfs diff=lfs merge=lfs -text\n")
    api.upload_file(path_or_fileobj=BIG, path_in_repo="weights.bin", repo_id=model)
    again = Path(api.hf_hub_download(model, ".gitattributes", cache_dir=tmp_path)).read_text()
    assert again == attributes


def test_a_very_large_file_comes_in_parts(hub: LocalHub, model: str) -> None:
    content = os.urandom(1_000_000) + bytes(67_000_000)
    upload = batch(hub, model, content)["actions"]["upload"]
    size = int(upload["header"]["chunk_size"])
    parts = [part for number, part in sorted(upload["header"].items()) if number.isdigit()]
    oid = hashlib.sha256(content).hexdigest()
    with hub.browser() as browser:
        done = {"oid": oid, "parts": []}
        assert browser.post(upload["href"], json=done).status_code == 400
        for number, address in enumerate(parts):
            answer = browser.put(address, content=content[number * size : (number + 1) * size])
            assert (answer.status_code, bool(answer.headers["etag"])) == (200, True)
        assert browser.post(upload["href"], json=done).status_code == 200
    assert "actions" not in batch(hub, model, content)
    assert commit(hub, model, "w.bin", oid).status_code == 200


def test_what_arrives_must_be_what_was_announced(hub: LocalHub, model: str) -> None:
    content = secrets.token_bytes(1000)
    actions = batch(hub, model, content)["actions"]
    with hub.browser() as browser:
        for wrong in (content[:-1], secrets.token_bytes(1000), content + b"more"):
            assert browser.put(actions["upload"]["href"], content=wrong).status_code in {400, 413}
    oid = hashlib.sha256(content).hexdigest()
    verify = f"/{model}.git/info/lfs/objects/verify"
    assert post(hub, verify, {"oid": oid, "size": 1000}).status_code == 404
    assert "does not exist" in commit(hub, model, "x.bin", oid).json()["error"]
    send(hub, model, content)
    assert post(hub, verify, {"oid": oid, "size": 1000}).status_code == 200
    assert post(hub, verify, {"oid": oid, "size": 999}).status_code == 404


def test_knowing_a_hash_is_not_having_the_file(hub: LocalHub) -> None:
    content = secrets.token_bytes(1000)
    oid = hashlib.sha256(content).hexdigest()
    private, others = f"alice/p-{secrets.token_hex(4)}", f"bob/o-{secrets.token_hex(4)}"
    hub.api("alice").create_repo(private, private=True)
    hub.api("bob").create_repo(others)
    send(hub, private, content)
    assert commit(hub, private, "x.bin", oid).status_code == 200

    assert commit(hub, others, "x.bin", oid, "bob").status_code == 400
    assert "upload" in batch(hub, others, content, "bob")["actions"]
    assert batch(hub, others, content, "bob", operation="download")["error"]["code"] == 404
    address = batch(hub, private, content, operation="download")["actions"]["download"]["href"]
    with hub.browser() as browser:
        assert browser.get(address).content == content
        assert browser.get(address[:-3] + "abc").status_code == 401
    refused = post(
        hub, f"/{private}.git/info/lfs/objects/batch", {"operation": "download", "objects": []}, "bob"
    )
    assert refused.status_code == 404


def test_a_large_file_survives_a_kill(own_hub: LocalHub, tmp_path: Path) -> None:
    api = own_hub.api("alice")
    api.create_repo("alice/kept")
    send(own_hub, "alice/kept", BIG)
    own_hub.restart(signal.SIGKILL)
    assert commit(own_hub, "alice/kept", "x.bin", hashlib.sha256(BIG).hexdigest()).status_code == 200
    assert Path(api.hf_hub_download("alice/kept", "x.bin", cache_dir=tmp_path)).read_bytes() == BIG
