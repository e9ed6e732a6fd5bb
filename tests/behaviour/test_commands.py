"""What can be asked for besides a build: who may ask, what is answered, and what is left alone."""

import pytest

from bot.domain.models import RunState
from bot.store.preferences import Switch
from tests.harness.waiting import wait_until
from tests.harness.world import DIGITS, SENTIMENT, World
from worker.contract import Kind, Phase, Verdict


def test_a_plan_says_what_would_be_built_and_builds_nothing(world: World) -> None:
    ada = world.ada.signs_in()
    thread = ada.opens_discussion(SENTIMENT, "@space-factory plan")

    run = thread.run_ends()

    assert (run.kind, run.report and run.report.verdict) == (Kind.PLAN, Verdict.PLANNED)
    assert [space.id for space in ada.api.list_spaces(author="ada")] == []
    assert "Planning a Space" not in (living := thread.next_reply()) and "I edit this message" in living
    answer = thread.next_reply()
    assert "📋 **Plan for" in answer and "text-classification-onnx" in answer and "free" in answer
    assert "Nothing was built." in answer and "@ada" in answer


def test_a_run_is_stopped_by_whoever_asked_for_it_and_by_nobody_else(world: World) -> None:
    ada = world.ada.signs_in()
    thread = ada.opens_discussion(SENTIMENT, "@space-factory build")
    run = thread.run_reaches(RunState.RUNNING)
    assert "⏳" in thread.next_reply()
    world.bob.says(thread, "@space-factory cancel")
    assert "Only `ada` can `cancel` this run" in thread.next_reply()

    ada.says(thread, "@space-factory cancel")

    assert "Stopping it" in thread.next_reply()
    ended = thread.run_ends()
    assert (ended.state, ended.cancelled_by) == (RunState.CANCELLED, "ada")
    job = ada.api.inspect_job(job_id=run.job_id, namespace="ada")
    assert job.status.stage == "CANCELED"
    assert "Cancelled by `ada`" in thread.next_reply()
    ada.says(thread, "@space-factory cancel")
    assert "over already" in thread.next_reply()


def test_the_owner_of_a_model_may_stop_what_was_started_in_their_thread(world: World) -> None:
    ada, bob = world.ada.signs_in(), world.bob.signs_in()
    ada.api.create_repo("ada/reviews")
    for file in ada.api.list_repo_files(SENTIMENT):
        local = ada.api.hf_hub_download(SENTIMENT, file, local_dir=world.folder / "copy")
        ada.api.upload_file(path_or_fileobj=local, path_in_repo=file, repo_id="ada/reviews")
    world.listens_to("ada", "user")
    thread = bob.opens_discussion("ada/reviews", "@space-factory build")
    thread.run_reaches(RunState.RUNNING)
    assert "⏳" in thread.next_reply()

    ada.says(thread, "@space-factory cancel")

    assert "Stopping it" in thread.next_reply()
    assert thread.run_ends().state is RunState.CANCELLED
    assert "Cancelled by `ada`" in thread.next_reply()


def test_an_owner_decides_whether_the_bot_speaks_in_their_repo(world: World) -> None:
    ada, bob = world.ada.signs_in(), world.bob.signs_in()
    ada.api.create_repo("ada/quiet-model")
    world.listens_to("ada", "user")
    thread = bob.opens_discussion("ada/quiet-model", "@space-factory quiet")
    assert "Only people who may write to this repo can use `quiet`" in thread.next_reply()

    ada.says(thread, "@space-factory quiet")
    assert "I'll be silent in `ada/quiet-model`" in thread.next_reply()
    bob.says(thread, "@space-factory help")
    bob.says(thread, "@space-factory biuld")
    bob.says(thread, "@space-factory build zoo/handwritten-digits")
    ada.says(thread, "@space-factory unquiet")
    assert "I answer in `ada/quiet-model` again" in thread.next_reply()
    bob.says(thread, "@space-factory ping")

    assert "🏓 Up" in thread.next_reply()
    assert world.runs() == []


def test_a_file_in_the_repo_speaks_for_its_owner(world: World) -> None:
    ada, bob = world.ada.signs_in(), world.bob.signs_in()
    ada.api.create_repo("ada/model")
    world.listens_to("ada", "user")
    voice = b"version: 1\nallow: writers\nunknown: [1]\nreply: outcomes\n"
    ada.api.upload_file(path_or_fileobj=voice, path_in_repo=".space-factory.yml", repo_id="ada/model")
    thread = bob.opens_discussion("ada/model", "@space-factory build zoo/handwritten-digits")
    assert "lets only some people ask for builds here" in thread.next_reply()
    off = b"enabled: false\n"
    ada.api.upload_file(path_or_fileobj=off, path_in_repo=".space-factory.yml", repo_id="ada/model")

    bob.says(thread, "@space-factory help")

    wait_until(lambda: world.ctx.deliveries.due(world.clock() + 60) == [], "every delivery's end")
    assert len(thread.replies()) == 1


def test_a_refusal_is_said_once_and_explained_when_asked(world: World) -> None:
    bob = world.bob.signs_in()
    thread = bob.opens_discussion(SENTIMENT, "@space-factory build zoo/nothing")
    assert "I can't open that model" in thread.next_reply()
    bob.says(thread, "@space-factory build zoo/nothing")
    bob.says(thread, "@space-factory why")

    assert "About your `build`" in (said := thread.next_reply()) and "`E_ACCESS`" in said
    bob.says(thread, "@space-factory build budget=$0.0005")
    assert "Your cap is $0.0005" in thread.next_reply()
    bob.says(thread, "@space-factory status\n@space-factory logs\n@space-factory rollback")
    for _ in range(3):
        assert "No build was asked for" in thread.next_reply()
    bob.says(thread, "@space-factory rebuild")
    assert "You have no Space of mine for `zoo/product-reviews-sentiment` yet" in thread.next_reply()
    assert world.runs() == []


def test_people_connect_and_disconnect_with_a_receipt(world: World) -> None:
    thread = world.bob.opens_discussion(SENTIMENT, "@space-factory connect")
    assert "[Connect your account](BOT/c/CODE) as `bob`" in thread.next_reply()
    world.bob.signs_in()
    world.bob.says(thread, "@space-factory connect")
    assert "Your account is connected" in thread.next_reply()

    world.bob.says(thread, "@space-factory disconnect")

    receipt = thread.next_reply()
    assert "Erased: your tokens, your settings, 1 browser sessions" in receipt
    assert not world.ctx.accounts.is_connected(world.bob.id)
    world.bob.says(thread, "@space-factory disconnect")
    assert "You were not connected" in thread.next_reply()


def test_while_the_operator_pauses_nothing_is_started(world: World) -> None:
    ada = world.ada.signs_in()
    world.ctx.preferences.turn_on(Switch("pause", "the Hub has an incident", "operator", world.clock()))
    thread = ada.opens_discussion(SENTIMENT, "@space-factory build\n@space-factory ping")

    assert "Builds are paused: the Hub has an incident." in thread.next_reply()
    assert "builds are paused" in thread.next_reply()
    assert world.runs() == []


@pytest.mark.thorough
@pytest.mark.timeout(400)
def test_a_space_is_built_once_rebuilt_beside_itself_and_rolled_back(world: World) -> None:
    ada = world.ada.signs_in()
    thread = ada.opens_discussion(DIGITS, "@space-factory build notify=outcomes")
    run = thread.run_ends()
    assert run.report and run.report.space_id
    assert "✅ **Ready:**" in thread.next_reply()
    ada.says(thread, "@space-factory build")
    assert "Nothing new since" in thread.next_reply()
    space = run.report.space_id
    ada.api.upload_file(path_or_fileobj=b"mine", path_in_repo="NOTES.md", repo_id=space, repo_type="space")
    head = ada.api.space_info(space).sha

    ada.says(thread, "@space-factory rebuild force")
    wait_until(lambda: thread.run().id != run.id, "the rebuild's run")
    rebuilt = thread.run_ends(200)

    assert (rebuilt.rebuild_of, rebuilt.state) == (space, RunState.SUCCEEDED)
    assert "NOTES.md" not in ada.api.list_repo_files(space, repo_type="space")
    assert "I edit this message" in thread.next_reply()
    assert "✅ **Ready:**" in thread.next_reply()
    ada.says(thread, "@space-factory rollback")
    assert "is back at `VERSION`, as one new commit" in thread.next_reply()
    assert rebuilt.report and rebuilt.report.previous_commit == head
    assert "NOTES.md" in ada.api.list_repo_files(space, repo_type="space")
    ada.says(thread, "@space-factory validate")
    wait_until(lambda: thread.run().id != rebuilt.id, "the validation's run")
    checked = thread.run_ends(200)
    assert checked.kind is Kind.VALIDATE and checked.report
    assert {Phase.VALIDATE} <= {each.phase for each in checked.report.phases}
    assert "I edit this message" in thread.next_reply()
    assert "✅ **It works:**" in thread.next_reply()
