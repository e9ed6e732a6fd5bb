"""Pull requests, as the real client opens, fills, reads and merges them."""

import pytest
from huggingface_hub import CommitOperationAdd
from huggingface_hub.errors import HfHubHTTPError

from tests.harness.local_hub import LocalHub
from tests.localhub.around_the_hub import Receiver


def add(path: str, text: str) -> CommitOperationAdd:
    return CommitOperationAdd(path, text.encode())


def propose(hub: LocalHub, who: str, model: str, path: str, text: str) -> int:
    """A pull request with one commit that writes one file; returns its number."""
    made = hub.api(who).create_commit(
        model, [add(path, text)], commit_message=f"Write {path}", create_pr=True
    )
    assert made.pr_num is not None
    return made.pr_num


def text_of(hub: LocalHub, model: str, path: str, revision: str = "main") -> str:
    with hub.browser() as browser:
        return browser.get(f"/{model}/resolve/{revision}/{path}").text


def test_a_stranger_may_propose_and_a_writer_merges(hub: LocalHub, model: str) -> None:
    num = propose(hub, "bob", model, "new.txt", "from bob\n")
    assert not hub.api("alice").file_exists(model, "new.txt")

    hub.api("alice").merge_pull_request(model, num, comment="Thank you")

    details = hub.api("alice").get_discussion_details(model, num)
    assert (details.status, details.target_branch) == ("merged", "refs/heads/main")
    newest = hub.api("alice").list_repo_commits(model)[0]
    assert newest.commit_id == details.merge_commit_oid
    assert newest.title == f"Write new.txt (#{num})"
    assert text_of(hub, model, "new.txt") == "from bob\n"
    assert [event.type for event in details.events] == ["comment", "commit", "status-change", "comment"]


def test_a_stranger_may_neither_commit_to_main_nor_merge(hub: LocalHub, model: str) -> None:
    bob = hub.api("bob")
    num = propose(hub, "bob", model, "new.txt", "x")
    with pytest.raises(HfHubHTTPError) as refused:
        bob.create_commit(model, [add("b.txt", "b")], commit_message="Push")
    assert refused.value.response.status_code == 403
    with pytest.raises(HfHubHTTPError) as refused:
        bob.merge_pull_request(model, num)
    assert refused.value.response.status_code == 403


def test_the_author_goes_on_committing_to_the_pull_request_and_nobody_elses(
    hub: LocalHub, model: str
) -> None:
    bob = hub.api("bob")
    own, foreign = propose(hub, "bob", model, "a", "1"), propose(hub, "alice", model, "c", "1")
    bob.create_commit(model, [add("b", "2")], commit_message="More", revision=f"refs/pr/{own}")
    titles = [commit.title for commit in bob.list_repo_commits(model, revision=f"refs/pr/{own}")]
    assert titles == ["More", "Write a", "initial commit"]
    with pytest.raises(HfHubHTTPError) as refused:
        bob.create_commit(model, [add("b", "2")], commit_message="More", revision=f"refs/pr/{foreign}")
    assert refused.value.response.status_code == 403


def test_files_changed_on_both_sides_are_conflicts_until_they_are_alike(hub: LocalHub, model: str) -> None:
    alice = hub.api("alice")
    num = propose(hub, "bob", model, "same.txt", "bob's")
    alice.create_commit(model, [add("same.txt", "alice's")], commit_message="First")
    assert alice.get_discussion_details(model, num).conflicting_files == ["same.txt"]
    with pytest.raises(HfHubHTTPError, match=r"conflicts in same\.txt"):
        alice.merge_pull_request(model, num)

    alice.create_commit(model, [add("same.txt", "bob's")], commit_message="Give in")
    alice.merge_pull_request(model, num)
    assert alice.get_discussion_details(model, num).status == "merged"


def test_merging_keeps_what_the_base_got_meanwhile(hub: LocalHub, model: str) -> None:
    alice = hub.api("alice")
    num = propose(hub, "bob", model, "theirs.txt", "bob")
    alice.create_commit(model, [add("ours.txt", "alice")], commit_message="Meanwhile")
    alice.merge_pull_request(model, num)
    assert {"ours.txt", "theirs.txt"} <= set(alice.list_repo_files(model))


def test_the_diff_reads_as_git_writes_it(hub: LocalHub, model: str) -> None:
    alice = hub.api("alice")
    alice.create_commit(model, [add("poem.txt", "one\ntwo\n")], commit_message="Poem")
    num = propose(hub, "bob", model, "poem.txt", "one\nthree")
    diff = alice.get_discussion_details(model, num).diff
    assert diff is not None
    assert diff.startswith("diff --git a/poem.txt b/poem.txt\nindex ")
    assert diff.endswith(
        "--- a/poem.txt\n+++ b/poem.txt\n@@ -1,2 +1,2 @@\n one\n-two\n+three\n\\ No newline at end of file\n"
    )


def test_a_draft_is_listed_with_the_open_ones_and_becomes_open(hub: LocalHub, model: str) -> None:
    alice = hub.api("alice")
    draft = alice.create_pull_request(model, "A plan")
    assert draft.status == "draft"
    alice.create_discussion(model, "Only words")
    found = alice.get_repo_discussions(model, discussion_type="pull_request", discussion_status="open")
    assert [one.num for one in found] == [draft.num]
    alice.change_discussion_status(model, draft.num, "open")
    assert alice.get_discussion_details(model, draft.num).status == "open"


@pytest.mark.parametrize("base", ["no-such-branch", "0" * 40])
def test_a_proposal_needs_a_branch_and_leaves_nothing_behind_without_one(
    hub: LocalHub, model: str, base: str
) -> None:
    with hub.browser() as browser:
        answer = browser.post(
            f"/api/models/{model}/commit/{base}?create_pr=1",
            content='{"key":"header","value":{"summary":"Nowhere"}}\n',
            headers={"Authorization": f"Bearer {hub.token('bob')}"},
        )
    assert (answer.status_code, answer.headers["X-Error-Code"]) == (404, "RevisionNotFound")
    assert list(hub.api("alice").get_repo_discussions(model)) == []


def test_webhooks_hear_of_the_pull_request_its_ref_and_the_merge(
    hub: LocalHub, model: str, listener: Receiver
) -> None:
    alice = hub.api("alice")
    alice.create_webhook(url=listener.url, watched=[{"type": "model", "name": model}])
    num = propose(hub, "bob", model, "f", "x")
    opened = [listener.next(), listener.next()]
    scopes = {body["event"]["scope"]: body for body in opened}
    shown = scopes["discussion"]["discussion"]
    assert (shown["isPullRequest"], shown["changes"]) == (True, {"base": "refs/heads/main"})
    [ref] = scopes["repo.content"]["updatedRefs"]
    assert (ref["ref"], ref["oldSha"]) == (f"refs/pr/{num}", None)

    alice.merge_pull_request(model, num)
    merged = {body["event"]["scope"]: body for body in [listener.next(), listener.next()]}
    assert merged["discussion"]["discussion"]["status"] == "merged"
    commit = merged["discussion"]["discussion"]["changes"]["mergeCommitId"]
    assert merged["repo.content"]["updatedRefs"][0]["newSha"] == commit
