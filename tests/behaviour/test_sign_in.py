"""Signing in: the round trip, what a stranger can do with it, and requests that wait for it."""

import httpx2
from inline_snapshot import snapshot

from bot.domain.models import RunState
from tests.harness.browser import Browser
from tests.harness.world import SENTIMENT, World


def test_after_the_round_trip_the_page_knows_who_it_is(world: World) -> None:
    world.ada.signs_in()

    page = world.ada.browser.open(world.url)

    assert "Connected as <strong>ada</strong>" in page.text
    world.ada.browser.submit("/signout")
    assert "Connected as" not in world.ada.browser.open(world.url).text


def test_saying_no_connects_nothing(world: World) -> None:
    browser = world.ada.browser
    browser.open(f"{world.url}/connect")
    browser.submit("Go on to Hugging Face")
    browser.submit("username", username="ada")

    page = browser.submit("decision", decision="deny")

    assert page.status_code == 400
    assert "You did not allow it, so nothing was connected" in page.text
    assert not world.ctx.accounts.is_connected(world.ada.id)


def test_a_sign_in_belongs_to_one_browser_and_is_good_once(world: World) -> None:
    stolen = Browser()
    first = httpx2.post(f"{world.url}/connect", headers={"Origin": world.url})
    address = first.headers["location"]
    stolen.open(address)
    stolen.submit("username", username="ada")

    page = stolen.submit("decision", decision="allow")

    assert page.status_code == 400
    assert "belongs to another browser" in page.text
    assert "Traceback" not in page.text
    stolen.close()


def test_a_made_up_or_missing_state_is_refused(world: World) -> None:
    for query in ("", "?code=x", "?code=x&state=made-up", "?error=access_denied&state=made-up"):
        assert httpx2.get(f"{world.url}/callback{query}").status_code == 400


def test_sign_in_never_sends_people_elsewhere(world: World) -> None:
    for page in ("https://evil.example", "//evil.example", "/runs/../signout", "/\\evil.example"):
        world.person("bob").signs_in(page)
        assert str(world.bob.browser.page.url) == f"{world.url}/"  # type: ignore[union-attr]


def test_another_site_cannot_sign_people_out(world: World) -> None:
    world.ada.signs_in()

    cross = world.ada.browser._client.post(f"{world.url}/signout", headers={"Origin": "https://evil.example"})

    assert cross.status_code == 403
    assert "Connected as" in world.ada.browser.open(world.url).text


def test_a_request_before_signing_in_waits_for_its_author_and_expires(world: World) -> None:
    thread = world.ada.opens_discussion(SENTIMENT, "@space-factory build")

    assert thread.next_reply() == snapshot("""\
🔗 **Connect your account to build a Space for [`zoo/product-reviews-sentiment`](HUB/zoo/product-reviews-sentiment)**, asked by ada

**[Connect](BOT/c/CODE)** as `ada`; the link is yours alone, and the build then starts by itself. It runs as a Job in your account, which you pay Hugging Face for: about $0.01 for a small model, and never more than $1.00.

<sub>[run page](BOT/runs/RUN) · Run `RUN` · I edit this message; I won't post others until it ends.</sub>\
""")
    world.bob.signs_in()
    assert thread.run().state is RunState.WAITING_FOR_SIGN_IN
    again = world.ada.opens_discussion(SENTIMENT, "@space-factory build")
    assert again.next_reply() == snapshot("""\
🔗 Your request for this model waits for you: [connect](BOT/c/CODE) and it starts.

<sub>`DECISION` · [help](BOT/help)</sub>\
""")
    world.passes(hours=25)
    assert thread.run_ends().state is RunState.EXPIRED
    assert thread.next_reply() == snapshot("""\
⌛ **Expired:** nobody signed in to start it. Mention me with `build` to ask again. [What happened](BOT/runs/RUN) @ada

<sub>Run `RUN` · final answer</sub>\
""")
