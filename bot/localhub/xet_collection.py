"""Throws away uploads to the xet store that nothing needs any more.

What was committed or put into a bucket lies here in plain as well, so packed chunks only serve uploads that
are not taken up yet, and clients that remember what is here and leave it out next time. Therefore it is done
while the Hub starts, when no upload is on its way, and the store gets a new address, of which clients
remember nothing.
"""

import time
from pathlib import Path

from bot.localhub import signed, xet_uploads
from bot.localhub.state import Hub
from bot.localhub.xet_uploads import XetFile

KEPT_FOR = 24 * 3600
"""Seconds since an upload last named the chunks."""


def collect(hub: Hub) -> None:
    """Delete the xorbs that no upload has named for a day, and forget the files that were made of them."""
    long_ago = time.time() - KEPT_FOR
    old = {file for file in (hub.folder / "xet").glob("*/*/*") if file.stat().st_atime < long_ago}
    if not old:
        return
    signed.renew_store(hub)
    for key, described in hub.all(XetFile).items():
        if old & _xorbs(hub, key.partition("/")[0], described):
            hub.all(XetFile).delete(key)
    for file in old:
        file.unlink()


def _xorbs(hub: Hub, user_id: str, described: XetFile) -> set[Path]:
    return {xet_uploads.xorb_path(hub, user_id, term.xorb) for term in described.terms}
