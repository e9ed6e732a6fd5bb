"""A person's tokens: renewed once, sealed anew when keys rotate, and missed in words when they end."""

import secrets
import threading

import httpx2
import pytest

from bot.app import build_context
from bot.domain.models import RunState
from bot.rekey import reseal_all
from bot.settings import new_vault_key
from bot.store.accounts import Accounts as AccountStore
from bot.store.database import open_database
from bot.store.vault import Vault
from tests.harness.waiting import wait_until
from tests.harness.world import SENTIMENT, World


def switch(world: World, name: str, **setting: object) -> None:
    answer = httpx2.put(f"{world.hub.endpoint}/__misbehave/{name}", json=setting)
    assert answer.status_code == 200, answer.text


def test_many_who_need_the_token_at_once_renew_it_once(world: World) -> None:
    """Two bots on one database, as with PostgreSQL: a thread's lock of one says nothing to the other."""
    ada = world.ada.signs_in()
    before = world.ctx.accounts.open_token(ada.id, lives=60)
    other = build_context(world.settings, world.clock)
    world.passes(hours=9)
    got: list[str] = []

    def ask(n: int) -> None:
        ctx = (world.ctx, other)[n % 2]
        got.append(ctx.accounts.open_token(ada.id, lives=60))

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(got) == 8 and len(set(got)) == 1 and got[0] != before
    assert world.hub.api(token=got[0]).whoami()["name"] == "ada"


def test_every_secret_is_replaced_while_the_bot_works(world: World) -> None:
    ada, bob = world.ada.signs_in(), world.bob.signs_in()
    old_key, old_secret = world.settings.vault_keys[0], world.settings.webhook_secrets[0]
    new_key, new_secret = new_vault_key(), secrets.token_hex(32)
    both = {
        "vault_keys": f"{new_key},{old_key.get_secret_value()}",
        "webhook_secrets": f"{new_secret},{old_secret.get_secret_value()}",
    }
    world.settings = world.settings.model_validate(world.settings.model_dump() | both)
    world.restarts()

    thread = ada.opens_discussion(SENTIMENT, "@space-factory ping")
    assert "🏓" in thread.next_reply(), "the webhook still sends the old secret"
    token = world.ctx.accounts.open_token(ada.id, lives=60)
    assert "ada</a>" in ada.browser.open(world.url).text, "browser sessions outlive every key"
    assert _newest(world, new_key) == {ada.id: True, bob.id: False}
    assert reseal_all(world.settings) == 1
    assert _newest(world, new_key) == {ada.id: True, bob.id: True}

    only_new = {"vault_keys": new_key, "webhook_secrets": new_secret}
    world.settings = world.settings.model_validate(world.settings.model_dump() | only_new)
    hooks = world.hub.api("space-factory")
    hook = hooks.list_webhooks()[0]
    hooks.update_webhook(hook.id, url=hook.url, watched=hook.watched, domains=hook.domains, secret=new_secret)
    world.restarts()
    assert world.ctx.accounts.open_token(ada.id, lives=60) == token
    ada.says(thread, "@space-factory help")
    assert "Mention me with" in thread.next_reply()
    assert bob.browser.open(world.url).status_code == 200


def _newest(world: World, key: str) -> dict[str, bool]:
    """Whose access token the key opens."""
    store = AccountStore(open_database(world.settings.main_database, "main"))
    rows = [row for user_id in store.ids() if (row := store.get(user_id))]
    return {row.user_id: Vault([key]).is_newest(row.access_token) for row in rows}


@pytest.mark.thorough
def test_a_connection_that_was_not_renewed_is_missed_and_the_request_goes_on_after_it(world: World) -> None:
    switch(world, "no-refresh-token")
    ada = world.ada.signs_in()
    page = ada.browser.open(f"{world.url}/account").text
    assert "no token that renews itself: this connection ends" in page
    world.passes(hours=9)

    thread = ada.opens_discussion(SENTIMENT, "@space-factory plan")

    assert "🔗 **Connect your account" in thread.next_reply()
    assert not world.ctx.accounts.is_connected(ada.id)
    ada.signs_in()
    assert thread.run_ends().state is RunState.SUCCEEDED
    assert "📋 **Plan for" in thread.next_reply()


@pytest.mark.thorough
def test_a_token_revoked_in_mid_run_is_noticed_once_and_said(world: World) -> None:
    world.stops()
    world.settings = world.settings.model_copy(update={"silence_seconds": 1.0})
    world.starts()
    ada = world.ada.signs_in()
    thread = ada.opens_discussion(SENTIMENT, "@space-factory build")
    thread.run_reaches(RunState.RUNNING)
    assert "I edit this message" in thread.next_reply()

    switch(world, "token-revoked", user="ada")

    run = thread.run_ends()
    assert run.state in {RunState.ERRORED, RunState.FAILED}
    if run.state is RunState.ERRORED:
        assert "your connection has ended while its Job ran" in thread.next_reply()
        wait_until(lambda: not world.ctx.accounts.is_connected(ada.id), "the row's end")
    else:
        assert "❌" in thread.next_reply()
