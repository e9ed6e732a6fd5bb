"""A page on the screens that people have: a phone and a desktop, by day and by night."""

from pathlib import Path

from playwright.sync_api import Page

WIDTHS = {360: 740, 1440: 900}
"""In CSS pixels, with the height that goes with it."""
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
