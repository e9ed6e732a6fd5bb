"""Names without an owner, such as `gpt2`: every repo here has one, so these are never found."""

from fastapi import APIRouter

from bot.localhub.accounts import MaybeCaller
from bot.localhub.errors import HubError, not_found
from bot.localhub.repos import RepoKind

router = APIRouter()
PARTS = (
    *(
        "auth-check",
        "branch",
        "commit",
        "commits",
        "discussions",
        "duplicate",
        "like",
        "likers",
        "paths-info",
    ),
    *("preupload", "refs", "revision", "settings", "super-squash", "tag", "tree", "user-access-request"),
)
"""What may follow a repo's name in the API."""


def never_found(caller: MaybeCaller, kind: RepoKind, name: str) -> None:
    if caller is None:
        raise HubError(401, "Repository not found", code="RepoNotFound")
    raise not_found("Repository", "RepoNotFound")


router.add_api_route("/api/{kind:repos}/{name}", never_found)
router.add_api_route("/{kind:prefix}{name}/resolve/{rest:path}", never_found, methods=["GET", "HEAD"])
for part in PARTS:
    for address in (part, part + "/{rest:path}"):
        router.add_api_route(
            "/api/{kind:repos}/{name}/" + address, never_found, methods=["GET", "POST", "PUT", "DELETE"]
        )
