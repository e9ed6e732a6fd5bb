"""Who may commit where: writers to every branch, everyone who may read to a pull request of their own."""

from typing import Annotated

from fastapi import Depends, Request

from bot.localhub.accounts import Caller, MaybeCaller, TheHub
from bot.localhub.discussion_records import Discussion
from bot.localhub.errors import HubError
from bot.localhub.repos import Repo, RepoKind, find, may_write
from bot.localhub.state import Hub


def _committable(
    request: Request,
    hub: TheHub,
    caller: MaybeCaller,
    kind: RepoKind,
    namespace: str,
    name: str,
    create_pr: bool = False,
) -> Repo:
    """The repo, for committing to the revision that the address names or, with `create_pr`, for proposing."""
    where = request.path_params.get("revision") or request.path_params.get("branch") or "main"
    return find_to_commit(hub, kind, f"{namespace}/{name}", caller, where, create_pr=create_pr)


def find_to_commit(
    hub: Hub, kind: RepoKind, repo_id: str, caller: Caller | None, revision: str, *, create_pr: bool = False
) -> Repo:
    """As `find` with `write`, but a pull request needs no more than reading and being its author."""
    repo = find(hub, kind, repo_id, caller)
    if caller is None:
        raise HubError(401, "Invalid username or password.")
    if may_write(hub, repo, caller) or not (create_pr or _is_own(hub, repo, caller, revision)):
        return find(hub, kind, repo_id, caller, write=True)
    caller.require("write-discussions", "write-repos", "manage-repos")
    return repo


def _is_own(hub: Hub, repo: Repo, caller: Caller, revision: str) -> bool:
    num = revision.removeprefix("refs/pr/")
    discussion = hub.all(Discussion).get(f"{repo.repo_id_hex}/{num}")
    is_request = discussion is not None and discussion.is_pull_request and revision.startswith("refs/pr/")
    return is_request and discussion is not None and discussion.author_id == caller.user.id


CommittableRepo = Annotated[Repo, Depends(_committable)]
