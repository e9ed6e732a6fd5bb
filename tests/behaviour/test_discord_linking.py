"""Who is who on Discord: proven in one browser, confirmed, and told."""

import pytest

from bot.domain.models import RunState
from tests.harness.chat import Chat
from tests.harness.waiting import wait_until
from tests.harness.world import SENTIMENT

pytestmark = pytest.mark.thorough


def test_t03_a_link_is_of_no_use_to_anybody_else(chat: Chat) -> None:
    link = chat.link_of(chat.ada.slash("connect"))

    words = chat.follows(link, chat.bob, chat.world.bob)

    assert "This link was made for another Discord account. Nothing was connected." in words
    assert chat.world.ctx.discord_links.of(chat.ada.id) is None
    assert chat.world.ctx.discord_links.of(chat.bob.id) is None


def test_t03_a_link_is_good_once_and_for_ten_minutes(chat: Chat) -> None:
    link = chat.link_of(chat.ada.slash("connect"))
    chat.follows(link, chat.ada, chat.world.ada)
    chat.world.ada.browser.submit("/discord/confirm")
    assert "used already" in chat.world.ada.browser.open(link).text
    late = chat.ada.slash("connect").reply().link("Connect")
    chat.world.passes(hours=0.2)
    assert "older than ten minutes" in chat.world.ada.browser.open(late).text


def test_t03_relinking_tells_everyone_whom_it_concerns(chat: Chat) -> None:
    chat.links(chat.ada, chat.world.ada)
    chat.leaves_discord(chat.world.ada)
    chat.links(chat.bob, chat.world.ada)
    assert (
        "Another Discord account, `bob`, is connected with `ada`" in chat.ada.next_message(chat.ada.dm).text
    )

    words = chat.follows(chat.link_of(chat.bob.slash("connect")), chat.bob, chat.world.bob)
    assert "Until now bob was connected with ada. That ends." in words
    chat.world.bob.browser.submit("/discord/confirm")

    assert "connected with `bob` on Hugging Face now. Until now it was `ada`." in (
        chat.bob.next_message(chat.bob.dm).text
    )
    assert "account `bob` is not connected with `ada` any more" in chat.ada.next_message(chat.ada.dm).text


def test_an_account_of_the_hub_has_three_discord_accounts_at_most(chat: Chat) -> None:
    for number in range(3):
        chat.links(chat.discord.person(f"ada{number}"), chat.world.ada)
        chat.leaves_discord(chat.world.ada)

    chat.follows(chat.link_of(chat.ada.slash("connect")), chat.ada, chat.world.ada)
    page = chat.world.ada.browser.submit("/discord/confirm")

    assert "ada has 3 Discord accounts already" in page.text
    assert chat.world.ctx.discord_links.of(chat.ada.id) is None


def test_disconnecting_erases_the_link_and_the_tokens(chat: Chat) -> None:
    chat.links(chat.ada, chat.world.ada)

    receipt = chat.ada.slash("disconnect").reply()

    assert receipt.ephemeral and "✅ Disconnected. Erased: your tokens" in receipt.text
    assert chat.world.ctx.discord_links.of(chat.ada.id) is None
    assert not chat.world.ctx.accounts.is_connected(chat.world.ada.id)
    assert "You are not connected" in chat.ada.slash("disconnect").reply().text


def test_t03_a_confirmation_from_elsewhere_connects_nothing(chat: Chat) -> None:
    chat.follows(chat.link_of(chat.ada.slash("connect")), chat.ada, chat.world.ada)
    browser = chat.world.ada.browser

    page = browser.submit("/discord/confirm", key="0" * 64)

    assert "That form was not ours" in page.text
    assert chat.world.ctx.discord_links.of(chat.ada.id) is None
    wait_until(lambda: not chat.ada.sees(chat.ada.dm))


def test_a_link_to_hugging_face_is_for_its_person_on_discord_too(chat: Chat) -> None:
    """Linked, but the connection has ended meanwhile."""
    chat.links(chat.ada, chat.world.ada)
    chat.world.ctx.accounts.refused(chat.world.ada.id)

    asked = chat.ada.slash("plan", model=SENTIMENT)
    waiting = asked.reply()
    assert "Connect your account to plan" in waiting.text and "Your connection ended on" in waiting.text
    link = waiting.link("Connect")
    assert "/c/" in link and link not in waiting.text
    assert "This link is for ada" in chat.world.bob.follows(link).text
    assert chat.run().state is RunState.WAITING_FOR_SIGN_IN

    assert chat.world.ada.follows(link).status_code == 200

    assert chat.run_ends().state is RunState.SUCCEEDED
