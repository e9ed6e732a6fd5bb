"""Deleting large files for good: the history is rewritten as if they had never been there."""

from fastapi import APIRouter
from pydantic import BaseModel, Field

from bot.localhub import commits, discussions, large_files
from bot.localhub.accounts import TheCaller, TheHub
from bot.localhub.errors import HubError
from bot.localhub.repo_paths import API, WritableRepo
from bot.localhub.repos import Commit, Repo, change, current, history
from bot.localhub.state import Hub

router = APIRouter()


class Deletions(BaseModel):
    """`sha` names the pointers, as the list of large files does in `fileOid`."""

    sha: list[str] = Field(max_length=1000)
    rewrite_history: bool = Field(default=True, alias="rewriteHistory")


class Batch(BaseModel):
    deletions: Deletions


@router.post(API + "/lfs-files/batch")
def delete_for_good(hub: TheHub, caller: TheCaller, repo: WritableRepo, body: Batch) -> dict[str, bool]:
    caller.require("write-repos", "manage-repos")
    if not body.deletions.rewrite_history:
        raise HubError(
            501, "The local Hub deletes large files only together with the history that names them"
        )
    with hub.lock:
        before = current(hub, repo)
        after = _without(hub, before, frozenset(body.deletions.sha))
    for ref, oid in after.refs.items():
        if oid != before.refs[ref]:
            commits.moved(hub, after, ref, before.refs[ref], oid)
    return {"success": True}


def _without(hub: Hub, repo: Repo, gone: frozenset[str]) -> Repo:
    """The repo with all its commits written anew, and the old ones forgotten."""
    renamed: dict[str, Commit] = {}
    for ref in repo.refs:
        for commit in reversed(history(hub, repo, ref)):
            if commit.oid not in renamed:
                parent = renamed[commit.parent].oid if commit.parent else None
                renamed[commit.oid] = _rewritten(hub, repo, commit, parent, gone)
    for discussion in discussions.discussions_of(hub, repo):
        if discussion.fork in renamed:
            moved = discussion.model_copy(update={"fork": renamed[discussion.fork].oid})
            hub.all(discussions.Discussion).put(discussion.key, moved)
    repo = change(hub, repo, refs={ref: renamed[oid].oid for ref, oid in repo.refs.items()})
    for oid in set(renamed) - {commit.oid for commit in renamed.values()}:
        hub.all(Commit).delete(f"{repo.repo_id_hex}/{oid}")
    large_files.look_again(repo)
    return repo


def _rewritten(hub: Hub, repo: Repo, commit: Commit, parent: str | None, gone: frozenset[str]) -> Commit:
    files = {path: blob for path, blob in commit.files.items() if not (blob.lfs and blob.git_oid in gone)}
    if files == commit.files and parent == commit.parent:
        return commit
    return commits.name_and_put(hub, repo, commit.model_copy(update={"files": files, "parent": parent}))
