"""Branches, tags, refs and history, as the real client asks for them."""

import pytest
from huggingface_hub import CommitOperationAdd
from huggingface_hub.errors import HfHubHTTPError, RevisionNotFoundError

from tests.harness.local_hub import LocalHub


def test_pull_requests_are_among_the_refs_only_when_asked_for(hub: LocalHub, model: str) -> None:
    alice = hub.api("alice")
    alice.create_pull_request(model, "A plan")
    assert alice.list_repo_refs(model).pull_requests is None
    [found] = alice.list_repo_refs(model, include_pull_requests=True).pull_requests or []
    assert (found.name, found.ref) == ("refs/pr/1", "refs/pr/1")


def test_the_beginning_of_a_commit_id_stands_for_it(hub: LocalHub, model: str) -> None:
    alice = hub.api("alice")
    made = alice.create_commit(model, [CommitOperationAdd("a", b"1")], commit_message="Add")
    alice.create_commit(model, [CommitOperationAdd("a", b"2")], commit_message="Change")
    assert alice.model_info(model, revision=made.oid[:7]).sha == made.oid
    with pytest.raises(RevisionNotFoundError):
        alice.model_info(model, revision=made.oid[:6])


def test_a_branch_that_is_taken_missing_or_main_is_refused_by_its_name(hub: LocalHub, model: str) -> None:
    alice = hub.api("alice")
    alice.create_branch(model, branch="side")
    with pytest.raises(HfHubHTTPError, match="Reference refs/heads/side already exists") as refused:
        alice.create_branch(model, branch="side")
    assert refused.value.response.status_code == 409
    with pytest.raises(HfHubHTTPError, match="Cannot delete refs/heads/main"):
        alice.delete_branch(model, branch="main")
    with pytest.raises(RevisionNotFoundError):
        alice.delete_branch(model, branch="other")


def test_squashing_leaves_one_commit_with_the_same_files(hub: LocalHub, model: str) -> None:
    alice = hub.api("alice")
    alice.create_commit(model, [CommitOperationAdd("a", b"1")], commit_message="Add")
    alice.create_branch(model, branch="kept")
    alice.super_squash_history(model, commit_message="All in one")
    assert [commit.title for commit in alice.list_repo_commits(model)] == ["All in one"]
    assert "a" in alice.list_repo_files(model)
    assert len(alice.list_repo_commits(model, revision="kept")) == 2


def test_titles_come_formatted_and_harmless(hub: LocalHub, model: str) -> None:
    alice = hub.api("alice")
    alice.create_commit(model, [CommitOperationAdd("a", b"1")], commit_message="<b>bold</b>")
    newest = alice.list_repo_commits(model, formatted=True)[0]
    assert newest.title == "<b>bold</b>"
    assert newest.formatted_title == "&lt;b&gt;bold&lt;/b&gt;"
