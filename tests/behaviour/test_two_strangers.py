"""Two people who don't know each other ask in one place: each has their own run, and nobody acts for another."""

import pytest

from bot.domain.models import Run, RunState
from bot.store.preferences import Switch
from tests.harness.chat import Chat
from tests.harness.people import Thread
from tests.harness.waiting import wait_until
from tests.harness.world import SENTIMENT, World

pytestmark = pytest.mark.thorough


def runs_by_name(world: World, count: int) -> dict[str, Run]:
    wait_until(lambda: len(world.runs()) == count, f"{count} runs")
    return {run.requester.name: run for run in world.runs()}


def all_end(world: World) -> dict[str, Run]:
    wait_until(lambda: all(run.is_settled for run in world.runs()), "the end of every run", 100)
    return {run.requester.name: run for run in world.runs()}


def read_all(thread: Thread) -> list[str]:
    thread.read.update(reply.id for reply in thread.replies())
    return [reply.content for reply in thread.replies()]


def test_in_one_thread_each_has_a_run_of_their_own_and_stops_only_that(world: World) -> None:
    world.ada.signs_in()
    thread = world.ada.opens_discussion(SENTIMENT, "@space-factory build")
    thread.run_reaches(RunState.RUNNING)
    world.bob.says(thread, "@space-factory build")
    runs = runs_by_name(world, 2)
    assert runs["bob"].state is RunState.WAITING_FOR_SIGN_IN and runs["bob"].target_space.startswith("bob/")

    world.bob.says(thread, f"@space-factory cancel {runs['ada'].id}")
    wait_until(
        lambda: any("Only `ada` can `cancel`" in each.content for each in thread.replies()), "a refusal"
    )
    world.bob.says(thread, "@space-factory cancel")
    ended = wait_until(
        lambda: (run := world.rows.get(runs["bob"].id)) and run.is_settled and run, "bob's end"
    )
    assert (ended.state, ended.cancelled_by, ended.job_id) == (RunState.CANCELLED, "bob", None)
    world.ada.says(thread, "@space-factory status")
    wait_until(
        lambda: "asked by ada" in thread.replies()[-1].content or "Ready" in thread.replies()[-1].content
    )

    assert all_end(world)["ada"].state is RunState.SUCCEEDED
    said = read_all(thread)
    assert list(world.bob.api.list_jobs(namespace="bob")) == []
    assert sum("@ada" in each for each in said) == 1 and sum("@bob" in each for each in said) == 1


def test_in_one_channel_each_has_a_run_of_their_own_and_sees_their_own(chat: Chat) -> None:
    chat.links(chat.ada, chat.world.ada)
    chat.links(chat.bob, chat.world.bob)
    hers = chat.ada.slash("build", model=SENTIMENT).reply()
    his = chat.bob.slash("build", model=SENTIMENT).reply()
    runs = runs_by_name(chat.world, 2)
    assert "asked by ada" in hers.text and "asked by bob" in his.text

    refused = chat.bob.slash("cancel", run=runs["ada"].id).reply()
    assert refused.ephemeral and "Only `ada` can `cancel` this run" in refused.text
    assert "Stopping it" in chat.bob.slash("cancel").reply().text
    again = chat.ada.slash("status").reply()
    assert again.ephemeral and "asked by ada" in again.text and "asked by bob" not in again.text
    stranger = chat.discord.person("cleo").slash("status").reply()
    assert (stranger.ephemeral and "asked by" in stranger.text) or "Cancelled" in stranger.text

    assert "Stopping it" in chat.ada.slash("cancel").reply().text
    ended = all_end(chat.world)
    assert {name: run.cancelled_by for name, run in ended.items()} == {"ada": "ada", "bob": "bob"}
    pinged = [each.content for each in chat.ada.was_pinged() if each.channel is chat.channel]
    assert len(pinged) == 1 and f"<@{chat.bob.id}>" not in pinged[0]


def test_status_on_discord_lists_ones_own_last_five_runs_and_no_more(chat: Chat) -> None:
    chat.links(chat.ada, chat.world.ada)
    chat.links(chat.bob, chat.world.bob)
    chat.bob.slash("build", model=SENTIMENT, budget=0.02).reply()
    assert "Stopping it" in chat.bob.slash("cancel").reply().text
    for number in range(6):
        chat.ada.slash("build", model=SENTIMENT).reply()
        assert "Stopping it" in chat.ada.slash("cancel").reply().text
        wait_until(lambda: all(run.is_settled for run in chat.world.runs()), f"the end of run {number}", 60)

    said = chat.ada.slash("status").reply()

    mine = [run.id for run in chat.world.runs() if run.requester.name == "ada"]
    assert said.ephemeral and "Your last 5 runs, the newest first" in said.text
    assert [run_id for run_id in mine if run_id in said.text] == mine[:5]
    assert said.text.count("Cancelled by") == 5
    assert "Cancelled by `bob`" not in said.text
    assert chat.bob.slash("status").reply().text.count("Cancelled by") == 1


def test_while_the_bot_is_paused_nobody_is_asked_to_link_their_accounts_first(chat: Chat) -> None:
    chat.world.ctx.preferences.turn_on(Switch("pause", "the Hub is being moved", "op", chat.world.clock()))

    said = chat.ada.slash("build", model=SENTIMENT).reply()

    assert said.ephemeral and "⏸️ Builds are paused: the Hub is being moved. Nothing was started" in said.text
    assert "Connect" not in said.buttons
    assert (
        "[Connect]" in chat.ada.slash("connect").reply().text
        or "Connect" in chat.ada.slash("connect").reply().buttons
    )
