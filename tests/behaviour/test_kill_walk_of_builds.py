"""The kill walk where a Job does the whole of its work: a build, the rebuild that a watch leads to, and a validate,
each with a real Space. One Job, one Space, one commit in it for each run, and every word once."""

from collections.abc import Callable, Iterator

import pytest
from huggingface_hub import HfApi

from bot.domain.models import Run, RunState
from bot.runs.steps import STEPS
from tests.behaviour.test_kill_walk import HURRY, assert_once, done_once
from tests.harness import leaving
from tests.harness.dying_bot import MOMENTS
from tests.harness.people import Thread
from tests.harness.waiting import wait_until
from tests.harness.watching import MODEL, commits, has_a_model, watches
from tests.harness.world import SENTIMENT, World
from worker.contract import Verdict
from worker.promotion import STAGING

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(900)]

WITHOUT_A_JOB = {"expire", "resume"}
"""They end before there is any Job, whatever was asked for: `test_kill_walk.py` has them."""
OF_A_JOB = [step.name for step in STEPS if step.name not in WITHOUT_A_JOB]
OFTEN = "on=main max=24/day notify=all"
DEMO = f"{MODEL}-demo"


def with_their_hurry() -> list[object]:
    return [pytest.param(step, marks=pytest.mark.world(**HURRY.get(step, {}))) for step in OF_A_JOB]


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("step", with_their_hurry())
def test_a_build_makes_one_space(world: World, step: str, moment: str) -> None:
    ada = world.ada.signs_in()
    world.stops()
    world.starts_doomed(step, moment)
    thread = ada.opens_discussion(SENTIMENT, "@space-factory build")

    run = dies_and_ends(world, thread, step)

    assert_once(world, thread, run)
    spaces = [each.id for each in ada.api.list_spaces(author="ada")]
    if step != "cancel":
        assert spaces == [run.report and run.report.space_id]
        assert len(commits_of_ours(ada.api, spaces[0])) == 1
    assert len(spaces) <= 1


@pytest.fixture(scope="module")
def world_with_a_space(
    tmp_path_factory: pytest.TempPathFactory, new_database: Callable[[], dict[str, object]]
) -> Iterator[World]:
    """Ada's model is one that answers; it is watched, and has its Space."""
    folder = tmp_path_factory.mktemp("walk")
    hurry = {"burst_seconds": 0.2, "silence_seconds": 1, "commands_per_hour": 10_000}
    world = World(folder, **new_database(), **hurry)
    with leaving.lived_in(world):
        ada = has_a_model(world)
        world.hub.behaves("job-stuck-in-scheduling")
        files = ada.api.snapshot_download(SENTIMENT, local_dir=folder / "model")
        ada.api.upload_folder(repo_id=MODEL, folder_path=files)
        thread = watches(ada, OFTEN)
        ada.says(thread, "@space-factory build")
        assert thread.run_ends().target_space == DEMO
        thread.read.update(each.id for each in thread.replies())
        yield world


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("step", OF_A_JOB)
def test_a_rebuild_of_a_watch_is_one_commit_in_its_space(
    world_with_a_space: World, step: str, moment: str
) -> None:
    world, ada = world_with_a_space, world_with_a_space.ada
    [thread, *_] = world.threads
    before = thread.run().id
    of_before = commits_of_ours(ada.api, DEMO)
    starts_doomed_again(world, step, moment)

    sha = commits(ada, f"{step} {moment}", "notes.json")
    wait_until(lambda: thread.run().id != before, "the run of the watch", seconds=120)
    run = dies_and_ends(world, thread, step)

    assert (run.sha, run.rebuild_of) == (sha, DEMO)
    done_once(world, thread, run)
    made = len(commits_of_ours(ada.api, DEMO)) - len(of_before)
    assert made == 1 if step != "cancel" else made <= 1
    # Her grant lets us make Spaces, not delete them: each rebuild takes the staging Space of the last one over.
    assert len(staging_of(ada.api)) <= 1
    wait_until(lambda: thread.run().is_settled, "nothing else")
    assert thread.run().id == run.id


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("step", OF_A_JOB)
def test_a_validate_judges_the_space_and_leaves_it_alone(
    world_with_a_space: World, step: str, moment: str
) -> None:
    world, ada = world_with_a_space, world_with_a_space.ada
    of_before = ada.api.list_repo_commits(DEMO, repo_type="space")
    starts_doomed_again(world, step, moment)
    thread = ada.opens_discussion(MODEL, f"@space-factory validate {DEMO}")

    run = dies_and_ends(world, thread, step)

    done_once(world, thread, run)
    assert ada.api.list_repo_commits(DEMO, repo_type="space") == of_before


def starts_doomed_again(world: World, step: str, moment: str) -> None:
    (world.folder / "died").unlink(missing_ok=True)
    world.stops()
    world.starts_doomed(step, moment)


def dies_and_ends(world: World, thread: Thread, step: str) -> Run:
    """The newest run of the thread, which is cancelled where the step is about that, when all of it is over."""
    if step == "cancel":
        run = thread.run_reaches(RunState.RUNNING)
        world.ada.says(thread, f"@space-factory cancel {run.id}")
    world.dies(400)
    world.starts_as_process()
    run = thread.run_ends(400)
    assert run.state is (RunState.CANCELLED if step == "cancel" else RunState.SUCCEEDED), run.report
    if run.state is RunState.SUCCEEDED:
        assert run.report and run.report.verdict is Verdict.FULL_INFERENCE_SUCCESS
    return run


def commits_of_ours(api: HfApi, space_id: str) -> list[str]:
    """What runs have put into a Space."""
    commits = api.list_repo_commits(space_id, repo_type="space")
    return [each.commit_id for each in commits if "Space Factory" in each.title]


def staging_of(api: HfApi) -> list[str]:
    return [each.id for each in api.list_spaces(author="ada") if STAGING in each.id]
