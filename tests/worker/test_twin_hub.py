"""The real client reads a model from the twin Hub as from any other."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from huggingface_hub import HfApi, hf_hub_download, snapshot_download
from huggingface_hub.errors import (
    EntryNotFoundError,
    LocalEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from tests.harness.waiting import wait_until
from worker.twin.hub import TwinHub
from worker.twin.repo import TwinRepo, holds_weights

REVISION = "c" * 40
WEIGHTS = bytes(range(256)) * 40


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    model = tmp_path / "model"
    (model / "unet").mkdir(parents=True)
    (model / "config.json").write_text(json.dumps({"model_type": "bert", "architectures": ["BertModel"]}))
    (model / "unet" / "config.json").write_text("{}")
    (model / "model.safetensors").write_bytes(WEIGHTS)
    (model / "empty.txt").touch()
    return model


@pytest.fixture
def hub(folder: Path) -> Iterator[TwinHub]:
    named = TwinRepo("alice/model", REVISION, folder, tags=("bert",), pipeline_tag="fill-mask")
    closed = TwinRepo("alice/closed", REVISION, folder, without_weights=True)
    with TwinHub([named, closed, TwinRepo("gpt2", REVISION, folder)]) as hub:
        yield hub


def test_a_model_says_what_it_is(hub: TwinHub) -> None:
    info = HfApi(endpoint=hub.endpoint, token=False).model_info(
        "alice/model", revision="main", files_metadata=True
    )

    assert (info.id, info.sha, info.pipeline_tag, info.tags) == (
        "alice/model",
        REVISION,
        "fill-mask",
        ["bert"],
    )
    assert info.config == {"model_type": "bert", "architectures": ["BertModel"]}
    assert {each.rfilename: each.size for each in info.siblings or ()}["model.safetensors"] == len(WEIGHTS)


def test_a_snapshot_is_the_folder(hub: TwinHub, folder: Path, tmp_path: Path) -> None:
    copy = Path(
        snapshot_download("alice/model", endpoint=hub.endpoint, token=False, cache_dir=tmp_path / "cache")
    )

    assert copy.name == REVISION
    for file in folder.rglob("*.*"):
        assert (copy / file.relative_to(folder)).read_bytes() == file.read_bytes()


def test_a_name_without_an_owner_is_a_model_too(hub: TwinHub, tmp_path: Path) -> None:
    file = hf_hub_download(
        "gpt2", "unet/config.json", endpoint=hub.endpoint, token=False, cache_dir=tmp_path, revision=REVISION
    )

    assert Path(file).read_text() == "{}"


def test_the_tree_has_folders_and_sizes(hub: TwinHub) -> None:
    api = HfApi(endpoint=hub.endpoint, token=False)

    assert {each.path for each in api.list_repo_tree("alice/model")} == {
        "config.json",
        "empty.txt",
        "model.safetensors",
        "unet",
    }
    assert "unet/config.json" in {each.path for each in api.list_repo_tree("alice/model", recursive=True)}
    [about] = api.get_paths_info("alice/model", ["model.safetensors", "nothing"])
    assert about.path == "model.safetensors"


def test_what_is_not_there_is_told_apart(hub: TwinHub, tmp_path: Path) -> None:
    def download(repo: str, path: str, revision: str = "main") -> None:
        hf_hub_download(repo, path, revision=revision, endpoint=hub.endpoint, token=False, cache_dir=tmp_path)

    with pytest.raises(EntryNotFoundError) as missing:
        download("alice/model", "nothing.json")
    assert not isinstance(missing.value, LocalEntryNotFoundError)
    with pytest.raises(RevisionNotFoundError):
        download("alice/model", "config.json", "refs/pr/1")
    with pytest.raises(RepositoryNotFoundError):
        download("somebody/else", "config.json")
    assert hub.unknown == {"somebody/else"}


def test_without_weights_everything_else_is_there(hub: TwinHub, tmp_path: Path) -> None:
    copy = Path(
        snapshot_download("alice/closed", endpoint=hub.endpoint, token=False, cache_dir=tmp_path / "cache")
    )

    assert (copy / "config.json").exists()
    with pytest.raises(EntryNotFoundError):
        hf_hub_download(
            "alice/closed", "model.safetensors", endpoint=hub.endpoint, token=False, cache_dir=tmp_path
        )


def test_a_range_is_a_range_and_is_written_down(hub: TwinHub) -> None:
    address = f"{hub.endpoint}/alice/model/resolve/main/model.safetensors"

    answer = httpx2.get(address, headers={"Range": "bytes=10-19"}, trust_env=False)

    assert (answer.status_code, answer.content) == (206, WEIGHTS[10:20])
    assert answer.headers["content-range"] == f"bytes 10-19/{len(WEIGHTS)}"
    wait_until(lambda: hub.weights_read("alice/model") == 10, "the hub's note of it")


def test_a_link_out_of_the_folder_is_no_file(hub: TwinHub, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    (folder / "link.txt").symlink_to(tmp_path / "secret")

    for path in ("link.txt", "../secret", "%2e%2e/secret"):
        answer = httpx2.get(f"{hub.endpoint}/alice/model/resolve/main/{path}", trust_env=False)
        assert answer.status_code == 404


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("model.safetensors", True),
        ("unet/diffusion_pytorch_model.fp16.safetensors", True),
        ("onnx/model.onnx_data", True),
        ("model.onnx.data", True),
        ("model.safetensors.index.json", False),
        ("tokenizer.json", False),
    ],
)
def test_weights_are_known_by_their_names(path: str, expected: bool) -> None:
    assert holds_weights(path) is expected
