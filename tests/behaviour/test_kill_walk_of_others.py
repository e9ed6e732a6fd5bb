"""The kill walk for runs that nobody asked for in a comment: of Discord, whose messages are others, and of a watch."""

from pathlib import Path

import pytest

from bot.domain.models import RunState
from tests.harness.chat import Chat
from tests.harness.discord_calls import FINAL
from tests.harness.dying_bot import MOMENTS
from tests.harness.waiting import wait_until
from tests.harness.watching import commits, has_a_model, watches
from tests.harness.world import SENTIMENT, World

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(240)]


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("step", ["announce", "show", "answer"])
def test_a_run_of_discord_says_everything_once(tmp_path: Path, step: str, moment: str) -> None:
    chat = Chat(tmp_path)
    try:
        chat.links(chat.ada, chat.world.ada)
        chat.world.stops()
        chat.world.starts_doomed(step, moment)
        chat.discord.connects(60)

        chat.ada.slash("plan", model=SENTIMENT).acknowledged(seconds=30)
        chat.world.dies()
        chat.world.starts_as_process()

        run = chat.run_ends(seconds=150)
        assert run.state is RunState.SUCCEEDED
        assert chat.told_of(run) == (1, 1)
        assert len(list(chat.world.ada.api.list_jobs(namespace="ada", labels={"run": run.id}))) == 1
    finally:
        chat.close()


@pytest.mark.world(burst_seconds=0.2)
@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("step", ["launch", "cancel", "answer"])
def test_a_run_of_a_watch_is_made_and_ended_once(world: World, step: str, moment: str) -> None:
    ada = has_a_model(world)
    thread = watches(ada)
    world.stops()
    world.starts_doomed(step, moment)
    commits(ada, "1", "model.safetensors")
    if step != "launch":
        wait_until(lambda: any(run.state is RunState.RUNNING for run in world.runs()), "its Job", seconds=60)
        ada.says(thread, "@space-factory cancel")

    world.dies()
    world.starts_as_process()

    [run] = wait_until(world.runs, "its run", seconds=60)
    if step == "launch":
        wait_until(lambda: world.rows.get(run.id).state is RunState.RUNNING, "its Job", seconds=60)
        ada.says(thread, "@space-factory cancel")
    wait_until(lambda: world.rows.get(run.id).is_settled, "its end", seconds=120)
    assert [(each.id, each.state) for each in world.runs()] == [(run.id, RunState.CANCELLED)]
    [job] = ada.api.list_jobs(namespace="ada", labels={"run": run.id})
    assert (job.id, job.status.stage) == (run.job_id or world.rows.get(run.id).job_id, "CANCELED")
    said = [reply.content for reply in thread.replies() if run.id in reply.content and FINAL in reply.content]
    assert len(said) == 1, said
    wait_until(lambda: len(thread.replies()) == 3, "what is said of the watch, of the cancel and of the run")
    thread.read.update(reply.id for reply in thread.replies())
