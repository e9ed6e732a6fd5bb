"""A person's tokens: renewed once, sealed anew when keys rotate, and missed in words when they end."""

import re
import secrets
import threading
from datetime import UTC, datetime

import httpx2
import pytest

from bot.assembly import build_context
from bot.domain.messages_account import moment
from bot.domain.models import DiscussionRef, Notify, Requester, Run, RunState, Wishes
from bot.rekey import reseal_all
from bot.settings import new_vault_key
from bot.store.accounts import Accounts as AccountStore
from bot.store.database import close_databases, open_database
from bot.store.vault import Vault
from tests.harness.people import Person, Thread
from tests.harness.waiting import wait_until
from tests.harness.world import SENTIMENT, World
from worker.contract import Kind, Report, Verdict, Weights


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
    database = open_database(world.settings.main_database, "main")
    store = AccountStore(database)
    rows = [row for user_id in store.ids() if (row := store.get(user_id))]
    close_databases(database)
    return {row.user_id: Vault([key]).is_newest(row.access_token) for row in rows}


@pytest.mark.thorough
def test_a_connection_that_was_not_renewed_is_missed_and_the_request_goes_on_after_it(world: World) -> None:
    switch(world, "no-refresh-token")
    ada = world.ada.signs_in()
    page = ada.browser.open(f"{world.url}/account").text
    assert "no token that renews itself: this connection ends" in page
    ended_at = world.ctx.accounts.about(ada.id).expires_at
    world.passes(hours=9)

    thread = ada.opens_discussion(SENTIMENT, "@space-factory plan")

    waiting = thread.next_reply()
    assert "🔗 **Connect your account" in waiting
    assert (
        f"Your connection ended on {moment(ended_at)}" in waiting
        and "**[Connect again](BOT/c/CODE)**" in waiting
    )
    assert not world.ctx.accounts.is_connected(ada.id)
    ada.signs_in()
    assert thread.run_ends().state is RunState.SUCCEEDED
    assert "📋 **Plan for" in thread.next_reply()


@pytest.mark.thorough
@pytest.mark.world(silence_seconds=1.0)
def test_a_token_revoked_in_mid_run_is_noticed_and_said(world: World) -> None:
    """Whether the bot or the worker meets it first, the same is said."""
    ada = world.ada.signs_in()
    thread = ada.opens_discussion(SENTIMENT, "@space-factory build")
    thread.run_reaches(RunState.RUNNING)
    assert "I edit this message" in thread.next_reply()

    switch(world, "token-revoked", user="ada")

    run = thread.run_ends()
    assert run.state is RunState.ERRORED
    answer = thread.next_reply()
    assert re.search(
        r"💥 \*\*Could not be run:\*\* your connection ended on \d+ \w+, \d\d:\d\d UTC while its Job ran",
        answer,
    )
    assert "[Connect again](BOT/c/CODE), then mention me with `retry`" in answer and "@ada" in answer
    living = world.plain(thread.replies()[0].content)
    assert "your connection ended on" in living and "[Connect again](BOT/c/CODE)" in living
    assert not world.ctx.accounts.is_connected(ada.id)


def test_a_connection_that_nothing_renews_is_spoken_of_before_it_ends(world: World) -> None:
    switch(world, "no-refresh-token")
    ada = world.ada.signs_in()
    thread = ada.opens_discussion(SENTIMENT, "@space-factory connect")
    assert "⏰" not in thread.next_reply(), "there is time enough"
    ends_at = world.ctx.accounts.about(ada.id).expires_at
    world.passes(hours=5)

    ada.says(thread, "@space-factory connect")
    ada.says(thread, "@space-factory plan")

    warning = f"⏰ Your connection ends on {moment(ends_at)}, and Hugging Face gave nothing to renew it with."
    assert warning in (said := thread.next_reply()) and "[Connect again](BOT/c/CODE) before then" in said
    thread.run_ends()
    replies = [thread.next_reply(), thread.next_reply()]
    assert [warning in each for each in replies] == [True, False], "in the living message, and only there"


def test_after_a_leak_one_new_key_ends_every_connection_and_says_so(world: World) -> None:
    """The way out that docs/deploy.md names."""
    ada = world.ada.signs_in()
    world.settings = world.settings.model_validate(
        world.settings.model_dump() | {"vault_keys": new_vault_key()}
    )
    world.restarts()

    thread = ada.opens_discussion(SENTIMENT, "@space-factory plan")

    assert "Your connection ended on" in (waiting := thread.next_reply()) and "[Connect again]" in waiting
    assert not world.ctx.accounts.is_connected(ada.id)
    ada.signs_in()
    assert thread.run_ends().state is RunState.SUCCEEDED
    assert "📋 **Plan for" in thread.next_reply()


@pytest.mark.parametrize("verb", ["rollback", "logs", "quiet", "cancel"])
def test_every_command_that_meets_a_refused_token_erases_it(world: World, verb: str) -> None:
    """What used the token says so to the accounts; nothing goes on asking the Hub with it."""
    ada = world.ada.signs_in()
    thread = ada.opens_discussion(SENTIMENT, "just talking")
    state = RunState.RUNNING if verb == "cancel" else RunState.SUCCEEDED
    world.rows.admit(a_run(ada, thread, state), limit=5)
    ada.browser.open(f"{world.hub.endpoint}/settings")
    assert ada.browser.submit("/revoke").status_code == 200

    ada.says(thread, f"@space-factory {verb}")

    wait_until(lambda: not world.ctx.accounts.is_connected(ada.id), "the token's end")
    assert world.ctx.accounts.ended_at(ada.id)
    said = thread.next_reply()
    if verb == "cancel":
        assert thread.run_ends().state is RunState.CANCELLED
        thread.read.update(reply.id for reply in thread.replies())
    if verb == "rollback":
        assert "🔗 Your connection ended on" in said and "[Connect again](BOT/c/CODE)" in said
        assert "What you asked for then goes on by itself." in said
        ada.signs_in()
        assert "`ada/demo` is not there any more" in thread.next_reply()


def a_run(who: Person, thread: Thread, state: RunState) -> Run:
    """One that ended well long ago, or one under way, without the wait for it."""
    is_over = state is RunState.SUCCEEDED
    at = datetime.now(UTC)
    report = Report(
        run_id="r_0123456789abcdef",
        kind=Kind.BUILD,
        model_id=thread.repo,
        revision="0" * 40,
        verdict=Verdict.FULL_INFERENCE_SUCCESS,
        reason="It answered.",
        weights=Weights(proven=True, reason="read"),
        space_id="ada/demo",
        previous_commit="1" * 40,
        started_at=at,
        ended_at=at,
    )
    return Run(
        id="r_0123456789abcdef",
        requester=Requester(id=who.id, name=who.name),
        thread=DiscussionRef(repo=thread.repo, num=thread.num),
        model_id=thread.repo,
        sha="0" * 40,
        target_space="ada/demo",
        state=state,
        job_id="0" * 24,
        wishes=Wishes(notify=Notify.OUTCOMES),
        answer_id="0" * 24 if is_over else None,
        report=report if is_over else None,
        created_at=at.timestamp(),
        launched_at=at.timestamp(),
        heard_at=at.timestamp(),
    )
