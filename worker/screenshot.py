"""A picture of the Space as a person sees it, where that is wished for and the Job's image has a browser.

The browser shows what others wrote, so it runs in a sandbox: as a user of its own, without any token. It gets
a pass into this one Space, which the Hub makes out for its reader and which is void after minutes.
"""

import importlib.util
import os
import shutil
import sys
import time
from contextlib import suppress
from pathlib import Path

from huggingface_hub.utils._headers import build_hf_headers
from huggingface_hub.utils._http import get_session, hf_raise_for_status
from pydantic import BaseModel

from worker.build import Build
from worker.hub import Hub
from worker.journal import now
from worker.twin.sandbox import GIB, Bounds, Sandbox

NAME = "screenshot.png"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PHOTOGRAPHER = Path(__file__).with_name("photographer.py")
SECONDS = 60.0
"""A picture is worth so much of the run's time, and none of its last two minutes."""
LAST_SECONDS = 120.0
MEMORY = 2 * GIB
LARGEST = 4 * 1024 * 1024
PNG = b"\x89PNG\r\n\x1a\n"


class Order(BaseModel):
    """What the photographer reads: `address` with the pass in it, and the program that shows it."""

    address: str
    browser: str
    seconds: float
    file: str


def picture(build: Build, hub: Hub) -> None:
    """Keep how the Space looks, if that can be seen from here. Nothing else depends on it."""
    if not build.spec.is_pictured or build.running is None or build.space is None or not _has_time(build):
        return
    browser = _browser()
    if browser is None:
        build.journal.note("No picture of the Space: the Job's image has no Chromium with Playwright.")
        return
    try:
        address = f"{build.running.host}/?__sign={_pass_into(hub, build.space.id)}"
        taken = photographed(address, browser)
    except Exception as error:  # whatever it is, no run ends over a picture
        build.journal.note(f"No picture of the Space: {error}")
        return
    if taken is None:
        build.journal.note("No picture of the Space: the browser could not show it.")
        return
    build.journal.write_bytes(NAME, taken)
    build.is_pictured = True


def photographed(address: str, browser: str) -> bytes | None:
    """The page at this address as a PNG; None if it could not be had in time."""
    with Sandbox(Path(sys.executable)) as sandbox:
        order = Order(address=address, browser=browser, seconds=SECONDS / 2, file=NAME)
        sandbox.write(sandbox.home / "order.json", order.model_dump_json())
        child = sandbox.start(
            [sys.executable, "-I", str(PHOTOGRAPHER)],
            cwd=sandbox.home,
            env={},
            log=sandbox.folder / "log",
            bounds=Bounds(SECONDS, MEMORY),
        )
        deadline = time.monotonic() + SECONDS
        while child.running and time.monotonic() < deadline:
            child.wait(1)
        return _png(sandbox.home / NAME) if child.code == 0 else None


def _browser() -> str | None:
    if importlib.util.find_spec("playwright") is None:
        return None
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def _has_time(build: Build) -> bool:
    spent = (now() - build.started_at).total_seconds()
    return spent + SECONDS + LAST_SECONDS < build.spec.budget_seconds


def _pass_into(hub: Hub, space_id: str) -> str:
    """As the Hub's own page of a private Space puts it into the address of the app."""
    answer = get_session().get(
        f"{hub.endpoint}/api/spaces/{space_id}/jwt", headers=build_hf_headers(token=hub.token)
    )
    hf_raise_for_status(answer)
    return str(answer.json()["token"])


def _png(file: Path) -> bytes | None:
    """What the sandbox left there is a stranger's: a link leads nowhere, and it is a picture or nothing."""
    with suppress(OSError), os.fdopen(os.open(file, os.O_RDONLY | os.O_NOFOLLOW), "rb") as opened:
        content = opened.read(LARGEST + 1)
        if content.startswith(PNG) and len(content) <= LARGEST:
            return content
    return None
