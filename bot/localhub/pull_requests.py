"""Pull requests: discussions with commits of their own on `refs/pr/N`, which writers can merge into the base.

As on the Hub, a merge puts one new commit on the base, whatever the number of commits in the pull request.
"""

from collections.abc import Mapping

from bot.localhub import commits, discussions, webhook_events
from bot.localhub.accounts import User
from bot.localhub.commits import Changes
from bot.localhub.discussion_records import Discussion, EventType
from bot.localhub.errors import HubError
from bot.localhub.repos import Blob, Commit, Repo, change, commit_at, current
from bot.localhub.state import Hub


def open_draft(hub: Hub, repo: Repo, author: User, title: str, text: str) -> Discussion:
    """A pull request on `main` without a commit yet."""
    return _open(hub, repo, author, title, text, status="draft")


def propose(hub: Hub, repo: Repo, author: User, changes: Changes, *, base: str) -> tuple[Discussion, Commit]:
    """Commit to a new pull request instead of to the base branch."""
    new = commits.propose(hub, repo, author.name, changes, base=base)
    title = changes.summary.strip()[: discussions.LONGEST_TITLE].ljust(discussions.SHORTEST_TITLE, ".")
    opened = _open(hub, repo, author, title, changes.description, base=base, commit=new, status="open")
    return opened, new


def push(hub: Hub, repo: Repo, author: User, changes: Changes, ref: str) -> Commit:
    """Commit to a branch or to a pull request, whose page then shows the commit."""
    discussion = _of_ref(hub, repo, ref)
    if discussion is not None and discussion.status in {"merged", "closed"}:
        raise HubError(403, f"This pull request is {discussion.status}: open a new one for more commits")
    before = repo.refs.get(ref)
    new = commits.apply(hub, repo, author.name, changes, branch=ref)
    if discussion is not None and new.oid != before:
        discussions.append(hub, discussion, discussions.new_event(author, EventType.COMMIT, _shown(new)))
    return new


def merge(hub: Hub, repo: Repo, discussion: Discussion, by: User, comment: str | None) -> Discussion:
    """Bring the changes into the base as one commit. 409 when files were changed on both sides."""
    ref = _base_of(discussion)
    if discussion.status not in {"open", "draft"}:
        raise HubError(400, f"This pull request is {discussion.status}, so it cannot be merged")
    with hub.at_once():
        repo = current(hub, repo)
        clash = conflicts(hub, repo, discussion)
        if clash:
            raise HubError(409, f"There are conflicts in {', '.join(clash)[:500]}: solve them first")
        head = commit_at(hub, repo, ref)
        new = _merged(hub, repo, discussion, by, head)
        repo = change(hub, repo, refs={**repo.refs, ref: new.oid})
        event = discussions.new_event(by, EventType.STATUS_CHANGE, {"status": "merged"})
        discussion = discussions.append(hub, discussion, event, status="merged", merged_as=new.oid)
    if comment:
        discussions.add_comment(hub, repo, discussion, by, comment)
    commits.moved(hub, repo, ref, head.oid, new.oid)
    webhook_events.discussion_updated(hub, repo, discussion)
    return discussion


def conflicts(hub: Hub, repo: Repo, discussion: Discussion) -> list[str]:
    """The files that both the pull request and, meanwhile, its base have changed, each in its own way."""
    if discussion.status == "merged" or _base_of(discussion) not in repo.refs:
        return []
    start, ours, theirs = _sides(hub, repo, discussion)
    changed = _difference(start, theirs)
    return [
        path for path in _difference(start, ours) if path in changed and ours.get(path) != theirs.get(path)
    ]


def _open(
    hub: Hub,
    repo: Repo,
    author: User,
    title: str,
    text: str,
    *,
    status: str,
    base: str = "refs/heads/main",
    commit: Commit | None = None,
) -> Discussion:
    with hub.at_once():
        repo = current(hub, repo)
        fork = repo.refs[base]
        first = discussions.new_comment(author, discussions.checked_length(text))
        new = discussions.new_discussion(hub, repo, author, title, first)
        new = new.model_copy(update={"base": base, "fork": fork, "status": status})
        events = new.events
        if commit is not None and commit.oid != fork:
            events = (*events, discussions.new_event(author, EventType.COMMIT, _shown(commit)))
        head = commit.oid if commit is not None else fork
        repo = change(hub, repo, refs={**repo.refs, new.ref: head})
        new = hub.all(Discussion).put(new.key, new.model_copy(update={"events": events}))
    webhook_events.discussion_opened(hub, repo, new)
    webhook_events.content_updated(hub, repo, new.ref, None, head)
    return new


def _of_ref(hub: Hub, repo: Repo, ref: str) -> Discussion | None:
    if not ref.startswith("refs/pr/"):
        return None
    return hub.all(Discussion).get(f"{repo.repo_id_hex}/{ref.removeprefix('refs/pr/')}")


def _merged(hub: Hub, repo: Repo, discussion: Discussion, by: User, head: Commit) -> Commit:
    start, ours, theirs = _sides(hub, repo, discussion)
    files = dict(ours)
    for path in _difference(start, theirs):
        files.pop(path, None)
        if path in theirs:
            files[path] = theirs[path]
    told = [
        f"- {event.data['subject']} ({event.data['oid']})"
        for event in discussion.events
        if event.type is EventType.COMMIT
    ]
    return commits.put_commit(
        hub,
        repo,
        by.name,
        dict(sorted(files.items())),
        parent=head,
        summary=f"{discussion.title} (#{discussion.num})",
        message="\n".join(told),
    )


def _sides(
    hub: Hub, repo: Repo, discussion: Discussion
) -> tuple[Mapping[str, Blob], Mapping[str, Blob], Mapping[str, Blob]]:
    """The files where the two parted, on the base, and in the pull request."""
    assert discussion.fork is not None
    revisions = (discussion.fork, _base_of(discussion), discussion.ref)
    start, ours, theirs = (commit_at(hub, repo, revision).files for revision in revisions)
    return start, ours, theirs


def _difference(before: Mapping[str, Blob], after: Mapping[str, Blob]) -> list[str]:
    return sorted(path for path in {*before, *after} if before.get(path) != after.get(path))


def _base_of(discussion: Discussion) -> str:
    if discussion.base is None:
        raise HubError(400, "This is a discussion, not a pull request: there is nothing to merge")
    return discussion.base


def _shown(commit: Commit) -> dict[str, str]:
    return {"subject": commit.title, "oid": commit.oid}
