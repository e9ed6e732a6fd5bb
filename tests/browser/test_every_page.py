"""Every page of the bot and of the local Hub, about a model whose words are as hostile as they may be."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.hostile_model import IMAGE, LABELS, SCRIPT, TEXTS, put_hostile_model
from tests.browser.screens import defects_on_every_screen
from tests.browser.window import Window
from tests.harness import leaving
from tests.harness.people import Thread
from tests.harness.waiting import wait_until
from tests.harness.world import SENTIMENT, World
from worker.contract import RECORD_BUCKET

pytestmark = pytest.mark.timeout(400)
"""Seconds: a build under way in a browser takes a slow machine its time."""

INJECTED = "img[src='x'], [onerror], a[href^='javascript:'], script:not([src])"
TAB_STOPS = "a[href], button, input:not([type=hidden]), textarea, summary, [tabindex='0']"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One for all tests here, in which a Space was built for the hostile model."""
    with leaving.lived_in(World(tmp_path_factory.mktemp("world"))) as world:
        world.listens_to("ada", "user")
        asked = f"{IMAGE}\n\n{SCRIPT}\n\n@space-factory build"
        thread = world.ada.signs_in().opens_discussion(put_hostile_model(world.ada), asked, title=SCRIPT)
        thread.run_ends()
        assert all("**Ready:**" in reply for reply in (thread.next_reply(), thread.next_reply()))
        yield world


@pytest.fixture
def built(world: World) -> Thread:
    """The thread in which the hostile model was built."""
    return world.threads[0]


def test_hostile_words_stay_words(world: World, built: Thread, window: Window) -> None:
    window.signs_in("ada")
    page = window.page

    page.goto(f"{world.url}/runs/{built.run().id}")
    for words in (*LABELS, *TEXTS):
        expect(page.locator(".probes").get_by_text(words).first).to_be_visible()

    page.goto(_thread_page(world, built))
    page.get_by_text("What was asked and answered").click()
    for words in (IMAGE, SCRIPT, LABELS[0], TEXTS[0]):
        expect(page.locator(".comment").get_by_text(words).first).to_be_visible()

    for address in _pages(world, built):
        page.goto(address)
        assert page.locator(INJECTED).count() == 0, address


def test_nothing_runs_in_the_space_of_a_hostile_model(world: World, built: Thread, window: Window) -> None:
    window.signs_in("ada")
    window.page.goto(f"{world.hub.endpoint}/spaces/{_space(built)}")
    app = window.page.frame_locator("iframe.app")
    app.get_by_label("Text").fill(TEXTS[0])
    app.get_by_role("button", name="Classify").click()
    expect(app.get_by_test_id("label-output-value")).to_have_text(LABELS[0])
    assert app.locator("[onerror]").count() == 0


def test_pages_are_good_on_a_phone_and_a_desktop_by_day_and_by_night(
    world: World, built: Thread, window: Window
) -> None:
    strangers = [
        f"{world.url}/",
        f"{world.url}/runs",
        f"{world.url}/build",
        f"{world.url}/connect",
        f"{world.hub.endpoint}/",
        f"{world.hub.endpoint}/login",
        f"{world.hub.endpoint}/oauth/device",
        f"{world.hub.endpoint}/{_gated(world)}",
    ]
    found = [defect for address in strangers for defect in _defects(window, address)]
    window.signs_in("ada")
    own = [f"{world.url}/account", f"{world.url}/connect?scopes=gated-repos"]
    found += [defect for address in own for defect in _defects(window, address)]
    found += [defect for address in _pages(world, built) for defect in _defects(window, address)]
    found += _defects(window, f"{world.url}/runs/r_0000000000000000")
    assert "404" in window.complaints.pop()
    assert not found, "\n".join(found)


def test_a_keyboard_gets_everywhere_and_shows_where_it_is(world: World, window: Window) -> None:
    page = window.page
    for address in (world.url, f"{world.hub.endpoint}/{SENTIMENT}/discussions"):
        page.goto(address)
        page.keyboard.press("Tab")
        expect(page.locator(".skip:focus")).to_be_in_viewport()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        expect(page.locator("main :focus")).to_be_in_viewport()
        page.goto(address)
        for _ in range(page.locator(TAB_STOPS).count()):
            page.keyboard.press("Tab")
            assert _focus_shows(page), f"on {page.locator(':focus').inner_text()!r} of {address}"


def test_without_javascript_a_person_connects_and_reads_how_it_ended(
    world: World, new_window: Callable[..., Window]
) -> None:
    card = b"---\npipeline_tag: time-series-forecasting\n---\nForecasts."
    world.ada.api.create_repo("ada/forecasts")
    world.ada.api.upload_file(path_or_fileobj=card, path_in_repo="README.md", repo_id="ada/forecasts")
    window = new_window(java_script_enabled=False)
    page = window.page
    window.signs_in_on_the_hub("bob")
    thread = window.opens_discussion("ada/forecasts", "@space-factory build")
    _reload_until(page.get_by_role("link", name="Connect"))

    page.get_by_role("link", name="Connect").click()
    page.get_by_role("button", name="Go on to Hugging Face").click()
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_role("heading", name="ada/forecasts")).to_be_visible()
    _reload_until(page.get_by_text("technical_blocker"))
    expect(page.get_by_text("No blueprint covers time-series-forecasting yet.").first).to_be_visible()

    thread.run_ends()
    assert "Can't be built" in thread.next_reply() and "@bob" in thread.next_reply()


def _reload_until(there: Locator) -> None:
    def look() -> bool:
        there.page.reload()
        return there.is_visible()

    wait_until(look, "what a reload should show", every=0.5)


def _focus_shows(page: Page) -> bool:
    focused = page.locator(":focus")
    expect(focused).to_be_in_viewport()
    kind, width = focused.evaluate(
        "one => [getComputedStyle(one).outlineStyle, getComputedStyle(one).outlineWidth]"
    )
    return kind != "none" and float(width.removesuffix("px")) >= 2


def _defects(window: Window, address: str) -> list[str]:
    window.page.goto(address)
    return defects_on_every_screen(window.page)


def _pages(world: World, built: Thread) -> list[str]:
    """One of each kind."""
    run, hub = built.run(), world.hub.endpoint
    bot_pages = ["/", "/runs", f"/runs/{run.id}"]
    hub_pages = [
        *("/", "/models", "/spaces", "/ada", "/zoo", "/login", "/settings"),
        *("/journal", "/settings/misbehaviour", "/oauth/device", f"/{_gated(world)}"),
        *(f"/{built.repo}", f"/{built.repo}/tree/main", f"/{built.repo}/blob/main/README.md"),
        f"/{built.repo}/commits/main",
        *(f"/{SENTIMENT}", f"/{SENTIMENT}/discussions", f"/{built.repo}/discussions"),
        *(f"/spaces/{_space(built)}", f"/spaces/{_space(built)}/tree/main"),
        *(f"/jobs/ada/{run.job_id}", f"/buckets/ada/{RECORD_BUCKET}/tree/main/runs/{run.id}"),
    ]
    here = [f"{world.url}{path}" for path in bot_pages]
    return [*here, *(f"{hub}{path}" for path in hub_pages), _thread_page(world, built)]


def _gated(world: World) -> str:
    """A model of ada's, for which bob has asked."""
    name = "ada/gated"
    if not world.ada.api.repo_exists(name):
        world.ada.api.create_repo(name)
        world.ada.api.update_repo_settings(name, gated="manual")
        ask = {"Authorization": f"Bearer {world.hub.token('bob')}"}
        with world.hub.browser() as browser:
            browser.post(f"/{name}/ask-access", headers=ask).raise_for_status()
    return name


def _thread_page(world: World, thread: Thread) -> str:
    return f"{world.hub.endpoint}/{thread.repo}/discussions/{thread.num}"


def _space(built: Thread) -> str:
    report = built.run().report
    assert report is not None and report.space_id is not None
    return report.space_id
