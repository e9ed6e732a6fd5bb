"""Bringing a rebuilt app into its Space: one commit in, one commit back, and nobody else's work touched."""

import secrets

import pytest
from huggingface_hub import HfApi

from tests.harness.local_hub import LocalHub
from worker.errors import Failed
from worker.hub import Hub
from worker.promotion import STAGING_OF, promote, remove_staging, restore, staging_name, standing
from worker.space import LONGEST_NAME, MARK, Wanted, create_space, mark_of, upload

PAGE = b"---\nsdk: static\n---\n"


@pytest.fixture
def alice(local_hub: LocalHub) -> Hub:
    return Hub(local_hub.token("alice"), local_hub.endpoint)


def static_space(hub: Hub, *, name: str = "", **variables: str) -> str:
    """A Space of alice's with two files."""
    space_id = name or f"alice/page-{secrets.token_hex(3)}"
    settings = [{"key": key, "value": value} for key, value in variables.items()]
    hub.api.create_repo(space_id, repo_type="space", space_sdk="static", space_variables=settings)
    for path, content in {"README.md": PAGE, "index.html": b"old", "old.txt": b"old"}.items():
        hub.api.upload_file(path_or_fileobj=content, path_in_repo=path, repo_id=space_id, repo_type="space")
    return space_id


def files_of(api: HfApi, space_id: str) -> set[str]:
    return set(api.list_repo_files(space_id, repo_type="space")) - {".gitattributes"}


def test_a_rebuilt_app_comes_in_as_one_commit_and_goes_out_as_one(alice: Hub) -> None:
    space_id = static_space(alice, **{MARK: "run-1"})
    old = standing(alice, space_id)

    promoted = promote(alice, old, {"README.md": PAGE, "index.html": b"new"}, "Rebuilt")
    after = files_of(alice.api, space_id)
    back = restore(alice, old, promoted)

    assert after == {"README.md", "index.html"}
    assert files_of(alice.api, space_id) == {"README.md", "index.html", "old.txt"}
    assert alice.read_of_space(space_id, back, "index.html", 100) == b"old"
    commits = [each.commit_id for each in alice.api.list_repo_commits(space_id, repo_type="space")]
    assert commits[:3] == [back, promoted, old.commit]


def test_a_space_that_was_changed_meanwhile_is_left_as_it_is(alice: Hub) -> None:
    space_id = static_space(alice, **{MARK: "run-1"})
    old = standing(alice, space_id)
    alice.api.upload_file(
        path_or_fileobj=b"by hand", path_in_repo="index.html", repo_id=space_id, repo_type="space"
    )

    with pytest.raises(Failed, match="was changed while it was being rebuilt") as ended:
        promote(alice, old, {"index.html": b"new"}, "Rebuilt")

    assert ended.value.category == "changed_meanwhile"
    assert alice.read_of_space(space_id, "main", "index.html", 100) == b"by hand"


def test_a_space_that_we_did_not_make_is_never_touched(alice: Hub) -> None:
    with pytest.raises(Failed, match="was not made by Space Factory and was left alone"):
        standing(alice, static_space(alice))


def test_a_space_that_is_not_there_can_only_be_built(alice: Hub) -> None:
    with pytest.raises(Failed, match="Ask for a build instead of a rebuild"):
        standing(alice, "alice/never-made")


def test_a_staging_space_is_removed_and_a_space_with_its_name_is_not(alice: Hub) -> None:
    target = static_space(alice, **{MARK: "run-1"})
    other = static_space(alice, **{MARK: "run-1"})
    staging = static_space(alice, name=staging_name(target), **{STAGING_OF: target})
    mine = static_space(alice, name=staging_name(other))

    assert remove_staging(alice, target) == (staging,)
    assert remove_staging(alice, target) == ()
    assert remove_staging(alice, other) == ()
    assert not alice.api.repo_exists(staging, repo_type="space")
    assert alice.api.repo_exists(mine, repo_type="space")


def test_a_staging_space_that_could_not_be_deleted_is_taken_over(alice: Hub) -> None:
    target = static_space(alice, **{MARK: "run-1"})
    staging = static_space(alice, name=staging_name(target), **{STAGING_OF: target, MARK: "run-2"})
    wanted = Wanted(options=(), variables={STAGING_OF: target})

    taken = create_space(alice, staging, "run-3", wanted)
    upload(alice, taken, "run-3", {"app.py": "pass", "README.md": PAGE.decode()}, "again")

    assert (taken.id, mark_of(alice, staging)) == (staging, "run-3")
    assert alice.api.file_exists(staging, "app.py", repo_type="space")
    assert not alice.api.file_exists(staging, "index.html", repo_type="space")
    other = create_space(alice, staging, "run-4", Wanted(options=(), variables={STAGING_OF: "alice/other"}))
    assert other.id == f"{staging}-2"


def test_the_staging_name_of_a_long_name_is_one_that_the_hub_takes() -> None:
    owner, name = staging_name(f"alice/{'x' * LONGEST_NAME}").split("/")

    assert (owner, len(name)) == ("alice", LONGEST_NAME)
    assert name.endswith("-staging")


def test_a_promotion_whose_answer_is_lost_is_found_and_not_made_twice(
    alice: Hub, local_hub: LocalHub
) -> None:
    space_id = static_space(alice, **{MARK: "run-1"})
    old = standing(alice, space_id)
    route = f"POST /api/spaces/{space_id}/commit/main"
    local_hub.misbehaves("truncated-body", route=route, times=1)

    promoted = promote(alice, old, {"README.md": PAGE, "index.html": b"new"}, "Rebuilt")

    commits = [each.commit_id for each in alice.api.list_repo_commits(space_id, repo_type="space")]
    assert commits[:2] == [promoted, old.commit]
