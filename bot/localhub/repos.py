"""Repos and their commits: the records, who may see and change them, and what is in them at a revision."""

import re
import secrets
import shutil
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from bot.localhub import blobs, git_objects, misbehaviour, move_records
from bot.localhub.accounts import Caller
from bot.localhub.errors import HubError, forbidden, not_found
from bot.localhub.misbehaviour import Switch
from bot.localhub.state import Hub, Record, now

_ABBREVIATED = re.compile("[0-9a-f]{7,39}")


class RepoKind(StrEnum):
    MODEL = "model"
    SPACE = "space"
    DATASET = "dataset"

    @property
    def plural(self) -> str:
        return f"{self}s"

    @property
    def prefix(self) -> str:
        """What stands before the repo's id in its web address."""
        return "" if self is RepoKind.MODEL else f"{self.plural}/"


class Blob(BaseModel):
    """A file in a commit. `oid` is the git sha1 of its content, or the sha256 when `lfs`."""

    model_config = ConfigDict(frozen=True)

    path: str
    oid: str
    size: int
    lfs: bool = False

    @property
    def git_oid(self) -> str:
        """What git itself keeps: for a large file, a pointer to it."""
        return blobs.git_hash("blob", self.pointer) if self.lfs else self.oid

    @property
    def pointer(self) -> bytes:
        text = f"version https://git-lfs.github.com/spec/v1\noid sha256:{self.oid}\nsize {self.size}\n"
        return text.encode()


class Commit(Record):
    """One commit with all its files. Stored under `<repo_id_hex>/<oid>`."""

    oid: str
    parent: str | None
    title: str
    message: str = ""
    author: str
    date: str
    files: dict[str, Blob]

    @property
    def git_body(self) -> bytes:
        """What git keeps of the commit; its sha1 is `oid`."""
        tree = git_objects.folder_oids({path: blob.git_oid for path, blob in self.files.items()})[""]
        text = f"{self.title}\n\n{self.message}" if self.message else self.title
        seconds = int(datetime.fromisoformat(self.date).timestamp())
        return git_objects.commit_body(tree, self.parent, self.author, seconds, text)


class Repo(Record):
    """A repo. Its commits are reached only through `refs`, so putting this record publishes them."""

    id: str
    """`owner/name`"""
    repo_id_hex: str
    """24 hex digits, never reused."""
    kind: RepoKind
    private: bool = False
    protected: bool = False
    """A private Space whose app everyone may use."""
    gated: str | bool = False
    """False, "auto" or "manual"."""
    refs: dict[str, str] = Field(default_factory=dict)
    """Full ref, such as refs/heads/main, to commit id."""
    created_at: str
    created_by: str
    app: str | None = None
    """Client id of the OAuth app that created it."""
    sdk: str | None = None

    @property
    def key(self) -> str:
        return key_of(self.kind, self.id)

    @property
    def owner(self) -> str:
        return self.id.partition("/")[0]

    @property
    def name(self) -> str:
        return self.id.partition("/")[2]

    @property
    def visibility(self) -> str:
        private = "protected" if self.protected else "private"
        return private if self.private else "public"

    @property
    def head(self) -> str:
        return self.refs["refs/heads/main"]


def key_of(kind: RepoKind, repo_id: str) -> str:
    return f"{kind}:{repo_id}"


def web_url(hub: Hub, repo: Repo) -> str:
    return f"{hub.endpoint}/{repo.kind.prefix}{repo.id}"


def api_url(hub: Hub, repo: Repo) -> str:
    return f"{hub.endpoint}/api/{repo.kind.plural}/{repo.id}"


def new_repo(
    kind: RepoKind,
    repo_id: str,
    *,
    private: bool,
    created_by: str,
    protected: bool = False,
    app: str | None = None,
    sdk: str | None = None,
) -> Repo:
    return Repo(
        id=repo_id,
        repo_id_hex=secrets.token_hex(12),
        kind=kind,
        private=private or protected,
        protected=protected,
        created_at=now(),
        created_by=created_by,
        app=app,
        sdk=sdk,
    )


def may_read(hub: Hub, repo: Repo, caller: Caller | None) -> bool:
    """Everyone reads a public repo. A private one needs its owner, and a scope that reaches it."""
    if not repo.private:
        return True
    if caller is None or not caller.owns(hub, repo.owner):
        return False
    return caller.may("read-repos", "write-repos", "manage-repos") or _made_by_its_app(repo, caller)


def may_write(hub: Hub, repo: Repo, caller: Caller) -> bool:
    if not caller.may_change(hub, repo.owner):
        return False
    return caller.may("write-repos", "manage-repos") or _made_by_its_app(repo, caller)


def _made_by_its_app(repo: Repo, caller: Caller) -> bool:
    """`contribute-repos` reaches only what the very same OAuth app created."""
    return caller.may("contribute-repos") and repo.app is not None and repo.app == caller.token.app


def find(hub: Hub, kind: RepoKind, repo_id: str, caller: Caller | None, *, write: bool = False) -> Repo:
    """The repo, if the caller may see it, and with `write` change it.

    A repo that the caller may not see does not exist for them: RepoNotFound, 401 when anonymous.
    """
    repo = hub.all(Repo).get(key_of(kind, repo_id)) or _known_otherwise(hub, kind, repo_id, caller)
    if repo is None or not may_read(hub, repo, caller) or _is_late(hub, repo):
        if caller is None:
            raise HubError(401, "Repository not found", code="RepoNotFound")
        raise not_found("Repository", "RepoNotFound")
    if write:
        _check_write(hub, repo, caller)
    return repo


def _known_otherwise(hub: Hub, kind: RepoKind, repo_id: str, caller: Caller | None) -> Repo | None:
    """The repo whose name differs only in case. Raises RepoMoved for a name that a repo once had."""
    moved_to = move_records.who_was(hub, key_of(kind, repo_id))
    for repo in hub.all(Repo):
        if repo.repo_id_hex == moved_to and may_read(hub, repo, caller):
            raise move_records.RepoMoved(repo_id, repo.id)
        if repo.kind is kind and repo.id.lower() == repo_id.lower():
            return repo
    return None


def _is_late(hub: Hub, repo: Repo) -> bool:
    born = datetime.fromisoformat(repo.created_at).timestamp()
    return misbehaviour.is_late(hub, Switch.REPO_LATE, born, key=repo.id, default=1)


def _check_write(hub: Hub, repo: Repo, caller: Caller | None) -> None:
    if caller is None:
        raise HubError(401, "Invalid username or password.")
    if not caller.may_change(hub, repo.owner):
        raise forbidden()
    if not may_write(hub, repo, caller):
        raise forbidden(
            "This token is missing the required scope: write-repos or manage-repos"
            " (contribute-repos reaches only the repos that the same app created)"
        )


def current(hub: Hub, repo: Repo) -> Repo:
    """The repo as it is now, for a look-compare-write under the lock."""
    found = hub.all(Repo).get(repo.key)
    if found is None or found.repo_id_hex != repo.repo_id_hex:
        raise not_found("Repository", "RepoNotFound")
    return found


def change(hub: Hub, repo: Repo, **fields: object) -> Repo:
    """Store the repo with these fields changed."""
    with hub.lock:
        return hub.all(Repo).put(repo.key, current(hub, repo).model_copy(update=fields))


def resolve_revision(hub: Hub, repo: Repo, revision: str) -> str:
    """The commit id that a branch, tag, full ref or commit id stands for. Raises RevisionNotFound."""
    if revision == "HEAD":
        return repo.head
    for ref in (revision, f"refs/heads/{revision}", f"refs/tags/{revision}"):
        if ref in repo.refs:
            return repo.refs[ref]
    if f"{repo.repo_id_hex}/{revision}" in hub.all(Commit):
        return revision
    if _ABBREVIATED.fullmatch(revision) and (found := _abbreviated(hub, repo, revision)) is not None:
        return found
    raise HubError(404, f"Invalid rev id: {revision}", code="RevisionNotFound")


def _abbreviated(hub: Hub, repo: Repo, beginning: str) -> str | None:
    """The one commit reached by the repo's refs whose id begins like this."""
    oids = {commit.oid for ref in repo.refs.values() for commit in history(hub, repo, ref)}
    found = [oid for oid in oids if oid.startswith(beginning)]
    return found[0] if len(found) == 1 else None


def commit_at(hub: Hub, repo: Repo, revision: str) -> Commit:
    commit = hub.all(Commit).get(f"{repo.repo_id_hex}/{resolve_revision(hub, repo, revision)}")
    assert commit is not None
    return commit


def history(hub: Hub, repo: Repo, revision: str) -> list[Commit]:
    """The commits that led to the revision, newest first."""
    commits = [commit_at(hub, repo, revision)]
    while (parent := commits[-1].parent) is not None:
        commits.append(commit_at(hub, repo, parent))
    return commits


def files_at(hub: Hub, repo: Repo, revision: str) -> dict[str, Blob]:
    return commit_at(hub, repo, revision).files


def read_file(hub: Hub, repo: Repo, revision: str, path: str) -> bytes | None:
    blob = files_at(hub, repo, revision).get(path)
    return None if blob is None else blobs.read(hub, blob.oid)


def checkout(hub: Hub, repo: Repo, revision: str, folder: Path) -> None:
    """Write the files of the revision into the folder."""
    for path, blob in files_at(hub, repo, revision).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(blobs.path_of(hub, blob.oid), target)
