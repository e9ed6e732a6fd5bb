"""Files that were uploaded to the xet store, fetched from there in plain by the real client's own library."""

import logging
from collections.abc import Iterable
from pathlib import Path

import anyio
import anyio.to_thread

from bot.localhub import blobs, signed
from bot.localhub.content_hashes import xet_hash_of
from bot.localhub.state import Hub
from bot.localhub.xet_access import XetAccess, store_address
from bot.localhub.xet_uploads import XetFile

log = logging.getLogger("localhub")
_at_once = anyio.CapacityLimiter(2)
"""Threads of their own: the store answers these requests on the threads that all routes share."""
_QUIET = {"telemetry.enabled": False, "client.retry_max_attempts": 1}
LIFETIME = 3600


async def fetch(hub: Hub, user_id: str, files: Iterable[XetFile]) -> dict[str, Path]:
    """The files by hash, each a plain file that is the caller's to take.

    Those that cannot be put together, or whose content has another hash, are left out.
    """
    wanted = {file.hash: file for file in files}
    if not wanted:
        return {}
    return await anyio.to_thread.run_sync(_fetch, hub, user_id, wanted, limiter=_at_once)


def _fetch(hub: Hub, user_id: str, wanted: dict[str, XetFile]) -> dict[str, Path]:
    try:
        return _fetch_together(hub, user_id, wanted)
    except Exception as error:
        # The library fails as a whole, with many kinds of errors; what was uploaded may be anything.
        log.warning("Uploaded files could not be put together: %s", type(error).__name__)
    if len(wanted) == 1:
        return {}
    one_by_one = [_fetch(hub, user_id, {file.hash: file}) for file in wanted.values()]
    return {content_hash: path for found in one_by_one for content_hash, path in found.items()}


def _fetch_together(hub: Hub, user_id: str, wanted: dict[str, XetFile]) -> dict[str, Path]:
    import hf_xet  # type: ignore[import-untyped]  # it ships no types

    aside = {content_hash: blobs.incoming(hub) for content_hash in wanted}
    access = XetAccess(expires=signed.expiry(LIFETIME), user=user_id, kind="uploads", of=user_id, write=False)
    session = hf_xet.XetSession(hf_xet.XetConfig().with_config(_QUIET))
    with session.new_file_download_group(
        endpoint=store_address(hub, user_id),
        token=signed.sign(hub, access),
        token_expiry_unix_secs=access.expires,
    ) as group:
        for content_hash, file in wanted.items():
            group.start_download_file(hf_xet.XetFileInfo(content_hash, file.size), str(aside[content_hash]))
    for content_hash, path in aside.items():
        if xet_hash_of(path) != content_hash:
            path.unlink()
    return {content_hash: path for content_hash, path in aside.items() if path.exists()}
