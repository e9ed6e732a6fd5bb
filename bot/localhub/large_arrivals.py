"""The large files of a commit: found among what is stored, or fetched now from where they were uploaded."""

from collections.abc import Mapping
from pathlib import Path

import anyio.to_thread

from bot.localhub import large_files, xet_arrivals, xet_uploads
from bot.localhub.accounts import Caller
from bot.localhub.content_hashes import sha256_of
from bot.localhub.errors import HubError
from bot.localhub.large_files import LargeFile
from bot.localhub.repos import Blob, Repo
from bot.localhub.state import Hub
from bot.localhub.xet_uploads import XetFile


async def settle(hub: Hub, repo: Repo, caller: Caller, wanted: Mapping[str, Blob]) -> dict[str, Blob]:
    """The files with their true sizes. HubError 400 names one whose content the caller has not uploaded."""
    oids = {blob.oid for blob in wanted.values()}
    found = {oid: large for oid in oids if (large := large_files.usable(hub, repo, caller, oid))}
    found |= await _uploaded(hub, caller.user.id, oids - set(found))
    for blob in wanted.values():
        if blob.oid not in found:
            raise HubError(
                400,
                "Your push was rejected because an LFS pointer pointed to a file that does not exist."
                f" Upload its content first. Offending file: {blob.path[:200]}",
            )
    return {path: blob.model_copy(update={"size": found[blob.oid].size}) for path, blob in wanted.items()}


async def _uploaded(hub: Hub, user_id: str, oids: set[str]) -> dict[str, LargeFile]:
    described = {oid: file for oid in oids if (file := xet_uploads.find_by_sha256(hub, user_id, oid))}
    arrived = await xet_arrivals.fetch(hub, user_id, described.values())
    return await anyio.to_thread.run_sync(_keep, hub, user_id, described, arrived)


def _keep(
    hub: Hub, user_id: str, described: Mapping[str, XetFile], arrived: dict[str, Path]
) -> dict[str, LargeFile]:
    """By sha256, which is only what the uploader said until it is checked here."""
    kept = {}
    for oid, file in described.items():
        path = arrived.pop(file.hash, None)
        if path is None:
            continue
        if sha256_of(path) == oid:
            kept[oid] = large_files.keep(hub, path, oid, user_id)
        else:
            path.unlink()
    return kept
