"""Making a commit. The branch is moved last, so that a kill leaves nothing half-made."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.localhub import blobs, git_objects, spaces, webhook_events
from bot.localhub.errors import HubError
from bot.localhub.repos import Blob, Commit, Repo, RepoKind, change, commit_at, current
from bot.localhub.state import Hub, now


@dataclass
class Changes:
    """What a commit does. `add` is content by path; a deleted folder takes all that is under it."""

    summary: str
    description: str = ""
    parent: str | None = None
    """The commit that the branch must be at, if the client insists."""
    add: dict[str, bytes] = field(default_factory=dict)
    delete: list[str] = field(default_factory=list)
    delete_folders: list[str] = field(default_factory=list)


def commit(
    hub: Hub,
    repo: Repo,
    caller_name: str,
    *,
    summary: str,
    add: Mapping[str, bytes],
    delete: Iterable[str] = (),
    branch: str = "main",
) -> Commit:
    """Commit to a branch; tell the webhooks and, for `main` of a Space, start its build."""
    return apply(hub, repo, caller_name, Changes(summary, add=dict(add), delete=list(delete)), branch=branch)


def apply(hub: Hub, repo: Repo, author: str, changes: Changes, *, branch: str = "main") -> Commit:
    """As `commit`. When nothing changes, the answer is the branch's head and nobody is told."""
    for path in changes.add:
        _check_path(path)
    added = {path: _store(hub, path, content) for path, content in changes.add.items()}
    ref = f"refs/heads/{branch}"
    with hub.lock:
        repo = current(hub, repo)
        head = _head(hub, repo, ref, changes.parent)
        files = _changed(head.files, added, changes)
        if files == head.files:
            return head
        new = put_commit(
            hub, repo, author, files, parent=head, summary=changes.summary, message=changes.description
        )
        repo = change(hub, repo, refs={**repo.refs, ref: new.oid})
    webhook_events.content_updated(hub, repo, ref, head.oid, new.oid)
    if repo.kind is RepoKind.SPACE and branch == "main":
        spaces.pushed(hub, repo)
    return new


def first_commit(hub: Hub, repo: Repo, author: str, files: Mapping[str, bytes]) -> Repo:
    """Give a new repo its `main` and store it."""
    stored = {path: _store(hub, path, content) for path, content in files.items()}
    with hub.lock:
        initial = put_commit(hub, repo, author, stored, parent=None, summary="initial commit")
        repo = repo.model_copy(update={"refs": {"refs/heads/main": initial.oid}})
        return hub.all(Repo).put(repo.key, repo)


def put_commit(
    hub: Hub,
    repo: Repo,
    author: str,
    files: Mapping[str, Blob],
    *,
    parent: Commit | None,
    summary: str,
    message: str = "",
) -> Commit:
    """Store a commit. No one sees it until a ref points at it."""
    tree = git_objects.folder_oids({path: blob.oid for path, blob in files.items()})[""]
    text = f"{summary}\n\n{message}" if message else summary
    parent_oid = parent.oid if parent else None
    oid = git_objects.commit_oid(tree, parent_oid, author, int(time.time()), text)
    new = Commit(
        oid=oid,
        parent=parent_oid,
        title=summary,
        message=message,
        author=author,
        date=now(),
        files=dict(files),
    )
    return hub.all(Commit).put(f"{repo.repo_id_hex}/{oid}", new)


def _store(hub: Hub, path: str, content: bytes) -> Blob:
    return Blob(path=path, oid=blobs.store(hub, content), size=len(content))


def _head(hub: Hub, repo: Repo, ref: str, expected: str | None) -> Commit:
    if ref not in repo.refs:
        raise HubError(404, f"Invalid rev id: {ref}", code="RevisionNotFound")
    if expected is not None and expected != repo.refs[ref]:
        raise HubError(412, "A commit has happened since. Please refresh and try again.")
    return commit_at(hub, repo, repo.refs[ref])


def _changed(before: Mapping[str, Blob], added: Mapping[str, Blob], changes: Changes) -> dict[str, Blob]:
    files = dict(before)
    for path in changes.delete:
        if files.pop(path, None) is None:
            raise HubError(
                404, f"{path[:200]!r} does not exist, so it cannot be deleted", code="EntryNotFound"
            )
    for folder in changes.delete_folders:
        files = {path: blob for path, blob in files.items() if not path.startswith(folder.rstrip("/") + "/")}
    files.update(added)
    _check_no_file_is_a_folder(files, added)
    return dict(sorted(files.items()))


def _check_no_file_is_a_folder(files: Mapping[str, Blob], added: Iterable[str]) -> None:
    if not added:
        return
    folders = {folder for path in files for folder in _folders_above(path)}
    clash = next((path for path in files if path in folders), None)
    if clash is not None:
        raise HubError(
            400, f"{clash} cannot be a file and a folder at once: delete one of them in the same commit"
        )


def _folders_above(path: str) -> Iterable[str]:
    parts = path.split("/")
    return ("/".join(parts[:count]) for count in range(1, len(parts)))


def _check_path(path: str) -> None:
    parts = path.split("/")
    is_bad = any(part in {"", ".", "..", ".git"} or len(part.encode()) > 255 for part in parts)
    if is_bad or not path.isprintable() or "\\" in path or len(path) > 1000:
        raise HubError(400, f"Invalid path in the repo: {path[:200]!r}. Use names joined by single slashes")
