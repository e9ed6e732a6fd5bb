"""Making a commit. The branch is moved last, so that a kill leaves nothing half-made."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.localhub import blobs, git_patterns, preupload, spaces, webhook_events
from bot.localhub.errors import HubError
from bot.localhub.repos import Blob, Commit, Repo, RepoKind, change, commit_at, current
from bot.localhub.state import Hub, now


@dataclass
class Changes:
    """What a commit does. `add` is content by path; deleting a folder takes all that is under it."""

    summary: str
    description: str = ""
    parent: str | None = None
    """The commit that the branch must be at, if the client insists."""
    add: dict[str, bytes] = field(default_factory=dict)
    large: dict[str, Blob] = field(default_factory=dict)
    """Files of large-file storage, whose content is already here."""
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
    ref = full_ref(branch)
    added = _arrived(hub, changes)
    with hub.lock:
        repo = current(hub, repo)
        head = _head(hub, repo, ref, changes.parent)
        new = _build(hub, repo, author, changes, added, head)
        if new is head:
            return head
        repo = change(hub, repo, refs={**repo.refs, ref: new.oid})
    moved(hub, repo, ref, head.oid, new.oid)
    return new


def propose(hub: Hub, repo: Repo, author: str, changes: Changes, *, base: str) -> Commit:
    """The commit that would make these changes to the base branch. No ref points at it yet."""
    head = _head(hub, current(hub, repo), base, changes.parent)
    return _build(hub, repo, author, changes, _arrived(hub, changes), head)


def full_ref(branch: str) -> str:
    """A branch is named with or without what stands before it; a pull request's ref always in full."""
    return branch if branch.startswith("refs/") else f"refs/heads/{branch}"


def moved(hub: Hub, repo: Repo, ref: str, old: str | None, new: str | None) -> None:
    """Tell the webhooks that a ref moved and, for `main` of a Space, start its build."""
    webhook_events.content_updated(hub, repo, ref, old, new)
    if repo.kind is RepoKind.SPACE and ref == "refs/heads/main":
        spaces.pushed(hub, repo)


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
    parent_oid = parent.oid if parent else None
    unnamed = Commit(
        oid="",
        parent=parent_oid,
        title=summary,
        message=message,
        author=author,
        date=now(),
        files=dict(files),
    )
    return name_and_put(hub, repo, unnamed)


def name_and_put(hub: Hub, repo: Repo, commit: Commit) -> Commit:
    """Give the commit the id that git gives it, and store it."""
    named = commit.model_copy(update={"oid": blobs.git_hash("commit", commit.git_body)})
    return hub.all(Commit).put(f"{repo.repo_id_hex}/{named.oid}", named)


def _arrived(hub: Hub, changes: Changes) -> dict[str, Blob]:
    for path in (*changes.add, *changes.large):
        check_path(path)
    return {path: _store(hub, path, content) for path, content in changes.add.items()} | changes.large


def _build(
    hub: Hub, repo: Repo, author: str, changes: Changes, added: Mapping[str, Blob], head: Commit
) -> Commit:
    """The commit on top of `head`, stored; `head` itself when nothing changes."""
    files = _with_attributes(hub, _changed(head.files, added, changes), changes.large)
    if files == head.files:
        return head
    return put_commit(
        hub, repo, author, files, parent=head, summary=changes.summary, message=changes.description
    )


def _store(hub: Hub, path: str, content: bytes) -> Blob:
    return Blob(path=path, oid=blobs.store(hub, content), size=len(content))


def _head(hub: Hub, repo: Repo, ref: str, expected: str | None) -> Commit:
    if ref not in repo.refs:
        raise HubError(404, f"Invalid rev id: {ref}", code="RevisionNotFound")
    if expected is not None and expected != repo.refs[ref]:
        raise HubError(
            412, "The branch was updated since you opened this page. Please refresh and try again."
        )
    return commit_at(hub, repo, repo.refs[ref])


def _changed(before: Mapping[str, Blob], added: Mapping[str, Blob], changes: Changes) -> dict[str, Blob]:
    files = dict(before)
    for path in changes.delete:
        inside = [file for file in files if file == path or file.startswith(f"{path}/")]
        if not inside:
            raise HubError(
                404, f"{path[:200]!r} does not exist, so it cannot be deleted", code="EntryNotFound"
            )
        for file in inside:
            del files[file]
    for folder in changes.delete_folders:
        files = {path: blob for path, blob in files.items() if not path.startswith(folder.rstrip("/") + "/")}
    files.update(added)
    _check_no_file_is_a_folder(files, added)
    return dict(sorted(files.items()))


def _with_attributes(hub: Hub, files: dict[str, Blob], large: Iterable[str]) -> dict[str, Blob]:
    """A large file that `.gitattributes` does not speak of is added there, so that git knows it as one."""
    before = text = preupload.text_of(hub, files, ".gitattributes")
    for path in large:
        if not git_patterns.large_paths(text, path):
            text = git_patterns.with_large_path(text, path)
    if text == before:
        return files
    return dict(sorted({**files, ".gitattributes": _store(hub, ".gitattributes", text.encode())}.items()))


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


def check_path(path: str) -> None:
    """HubError 422 for a path that cannot be in a repo."""
    parts = path.split("/")
    is_bad = any(part in {"", ".", "..", ".git"} or len(part.encode()) > 255 for part in parts)
    climbs_on_windows = path.startswith("..\\")
    if is_bad or climbs_on_windows or not path.isprintable() or len(path) > 1000:
        raise HubError(422, f"Invalid path in the repo: {path[:200]!r}. Use names joined by single slashes")
