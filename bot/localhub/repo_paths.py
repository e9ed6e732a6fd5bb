"""How repos appear in addresses: `{kind:repos}` in the API, `{kind:prefix}` in front of web addresses."""

from typing import Annotated
from urllib.parse import unquote

from fastapi import Depends, Request
from starlette.convertors import Convertor, register_url_convertor

from bot.localhub.accounts import MaybeCaller, TheHub
from bot.localhub.repos import Repo, RepoKind, find

API = "/api/{kind:repos}/{namespace}/{name}"
WEB = "/{kind:prefix}{namespace}/{name}"


class _PluralKind(Convertor[RepoKind]):
    """models, spaces, datasets"""

    regex = "models|spaces|datasets"

    def convert(self, value: str) -> RepoKind:
        return RepoKind(value.removesuffix("s"))

    def to_string(self, value: RepoKind) -> str:
        return value.plural


class _KindPrefix(Convertor[RepoKind]):
    """spaces/, datasets/, or nothing for a model"""

    regex = "spaces/|datasets/|"

    def convert(self, value: str) -> RepoKind:
        return RepoKind(value.removesuffix("s/") or RepoKind.MODEL)

    def to_string(self, value: RepoKind) -> str:
        return value.prefix


register_url_convertor("repos", _PluralKind())
register_url_convertor("prefix", _KindPrefix())


def _readable(hub: TheHub, caller: MaybeCaller, kind: RepoKind, namespace: str, name: str) -> Repo:
    return find(hub, kind, f"{namespace}/{name}", caller)


def _writable(hub: TheHub, caller: MaybeCaller, kind: RepoKind, namespace: str, name: str) -> Repo:
    return find(hub, kind, f"{namespace}/{name}", caller, write=True)


ReadableRepo = Annotated[Repo, Depends(_readable)]
WritableRepo = Annotated[Repo, Depends(_writable)]


def revision_and_path(request: Request) -> tuple[str, str]:
    """What stands after `/tree/`, `/resolve/` or `/raw/`: a revision and a path, either of them quoted.

    A slash inside a revision arrives as %2F, which the decoded path no longer shows; so the raw one is read.
    `refs/pr/1` and the like are also understood with plain slashes.
    """
    before = 5 if request.url.path.startswith("/api/") else 3 + bool(request.path_params["kind"].prefix)
    raw: bytes = request.scope["raw_path"]
    parts = raw.decode("ascii").split("/")[before + 1 :]
    length = 3 if parts[0] == "refs" and len(parts) >= 3 else 1
    revision = unquote("/".join(parts[:length]))
    return revision, unquote("/".join(parts[length:])).strip("/")


RevisionAndPath = Annotated[tuple[str, str], Depends(revision_and_path)]
