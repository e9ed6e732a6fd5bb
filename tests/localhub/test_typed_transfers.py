"""Uploads and downloads of repos as people type them, and as libraries that load models do."""

import os
import secrets
import time
from pathlib import Path

import pytest
from huggingface_hub import hf_hub_url

from tests.harness.hf_command import hf
from tests.harness.local_hub import LocalHub


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What somebody keeps beside their model: text, weights, and things that git ignores."""
    folder = tmp_path / "model"
    (folder / "deep").mkdir(parents=True)
    (folder / "README.md").write_text("---\nlicense: mit\n---\n# Hello\n")
    (folder / "deep" / "model.safetensors").write_bytes(os.urandom(2_000_000))
    (folder / ".gitignore").write_text("*.log\n/cache/\n!kept.log\n")
    (folder / "run.log").write_text("noise")
    (folder / "kept.log").write_text("kept")
    (folder / "cache").mkdir()
    (folder / "cache" / "x.txt").write_text("noise")
    return folder


WANTED = {"README.md", "deep/model.safetensors", ".gitignore", "kept.log", ".gitattributes"}


@pytest.mark.parametrize("disabled", ["0", "1"], ids=["xet", "plain"])
def test_a_folder_is_uploaded_and_downloaded_by_hand(
    hub: LocalHub, folder: Path, tmp_path: Path, disabled: str
) -> None:
    repo = f"alice/typed-{secrets.token_hex(4)}"
    hf(hub, tmp_path, "upload", repo, "model", ".", "--private", HF_HUB_DISABLE_XET=disabled)
    assert set(hub.api("alice").list_repo_files(repo)) == WANTED
    hf(hub, tmp_path, "download", repo, "--local-dir", "out", HF_HUB_DISABLE_XET=disabled)
    for path in WANTED - {".gitattributes"}:
        assert (tmp_path / "out" / path).read_bytes() == (folder / path).read_bytes()


def test_three_hundred_files_come_quickly(hub: LocalHub, model: str, tmp_path: Path) -> None:
    (tmp_path / "many").mkdir()
    for number in range(300):
        (tmp_path / "many" / f"{number}.txt").write_text(str(number))
    hub.api("alice").upload_folder(repo_id=model, folder_path=tmp_path / "many")
    began = time.monotonic()
    out = Path(hub.api().snapshot_download(model, cache_dir=tmp_path / "cache"))
    assert time.monotonic() - began < 20
    assert {(out / f"{number}.txt").read_text() for number in range(300)} == {str(n) for n in range(300)}


def test_an_interrupted_download_is_resumed(hub: LocalHub, model: str) -> None:
    content = bytes(7) + os.urandom(100_000)
    done = hub.api("alice").upload_file(path_or_fileobj=content, path_in_repo="w.bin", repo_id=model)
    url = hf_hub_url(model, "w.bin", endpoint=hub.endpoint)
    with hub.browser() as browser:
        whole = browser.get(url)
        etag = {"If-Range": whole.headers["etag"]}
        rest = browser.get(url, headers={"Range": "bytes=60000-", **etag})
        assert (rest.status_code, rest.content) == (206, content[60000:])
        assert rest.headers["content-range"] == f"bytes 60000-{len(content) - 1}/{len(content)}"
        changed = browser.get(url, headers={"Range": "bytes=60000-", "If-Range": '"other"'})
        assert (changed.status_code, changed.content) == (200, content)
        same = browser.get(url, headers={"If-None-Match": whole.headers["etag"]})
        assert (same.status_code, same.headers["x-repo-commit"]) == (304, done.oid)


def test_a_revision_keeps_its_large_files(hub: LocalHub, model: str, tmp_path: Path) -> None:
    api = hub.api("alice")
    first = api.upload_file(path_or_fileobj=b"\0one", path_in_repo="w.bin", repo_id=model)
    api.create_tag(model, tag="v1")
    api.upload_file(path_or_fileobj=b"\0two", path_in_repo="w.bin", repo_id=model)
    contents = {
        revision: Path(
            api.hf_hub_download(model, "w.bin", revision=revision, cache_dir=tmp_path)
        ).read_bytes()
        for revision in ("v1", first.oid, "main")
    }
    assert contents == {"v1": b"\0one", first.oid: b"\0one", "main": b"\0two"}
    assert {each.oid for each in api.list_lfs_files(model)} == {
        entry.lfs.sha256  # type: ignore[union-attr]  # both are large files
        for revision in ("v1", "main")
        for entry in api.get_paths_info(model, ["w.bin"], revision=revision)
    }
