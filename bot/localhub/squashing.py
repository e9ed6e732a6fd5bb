"""Super-squash: a branch's whole history becomes one commit with the files of today."""

from fastapi import APIRouter
from pydantic import BaseModel

from bot.localhub import commits
from bot.localhub.accounts import TheCaller, TheHub
from bot.localhub.repo_paths import API, WritableRepo
from bot.localhub.repos import change, commit_at, current

router = APIRouter()


class Message(BaseModel):
    message: str


@router.post(API + "/super-squash/{branch:path}")
def super_squash(
    hub: TheHub, caller: TheCaller, repo: WritableRepo, branch: str, body: Message
) -> dict[str, str]:
    ref = commits.full_ref(branch)
    with hub.lock:
        repo = current(hub, repo)
        head = commit_at(hub, repo, ref)
        new = commits.put_commit(hub, repo, caller.user.name, head.files, parent=None, summary=body.message)
        repo = change(hub, repo, refs={**repo.refs, ref: new.oid})
    commits.moved(hub, repo, ref, head.oid, new.oid)
    return {"commitOid": new.oid}
