"""`make pictures`: plays the demo and photographs it, what its terminal shows and its pages in a browser."""

import io
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect
from rich.console import Console

from bot.demo import play
from bot.demo.screen import Screen
from bot.demo.stage import Stage, StageError, set_up
from tests.browser.chromium import NoChromium, open_chromium

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
MODEL = play.MODELS["text"]
SPACE = f"alice/{MODEL.partition('/')[2]}-demo"
SIZES = {"desktop": (1200, 850), "phone": (390, 844)}
TERMINAL = 100, 900
"""Columns, and the pixels they are shown on."""
EDGE = 20
"""Pixels of the page around the thread."""
UNDER_WAY = "step 5 of 6"
RUN_PAGE = re.compile(r"\((http[^)]*/runs/r_[0-9a-f]{16})\)")


class Album:
    """Two windows of alice's, a desktop's and a phone's. A picture is a file in docs/pictures."""

    def __init__(self, chromium: Browser, stage: Stage) -> None:
        self._chromium = chromium
        self.stage = stage
        self._pages = {device: self._open(*size) for device, size in SIZES.items()}

    def sign_in(self) -> None:
        for page in self._pages.values():
            page.goto(f"{self.stage.hub}/login")
            page.get_by_role("button", name="alice").click()
            page.goto(f"{self.stage.bot}/connect")
            page.get_by_role("button", name="Go on to Hugging Face").click()

    def take_thread(self) -> None:
        page = self._pages["desktop"]
        page.goto(f"{self.stage.hub}/{MODEL}/discussions/1")
        box = page.locator("[data-live]").bounding_box()
        assert box is not None
        width, height = box["width"] + 2 * EDGE, box["height"] + EDGE
        page.screenshot(
            path=PICTURES / "thread.png",
            full_page=True,
            clip={"x": box["x"] - EDGE, "y": box["y"] - EDGE, "width": width, "height": height},
        )

    def take_space(self) -> None:
        page = self._pages["desktop"]
        page.goto(f"{self.stage.hub}/spaces/{SPACE}")
        app = page.frame_locator("iframe.app")
        app.get_by_label("Text").fill("Arrived on time, and the fabric is lovely and soft.")
        app.get_by_role("button", name="Classify").click()
        expect(app.get_by_test_id("label-output-value")).to_have_text("positive")
        page.screenshot(path=PICTURES / "space.png")

    def take_terminal(self, console: Console) -> None:
        svg = console.export_svg(title="make demo")
        # Offline: the drawing would fetch a font, and the picture would depend on whether it came.
        page = self._chromium.new_page(offline=True)
        page.set_content(f"<style>svg {{ width: {TERMINAL[1]}px; display: block }}</style>{svg}")
        page.locator("svg").screenshot(path=PICTURES / "demo.png")

    def take_on_both(self, name: str, address: str) -> None:
        for device, page in self._pages.items():
            page.goto(address)
            page.screenshot(path=PICTURES / f"{name}-{device}.png")

    def take_plan(self) -> None:
        """As far as it costs nothing."""
        for device, page in self._pages.items():
            page.goto(f"{self.stage.bot}/build?model={MODEL}&force=yes&budget=0.50")
            page.get_by_role("button", name="Show the plan").click()
            page.screenshot(path=PICTURES / f"plan-{device}.png")

    def _open(self, width: int, height: int) -> Page:
        return self._chromium.new_page(viewport={"width": width, "height": height})


class PhotographedScreen(Screen):
    """The demo's screen on a recorded terminal. While the run is under way, it has the pages photographed."""

    album: Album
    run_page = ""

    def __init__(self) -> None:
        super().__init__()
        self.console = Console(
            record=True, force_terminal=True, width=TERMINAL[0], file=io.StringIO(), highlight=False
        )

    @contextmanager
    def live(self) -> Iterator[None]:
        """Only the last of the frames stays on a terminal."""
        yield
        self.console.print(self._draw())

    def show_message(self, markdown: str) -> None:
        super().show_message(markdown)
        if not self.run_page and UNDER_WAY in markdown and (found := RUN_PAGE.search(markdown)):
            self.run_page = found[1]
            self.album.take_on_both("front", self.album.stage.bot)
            self.album.sign_in()
            self.album.take_on_both("run-under-way", self.run_page)


def main() -> int:
    PICTURES.mkdir(exist_ok=True)
    try:
        with open_chromium() as chromium, tempfile.TemporaryDirectory() as folder:
            screen = PhotographedScreen()
            with set_up(Path(folder) / "demo", 8100, 7860) as stage:
                screen.album = Album(chromium, stage)
                return _photograph(stage, screen)
    except (NoChromium, StageError) as reason:
        print(reason, file=sys.stderr)
        return 1


def _photograph(stage: Stage, screen: PhotographedScreen) -> int:
    if play.play(stage, screen, MODEL, keep=False) != 0 or not screen.run_page:
        raise StageError("The demo did not end well, so there is nothing to show.")
    album = screen.album
    album.take_on_both("run-ended", screen.run_page)
    album.take_plan()
    album.take_thread()
    album.take_space()
    album.take_terminal(screen.console)
    for picture in sorted(PICTURES.glob("*.png")):
        _shrink(picture)
        print(f"{picture.stat().st_size / 1000:6.0f} kB  {picture.name}")
    return 0


def _shrink(picture: Path) -> None:
    """Pages and terminals have few colours; a palette of them takes a third of the bytes."""
    with Image.open(picture) as taken:
        few = taken.convert("RGB").quantize(256, Image.Quantize.MAXCOVERAGE, 1, dither=Image.Dither.NONE)
    few.save(picture, optimize=True)


if __name__ == "__main__":
    sys.exit(main())
