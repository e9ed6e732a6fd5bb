"""`git clone`, `fetch` and `pull` of any repo. Pushing is left to the Hub's own clients, and git is told so.

The protocol: https://git-scm.com/docs/http-protocol, version 0, without capabilities that only save bytes.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import PlainTextResponse, Response, StreamingResponse

from bot.localhub import gated, git_packs
from bot.localhub.accounts import MaybeCaller, TheHub
from bot.localhub.errors import HubError
from bot.localhub.repo_paths import WEB
from bot.localhub.repos import Repo, RepoKind, find
from bot.localhub.state import Hub

router = APIRouter(include_in_schema=False)
READ_ONLY = (
    "The local Hub lets git read, not push. Push with `hf upload {id} . --repo-type {kind}`,"
    " or with huggingface_hub.\n"
)
CAPABILITIES = "shallow no-progress symref=HEAD:refs/heads/main agent=local-hub"
LARGEST_REQUEST = 10_000_000
"""Bytes, unpacked."""
FLUSH = b"0000"
_OID = re.compile("[0-9a-f]{40}")


def _readable(hub: TheHub, caller: MaybeCaller, kind: RepoKind, namespace: str, name: str) -> Repo:
    try:
        repo = find(hub, kind, f"{namespace}/{name.removesuffix('.git')}", caller)
        gated.check(hub, repo, caller)
    except HubError as error:
        if error.status == 401:
            # By this git asks the person: any name, and a token as the password.
            error.headers["WWW-Authenticate"] = 'Basic realm="Local Hub", charset="UTF-8"'
        raise
    return repo


GitRepo = Annotated[Repo, Depends(_readable)]


@dataclass
class Wishes:
    """What git asks for: commits it wants, commits it has, and how far back the history shall go."""

    want: list[str] = field(default_factory=list)
    have: list[str] = field(default_factory=list)
    shallow: list[str] = field(default_factory=list)
    """Commits that it has without their parents."""
    depth: int | None = None
    is_done: bool = False


@router.get(WEB + "/info/refs")
def refs(repo: GitRepo, service: str = "") -> Response:
    if service == "git-receive-pack":
        return PlainTextResponse(READ_ONLY.format(id=repo.id, kind=repo.kind), 403)
    if service != "git-upload-pack":
        raise HubError(400, "Only git's smart HTTP protocol is spoken here: service=git-upload-pack")
    named = [("HEAD", repo.head), *sorted(repo.refs.items())]
    lines = [_line("# service=git-upload-pack\n"), FLUSH, _line(f"{repo.head} HEAD\0{CAPABILITIES}\n")]
    lines += [_line(f"{oid} {ref}\n") for ref, oid in named[1:]]
    return Response(
        b"".join([*lines, FLUSH]),
        media_type="application/x-git-upload-pack-advertisement",
        headers={"Cache-Control": "no-cache"},
    )


@router.post(WEB + "/git-receive-pack")
def push(repo: GitRepo) -> Response:
    return PlainTextResponse(READ_ONLY.format(id=repo.id, kind=repo.kind), 403)


async def _wishes(request: Request) -> Wishes:
    body = await request.body()
    if request.headers.get("content-encoding") == "gzip":
        body = _unzipped(body)
    return read_wishes(body)


@router.post(WEB + "/git-upload-pack")
def fetch(hub: TheHub, repo: GitRepo, wishes: Annotated[Wishes, Depends(_wishes)]) -> Response:
    return StreamingResponse(_answer(hub, repo, wishes), media_type="application/x-git-upload-pack-result")


def _answer(hub: Hub, repo: Repo, wishes: Wishes) -> Iterator[bytes]:
    if unknown := [oid for oid in wishes.want if oid not in repo.refs.values()]:
        yield _line(f"ERR upload-pack: not our ref {unknown[0]}\n")
        return
    asked = git_packs.excerpt(hub, repo, wishes.want, wishes.depth)
    if wishes.depth is not None:
        yield _borders(asked, wishes) + FLUSH
    everything = {commit.oid for commit in git_packs.excerpt(hub, repo, repo.refs.values(), None).commits}
    common = [oid for oid in wishes.have if oid in everything]
    if wishes.have or wishes.is_done:
        yield _line(f"ACK {common[-1]}\n" if common else "NAK\n")
    if wishes.is_done:
        known = git_packs.objects(git_packs.excerpt(hub, repo, common, 1).commits)
        wanted = git_packs.objects(asked.commits)
        yield from git_packs.pack(hub, (each for oid, each in wanted.items() if oid not in known))


def _borders(asked: git_packs.Excerpt, wishes: Wishes) -> bytes:
    """Where the history will end for git, and where it no longer does."""
    now_whole = {commit.oid for commit in asked.commits} - set(asked.cut_at)
    lines = [f"shallow {oid}\n" for oid in asked.cut_at]
    lines += [f"unshallow {oid}\n" for oid in wishes.shallow if oid in now_whole]
    return b"".join(_line(line) for line in lines)


def read_wishes(body: bytes) -> Wishes:
    """Read git's lines, each behind its length in hex. HubError 400 if they are none."""
    wishes, place = Wishes(), 0
    while place < len(body):
        try:
            length = int(body[place : place + 4], 16)
        except ValueError:
            raise HubError(400, "The request is not in git's line format") from None
        if length >= 4:
            _take(wishes, body[place + 4 : place + length].decode(errors="replace").rstrip("\n"))
        place += max(length, 4)
    return wishes


def _take(wishes: Wishes, line: str) -> None:
    word, _, rest = line.partition(" ")
    value = rest.partition(" ")[0]
    match word:
        case "want" if _OID.fullmatch(value):
            wishes.want.append(value)
        case "have" if _OID.fullmatch(value):
            wishes.have.append(value)
        case "deepen" if value.isdecimal():
            wishes.depth = max(1, int(value))
        case "done":
            wishes.is_done = True
        case "shallow" if _OID.fullmatch(value):
            wishes.shallow.append(value)
        case _:
            raise HubError(400, f"Unknown line in git's request: {line[:80]!r}")


def _unzipped(body: bytes) -> bytes:
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(body, LARGEST_REQUEST)
    except zlib.error:
        raise HubError(400, "The request's gzip cannot be read") from None
    if unpacker.unconsumed_tail:
        raise HubError(413, "The request is too large")
    return plain


def _line(text: str) -> bytes:
    return b"%04x%s" % (len(text.encode()) + 4, text.encode())
