"""Repos: creating them, what is told about them, refs and history."""

import secrets
from pathlib import Path

import pytest
from huggingface_hub import ModelCard
from huggingface_hub.errors import (
    BadRequestError,
    HfHubHTTPError,
    RemoteEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from tests.harness.local_hub import LocalHub

CARD = """---
license: mit
pipeline_tag: text-classification
library_name: onnx
language: [en]
tags: [tiny]
---

# A model
"""


@pytest.fixture
def described_model(hub: LocalHub, model: str) -> str:
    hub.api("alice").upload_file(path_or_fileobj=CARD.encode(), path_in_repo="README.md", repo_id=model)
    return model


def test_a_name_is_taken_once(hub: LocalHub, model: str) -> None:
    again = hub.api("alice").create_repo(model, exist_ok=True)
    assert again.repo_id == model

    with pytest.raises(HfHubHTTPError) as refused:
        hub.api("alice").create_repo(model)
    assert refused.value.response.status_code == 409


@pytest.mark.parametrize("name", ["a--b", "a..b", ".hidden", "x.git", "a b"])
def test_a_bad_name_is_refused_with_the_rule(hub: LocalHub, name: str) -> None:
    with hub.browser() as browser:
        headers = {"Authorization": f"Bearer {hub.token('alice')}"}
        answer = browser.post("/api/repos/create", json={"name": name}, headers=headers)

    assert answer.status_code == 400
    assert "Invalid repo name" in answer.json()["error"]


def test_info_tells_what_the_card_says(hub: LocalHub, described_model: str) -> None:
    info = hub.api("bob").model_info(described_model, files_metadata=True)

    assert (info.pipeline_tag, info.library_name, info.private) == ("text-classification", "onnx", False)
    assert info.card_data is not None
    assert info.card_data.license == "mit"
    assert {"onnx", "tiny", "license:mit", "en"} <= set(info.tags or [])
    sizes = {sibling.rfilename: sibling.size for sibling in info.siblings or []}
    assert sizes["README.md"] == len(CARD.encode())
    assert info.sha
    assert info.last_modified is not None


def test_info_can_be_narrowed_and_asked_for_a_revision(hub: LocalHub, described_model: str) -> None:
    narrow = hub.api().model_info(described_model, expand=["sha", "tags"])
    first = hub.api().list_repo_commits(described_model)[-1].commit_id
    old = hub.api().model_info(described_model, revision=first)

    assert narrow.sha
    assert narrow.siblings is None
    assert [sibling.rfilename for sibling in old.siblings or []] == [".gitattributes"]


def test_a_broken_card_hides_nothing_else(hub: LocalHub, model: str) -> None:
    broken = b"---\nlicense: [\n---\n"
    with pytest.raises(ValueError, match="Invalid YAML"):
        hub.api("alice").upload_file(path_or_fileobj=broken, path_in_repo="README.md", repo_id=model)


def test_models_are_listed_by_author_search_and_tag(hub: LocalHub, described_model: str) -> None:
    name = described_model.partition("/")[2]

    def listed(**query: object) -> list[str]:
        return [found.id for found in hub.api().list_models(**query)]  # type: ignore[arg-type]  # mixed queries

    assert described_model in listed(author="alice")
    assert listed(search=name) == [described_model]
    assert listed(search=name, filter="license:mit", pipeline_tag="text-classification") == [described_model]
    assert listed(search=name, filter="license:other") == []
    assert listed(search=name, author="bob") == []


def test_a_list_in_pages_is_complete(hub: LocalHub) -> None:
    marker = secrets.token_hex(4)
    for number in range(3):
        hub.api("bob").create_repo(f"bob/{marker}-{number}")

    with hub.browser() as browser:
        first = browser.get("/api/models", params={"search": marker, "limit": 2})
        second = browser.get(first.links["next"]["url"])
    assert len(first.json() + second.json()) == 3
    assert "next" not in second.links


def test_a_new_space_has_a_readme_and_an_sdk(hub: LocalHub) -> None:
    repo_id = f"alice/space-{secrets.token_hex(4)}"
    hub.api("alice").create_repo(repo_id, repo_type="space", space_sdk="gradio", private=True)

    info = hub.api("alice").space_info(repo_id)
    assert (info.sdk, info.private) == ("gradio", True)
    assert hub.api("alice").list_repo_files(repo_id, repo_type="space") == [".gitattributes", "README.md"]
    with pytest.raises(BadRequestError, match="needs an sdk"), hub.browser() as browser:
        headers = {"Authorization": f"Bearer {hub.token('alice')}"}
        answer = browser.post("/api/repos/create", json={"name": "x", "type": "space"}, headers=headers)
        raise BadRequestError(answer.json()["error"], response=answer)


def test_a_deleted_repo_is_gone_and_its_name_is_free(hub: LocalHub, described_model: str) -> None:
    before = hub.api("alice").model_info(described_model)
    with pytest.raises(HfHubHTTPError):
        hub.api("bob").delete_repo(described_model)

    hub.api("alice").delete_repo(described_model)
    with pytest.raises(RepositoryNotFoundError):
        hub.api("alice").model_info(described_model)
    hub.api("alice").create_repo(described_model)
    again = hub.api("alice").model_info(described_model)
    assert again.sha != before.sha
    assert len(hub.api("alice").list_repo_commits(described_model)) == 1


def test_tags_and_branches_come_and_go(hub: LocalHub, described_model: str) -> None:
    api = hub.api("alice")
    head = api.model_info(described_model).sha
    api.create_tag(described_model, tag="v1.0")
    api.create_branch(described_model, branch="try/this")

    refs = api.list_repo_refs(described_model)
    assert [(tag.name, tag.target_commit) for tag in refs.tags] == [("v1.0", head)]
    assert [branch.name for branch in refs.branches] == ["main", "try/this"]
    assert api.model_info(described_model, revision="v1.0").sha == head
    with pytest.raises(HfHubHTTPError) as refused:
        api.create_tag(described_model, tag="v1.0")
    assert refused.value.response.status_code == 409
    api.create_tag(described_model, tag="v1.0", exist_ok=True)

    api.delete_tag(described_model, tag="v1.0")
    api.delete_branch(described_model, branch="try/this")
    with pytest.raises(RevisionNotFoundError):
        api.model_info(described_model, revision="v1.0")


def test_a_branch_with_a_slash_has_files_of_its_own(
    hub: LocalHub, described_model: str, tmp_path: Path
) -> None:
    api = hub.api("alice")
    api.create_branch(described_model, branch="try/this")
    upload = {"path_or_fileobj": b"1", "path_in_repo": "a/b c.txt", "repo_id": described_model}
    api.upload_file(**upload, revision="try/this")

    assert "a/b c.txt" in api.list_repo_files(described_model, revision="try/this")
    assert "a/b c.txt" not in api.list_repo_files(described_model)
    path = api.hf_hub_download(described_model, "a/b c.txt", revision="try/this", cache_dir=tmp_path)
    assert Path(path).read_bytes() == b"1"


def test_history_is_newest_first(hub: LocalHub, described_model: str) -> None:
    commits = hub.api().list_repo_commits(described_model)

    assert [commit.title for commit in commits] == ["Upload README.md with huggingface_hub", "initial commit"]
    assert commits[0].authors == ["alice"]


def test_folders_are_listed_with_what_last_changed_them(hub: LocalHub, model: str) -> None:
    api = hub.api("alice")
    for path in ("onnx/model.onnx", "onnx/deep/notes.txt", "config.json"):
        api.upload_file(path_or_fileobj=path.encode(), path_in_repo=path, repo_id=model, commit_message=path)

    top = [entry.path for entry in api.list_repo_tree(model)]
    everything = {entry.path: entry for entry in api.list_repo_tree(model, recursive=True, expand=True)}
    inside = [entry.path for entry in api.list_repo_tree(model, "onnx")]
    assert top == [".gitattributes", "config.json", "onnx"]
    assert inside == ["onnx/deep", "onnx/model.onnx"]
    assert set(everything) == {*top, *inside, "onnx/deep/notes.txt"}
    assert everything["onnx/model.onnx"].last_commit.title == "onnx/model.onnx"  # type: ignore[union-attr]  # expanded
    assert everything["onnx"].last_commit.title == "onnx/deep/notes.txt"  # type: ignore[union-attr]  # expanded
    with pytest.raises(RemoteEntryNotFoundError):
        list(api.list_repo_tree(model, "missing"))


def test_paths_are_looked_up_and_missing_ones_left_out(hub: LocalHub, described_model: str) -> None:
    found = hub.api().get_paths_info(described_model, ["README.md", "missing.txt"], expand=True)

    assert [entry.path for entry in found] == ["README.md"]
    assert hub.api().file_exists(described_model, "README.md")
    assert not hub.api().file_exists(described_model, "missing.txt")


def test_files_are_read_whole_in_part_and_not_again(hub: LocalHub, described_model: str) -> None:
    address = f"/{described_model}/resolve/main/README.md"
    with hub.browser() as browser:
        head = browser.head(address)
        part = browser.get(address, headers={"Range": "bytes=4-10"})
        same = browser.get(address, headers={"If-None-Match": head.headers["etag"]})
        raw = browser.get(f"/{described_model}/raw/main/README.md")

    assert head.headers["content-length"] == str(len(CARD.encode()))
    assert len(head.headers["x-repo-commit"]) == 40
    assert (part.status_code, part.text) == (206, CARD[4:11])
    assert same.status_code == 304
    assert raw.text == CARD


def test_the_client_downloads_a_card_a_file_and_a_snapshot(
    hub: LocalHub, described_model: str, tmp_path: Path
) -> None:
    api = hub.api()
    path = api.hf_hub_download(described_model, "README.md", cache_dir=tmp_path)
    snapshot = Path(api.snapshot_download(described_model, cache_dir=tmp_path))

    assert ModelCard(Path(path).read_text(encoding="utf-8")).data.pipeline_tag == "text-classification"
    assert sorted(file.name for file in snapshot.iterdir()) == [".gitattributes", "README.md"]


def test_what_is_missing_is_named(hub: LocalHub, described_model: str, tmp_path: Path) -> None:
    api = hub.api()
    with pytest.raises(RemoteEntryNotFoundError):
        api.hf_hub_download(described_model, "missing.txt", cache_dir=tmp_path)
    with pytest.raises(RevisionNotFoundError):
        api.hf_hub_download(described_model, "README.md", revision="missing", cache_dir=tmp_path)
    with pytest.raises(RepositoryNotFoundError):
        api.hf_hub_download("alice/missing", "README.md", cache_dir=tmp_path)
    with pytest.raises(RepositoryNotFoundError):
        api.model_info("missing")


def test_a_gated_model_shows_itself_but_not_its_files(hub: LocalHub, described_model: str) -> None:
    hub.api("alice").update_repo_settings(described_model, gated="manual")

    assert hub.api("bob").model_info(described_model).gated == "manual"
    with hub.browser() as browser:
        headers = {"Authorization": f"Bearer {hub.token('bob')}"}
        refused = browser.get(f"/{described_model}/resolve/main/README.md", headers=headers)
    assert (refused.status_code, refused.headers["x-error-code"]) == (403, "GatedRepo")
