"""A page on the screens that people have, a phone and a desktop, by day and by night; and as axe sees it."""

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WIDTHS = {360: 740, 1440: 900}
"""In CSS pixels, with the height that goes with it."""
SERIOUS = frozenset({"serious", "critical"})
DEFECTS = Path(__file__).with_name("defects.js").read_text()


def defects_on_every_screen(page: Page) -> list[str]:
    """What a person would stumble over on the page that is open."""
    found = []
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        for light in ("light", "dark"):
            page.emulate_media(color_scheme=light)
            found += [f"{page.url}, {width} px, {light}: {defect}" for defect in page.evaluate(DEFECTS)]
    return found


def axe_finds(page: Page) -> list[str]:
    """What keeps people who read with other means from the page, by axe's own rules, by day and by night."""
    found = []
    for light in ("light", "dark"):
        page.emulate_media(color_scheme=light)
        found += [
            f"{page.url}, {light}, {one['impact']}: {one['help']}: {node['html'][:100]}"
            for one in Axe().run(page).response["violations"]
            if one["impact"] in SERIOUS
            for node in one["nodes"]
        ]
    return found
