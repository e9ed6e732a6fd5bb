"""The page as a person uses it: form, plan, run, snippets and files, of which some are not what they say."""

import subprocess
import sys
import wave
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import httpx2
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.screens import axe_finds, defects_on_every_screen
from tests.browser.window import Window
from tests.harness import leaving
from tests.harness.waiting import wait_until
from tests.harness.world import DIGITS, World
from worker.contract import RECORD_BUCKET

pytestmark = pytest.mark.timeout(400)
"""Seconds: a build under way in a browser takes a slow machine its time."""

READY = 200_000
"""Milliseconds that a build may take."""
SEEK = """
async (address) => {
  const player = new Audio(address);
  const happens = (name) => new Promise((done, fail) => {
    player.addEventListener(name, done, { once: true });
    player.addEventListener("error", () => fail(player.error.message), { once: true });
  });
  await happens("loadedmetadata");
  player.currentTime = 45;
  await happens("seeked");
  return { seekable: player.seekable.length && player.seekable.end(0), at: player.currentTime };
}
"""
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with leaving.lived_in(World(tmp_path_factory.mktemp("world"), job_pictures=True)) as world:
        yield world


def test_a_person_fills_in_the_form_reads_the_plan_and_watches_the_run(world: World, window: Window) -> None:
    window.signs_in("ada")
    page = window.page
    page.get_by_role("link", name="Build", exact=True).click()
    page.get_by_label("Model", exact=True).press_sequentially("handwritten")
    expect(page.locator(f"#known option[value='{DIGITS}']")).to_be_attached()
    page.get_by_label("Model", exact=True).fill(DIGITS)
    page.get_by_label("The most this run may cost you").fill("0.40")
    page.get_by_role("button", name="Show the plan").click()

    expect(page.get_by_text("Nothing has been started.")).to_be_visible()
    assert defects_on_every_screen(page) == [] and world.runs() == []
    page.get_by_role("button", name="Change it").click()
    expect(page.get_by_label("The most this run may cost you")).to_have_value("0.40")
    page.get_by_role("button", name="Show the plan").click()
    page.get_by_role("button", name="Build it").click()

    expect(page.get_by_role("heading", name=DIGITS)).to_be_visible()
    page.get_by_role("button", name="Cancel").focus()
    expect(page.locator("#job-log .log")).to_contain_text("Reading the model card.", timeout=READY)
    expect(page.locator(".steps .done")).to_have_count(6, timeout=READY)
    expect(page.locator(".steps .bar .part")).to_have_count(6)
    expect(page.get_by_role("button", name="Retry")).to_be_visible()
    image = page.locator(".probes img").first
    image.scroll_into_view_if_needed()
    wait_until(lambda: image.evaluate("one => one.naturalWidth"), "the picture that was sent")
    wait_until(lambda: world.runs()[0].is_settled or None, "its end")


def test_the_page_shows_how_the_space_looked_to_its_requester_only(world: World, window: Window) -> None:
    run = world.runs()[0]
    address = f"{world.url}/runs/{run.id}/screenshot.png"
    bob = world.bob.signs_in()
    assert httpx2.get(address).status_code == 404 and bob.browser.open(address).status_code == 404
    assert "screenshot" not in bob.browser.open(f"{world.url}/runs/{run.id}").text

    window.signs_in("ada")
    window.page.goto(f"{world.url}/runs/{run.id}")
    shown = window.page.locator("img.picture")
    shown.scroll_into_view_if_needed()
    wait_until(lambda: shown.evaluate("one => one.naturalWidth"), "the picture")
    picture = Image.open(BytesIO(window.page.request.get(address).body())).convert("RGB")
    assert picture.size == (1280, 900)
    (ground, _), *_ = sorted(picture.getcolors(1 << 20) or (), reverse=True)
    assert ground < 0.98 * 1280 * 900, "an app on its way is hardly more than its background"


def test_the_snippet_on_the_page_calls_the_space(world: World, window: Window, tmp_path: Path) -> None:
    window.signs_in("ada")
    page, run = window.page, world.runs()[0]
    page.goto(f"{world.url}/runs/{run.id}")
    code = page.locator(".code").first.inner_text()
    picture = page.locator(".probes a").first.get_attribute("href")
    sent = page.request.get(f"{world.url}{picture}")
    (tmp_path / "2.png").write_bytes(sent.body())

    environment = {
        "HF_TOKEN": world.hub.token("ada"),
        "HF_ENDPOINT": world.hub.endpoint,
        "HOME": str(tmp_path),
    }
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert "'label': '2'" in done.stdout


def test_t26_files_are_for_their_owner_and_nothing_in_them_runs(world: World, window: Window) -> None:
    run = world.runs()[0]
    address = f"{world.url}/runs/{run.id}/artifacts/2.png"
    bob = world.bob.signs_in()
    assert httpx2.get(address).status_code == 404 and bob.browser.open(address).status_code == 404
    assert bob.browser.open(f"{world.url}/runs/{run.id}").status_code == 200
    assert "/artifacts/" not in bob.browser.page.text

    window.signs_in("ada")
    shown = window.page.request.get(address)
    assert shown.headers["content-type"] == "image/png"
    assert shown.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert shown.headers["x-content-type-options"] == "nosniff"
    for name in ("report.json", "9.png", "..%2freport.json"):
        answer = window.page.request.get(f"{world.url}/runs/{run.id}/artifacts/{name}")
        assert answer.status == 404, name
    world.ada.api.batch_bucket_files(f"ada/{RECORD_BUCKET}", add=[(SVG, f"runs/{run.id}/artifacts/2.png")])
    hostile = window.page.request.get(address)
    assert hostile.headers["content-type"] == "application/octet-stream"
    assert hostile.headers["content-disposition"].startswith("attachment")


def test_a_player_seeks_in_a_sound_of_the_record(world: World, window: Window) -> None:
    run = world.runs()[0]
    file = f"runs/{run.id}/artifacts/2.png"
    world.ada.api.batch_bucket_files(f"ada/{RECORD_BUCKET}", add=[(_a_minute_of_sound(), file)])
    window.signs_in("ada")
    window.page.goto(f"{world.url}/runs")

    sound = f"/runs/{run.id}/artifacts/2.png"
    answers: list[tuple[str, int]] = []
    window.page.on("response", lambda answer: answers.append((answer.url, answer.status)))

    seen = window.page.evaluate(SEEK, sound)

    assert seen == {"seekable": 60, "at": 45}, seen
    statuses = {status for url, status in answers if url.endswith(sound)}
    assert statuses == {206}, "a player asks for parts only"


def _a_minute_of_sound() -> bytes:
    """Too much for a player to have all of it before it seeks."""
    into = BytesIO()
    with wave.open(into, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(60_000)
        sound.writeframes(bytes(2 * 60 * 60_000))
    return into.getvalue()


def test_every_page_of_the_bot_is_good_on_every_screen_and_to_axe(world: World, window: Window) -> None:
    run = world.runs()[0]
    window.signs_in("ada")
    paths = ["/", "/build", "/validate", "/watch", "/runs", "/help", "/about", "/status", "/account"]
    paths += ["/runs?state=failed", f"/runs/{run.id}", f"/runs/{run.id}/record", f"/build?model={DIGITS}"]
    found = []
    for path in paths:
        window.page.goto(f"{world.url}{path}")
        found += [*defects_on_every_screen(window.page), *axe_finds(window.page)]
    assert not found, "\n".join(found)


def test_the_list_is_filtered_without_javascript(world: World, new_window: Callable[..., Window]) -> None:
    window = new_window(java_script_enabled=False)
    page = window.page
    page.goto(f"{world.url}/runs")
    page.get_by_label("Model or Space").fill("no such")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("No run fits.")).to_be_visible()
    page.get_by_label("Model or Space").fill("DIGITS")
    page.get_by_label("State").select_option("ready")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name=DIGITS).click()
    expect(page.get_by_text("full_inference_success").first).to_be_visible()
