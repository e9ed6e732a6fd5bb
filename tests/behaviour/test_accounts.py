"""The account page: what was allowed and why, one's own limits, one's data, and the way out."""

from bot.store.preferences import UserSettings
from tests.harness.waiting import wait_until
from tests.harness.world import SENTIMENT, World


def test_a_person_sees_and_changes_what_is_kept_about_them(world: World) -> None:
    ada = world.ada
    assert "Sign in first" in ada.browser.open(f"{world.url}/account").text
    page = ada.signs_in("/account").browser.open(f"{world.url}/account").text
    assert "Run builds as Jobs in your account" in page and "touch only those it made" in page
    assert "$0</strong> of at most $20.00" in page

    form = {"notify": "outcomes", "budget": "0.5", "monthly_budget": "3", "hardware": "t4-small"}
    answer = ada.browser.submit("budget", **form)

    assert answer.status_code == 200 and 'value="t4-small"' in answer.text
    kept = world.ctx.preferences.of(ada.id)
    assert (kept.budget, kept.monthly_budget, kept.notify.value) == (0.5, 3.0, "outcomes")
    bad = ada.browser.submit("budget", **{**form, "budget": "-1"})
    assert bad.status_code == 400 and world.ctx.preferences.of(ada.id) == kept

    data = ada.browser.open(f"{world.url}/account/export")
    assert data.json()["account"]["name"] == "ada"
    assert data.json()["settings"]["hardware"] == "t4-small"
    assert world.ctx.accounts.open_token(ada.id, lives=0) not in data.text


def test_disconnecting_erases_at_once_and_says_what(world: World) -> None:
    ada = world.ada.signs_in()
    thread = ada.opens_discussion(SENTIMENT, "@space-factory status")
    assert "No build was asked for" in thread.next_reply()
    world.ctx.preferences.put(UserSettings(ada.id, budget=2))
    ada.browser.open(f"{world.url}/account")

    receipt = ada.browser.submit("/account/disconnect")

    assert "Erased: your tokens, your settings, 1 browser sessions and 1 notes" in receipt.text
    assert not world.ctx.accounts.is_connected(ada.id)
    assert world.ctx.decisions.about(ada.id) == []
    assert "Sign in first" in ada.browser.open(f"{world.url}/account").text


def test_a_link_opened_by_the_wrong_person_connects_nothing(world: World) -> None:
    thread = world.ada.opens_discussion(SENTIMENT, "@space-factory build")
    assert "Connect" in thread.next_reply()
    run = thread.run()

    world.bob.signs_in()
    page = world.bob.browser.open(f"{world.url}/runs/{run.id}")
    assert page.status_code == 403
    assert "This request belongs to another account. You are signed in as bob." in page.text
    assert thread.run().state.value == "waiting_for_sign_in"
    world.ada.signs_in(f"/runs/{run.id}")
    assert thread.run_ends().requester.name == "ada"
    assert "✅ **Ready:**" in thread.next_reply()


def test_what_was_decided_is_forgotten_after_ninety_days(world: World) -> None:
    thread = world.bob.opens_discussion(SENTIMENT, "@space-factory ping")
    assert "🏓" in thread.next_reply()
    wait_until(lambda: len(world.ctx.decisions.about(world.bob.id)) == 1, "the decision")

    world.passes(hours=91 * 24)

    wait_until(lambda: world.ctx.decisions.about(world.bob.id) == [], "the old to be forgotten")
