"""Who may use the xet store for what: passes for one repo or bucket, to read or to write, for minutes."""

from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse

from bot.localhub import blobs, bucket_files, gated, large_files, signed
from bot.localhub.accounts import Caller, MaybeCaller, TheCaller, TheHub, token_in
from bot.localhub.bucket_records import Bucket, folder_of
from bot.localhub.bucket_records import find as find_bucket
from bot.localhub.content_hashes import HAS_XET
from bot.localhub.contributing import find_to_commit
from bot.localhub.errors import HubError
from bot.localhub.repo_paths import API
from bot.localhub.repos import Repo, RepoKind, find
from bot.localhub.state import Hub

router = APIRouter()
BUCKET = "/api/buckets/{namespace}/{name}"
LIFETIME = 900
NOBODY = "nobody"


class XetAccess(signed.Pass):
    """The right of a user to use the store for a repo, a bucket, or (the Hub itself) their own uploads."""

    user: str
    """Id of the user, or `nobody`."""
    kind: Literal["repo", "bucket", "uploads"]
    of: str
    """Hex id of the repo or bucket."""
    write: bool


@router.get(API + "/xet-read-token/{revision:path}")
def read_token_of_repo(
    hub: TheHub, caller: MaybeCaller, kind: RepoKind, namespace: str, name: str, revision: str
) -> JSONResponse:
    repo = find(hub, kind, f"{namespace}/{name}", caller)
    gated.check(hub, repo, caller)
    return _grant(hub, caller, "repo", repo.repo_id_hex, write=False)


@router.get(API + "/xet-write-token/{revision:path}")
def write_token_of_repo(
    hub: TheHub,
    caller: TheCaller,
    kind: RepoKind,
    namespace: str,
    name: str,
    revision: str,
    create_pr: bool = False,
) -> JSONResponse:
    """Whoever may read a repo may upload for a pull request; its revision is not known yet ("None")."""
    repo = find_to_commit(hub, kind, f"{namespace}/{name}", caller, revision, create_pr=create_pr)
    return _grant(hub, caller, "repo", repo.repo_id_hex, write=True)


@router.get(BUCKET + "/xet-read-token")
def read_token_of_bucket(hub: TheHub, caller: MaybeCaller, namespace: str, name: str) -> JSONResponse:
    bucket = find_bucket(hub, f"{namespace}/{name}", caller)
    return _grant(hub, caller, "bucket", bucket.bucket_id_hex, write=False)


@router.get(BUCKET + "/xet-write-token")
def write_token_of_bucket(hub: TheHub, caller: TheCaller, namespace: str, name: str) -> JSONResponse:
    bucket = find_bucket(hub, f"{namespace}/{name}", caller, write=True)
    return _grant(hub, caller, "bucket", bucket.bucket_id_hex, write=True)


def _grant(
    hub: Hub, caller: Caller | None, kind: Literal["repo", "bucket"], of: str, *, write: bool
) -> JSONResponse:
    user = caller.user.id if caller else NOBODY
    access = XetAccess(expires=signed.expiry(LIFETIME), user=user, kind=kind, of=of, write=write)
    address, value = store_address(hub, user), signed.sign(hub, access)
    headers = {
        "X-Xet-Cas-Url": address,
        "X-Xet-Access-Token": value,
        "X-Xet-Token-Expiration": str(access.expires),
        "Cache-Control": "no-store",
    }
    answer = {"accessToken": value, "exp": access.expires, "casUrl": address}
    return JSONResponse(answer, headers=headers)


def headers(route: str, content_hash: str) -> dict[str, str]:
    """What a file's address says so that clients fetch it from the store. `route` gives the pass."""
    if not HAS_XET:
        return {}
    return {"X-Xet-Hash": content_hash, "Link": f'<{route}>; rel="xet-auth"'}


def store_address(hub: Hub, user_id: str) -> str:
    """A place of its own for each user and each folder of data: clients remember by address what is there."""
    return f"{hub.endpoint}/xet/{signed.store_id(hub)}/{user_id}"


def _access(request: Request, hub: TheHub, store: str, user_id: str) -> XetAccess:
    access = signed.read(hub, XetAccess, token_in(request))
    if access.user != user_id or store != signed.store_id(hub):
        raise HubError(403, "This pass is for another place of the store")
    return access


TheAccess = Annotated[XetAccess, Depends(_access)]


def plain_file(hub: Hub, access: XetAccess, content_hash: str) -> Path | None:
    """The file with this content in the repo or bucket that the pass is for."""
    match access.kind:
        case "repo":
            repo = next((repo for repo in hub.all(Repo) if repo.repo_id_hex == access.of), None)
            large = hub.all(large_files.LargeFile).get(f"xet:{content_hash}")
            is_there = repo and large and large_files.holds(hub, repo, large.oid)
            return blobs.path_of(hub, large.oid) if large and is_there else None
        case "bucket":
            bucket = next((each for each in hub.all(Bucket) if each.bucket_id_hex == access.of), None)
            return bucket_files.with_hash(folder_of(hub, bucket), content_hash) if bucket else None
        case "uploads":
            return None
