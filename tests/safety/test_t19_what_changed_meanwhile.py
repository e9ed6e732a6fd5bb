"""T19: what is built is the version that was asked for, and what is said is what holds when it is said."""

import pytest

from bot.domain.models import RunState
from tests.harness.people import Thread
from tests.harness.world import SENTIMENT, World

pytestmark = pytest.mark.thorough

MODEL = "ada/reviews"


def a_model_of_adas(world: World) -> str:
    """A copy of one of the zoo's; its commit."""
    api = world.ada.api
    api.create_repo(MODEL)
    api.snapshot_download(SENTIMENT, local_dir=world.folder / "copy")
    api.upload_folder(folder_path=world.folder / "copy", repo_id=MODEL, ignore_patterns=[".cache/*"])
    return str(api.model_info(MODEL).sha)


def asked_and_running(world: World, text: str) -> Thread:
    thread = world.ada.opens_discussion(SENTIMENT, text)
    thread.run_reaches(RunState.RUNNING)
    return thread


def test_t19_a_push_during_the_run_changes_nothing_of_it_and_is_said(world: World) -> None:
    world.ada.signs_in()
    asked_for = a_model_of_adas(world)
    thread = asked_and_running(world, f"@space-factory build {MODEL}")
    pushed = world.ada.api.upload_file(
        path_or_fileobj=b"evil = True", path_in_repo="extra.py", repo_id=MODEL
    ).oid

    run = thread.run_ends()

    assert run.state is RunState.SUCCEEDED and run.sha == asked_for != pushed
    assert run.report and run.report.revision == asked_for
    assert "I edit this message" in thread.next_reply()
    said = thread.replies()[-1].content
    assert f"this is about `{asked_for[:7]}`, and `{pushed[:7]}` is the newest" in said
    assert "Mention me with `rebuild`" in thread.next_reply()


def test_t19_t20_a_model_made_private_during_the_run_is_not_spoken_of_any_more(world: World) -> None:
    world.ada.signs_in()
    a_model_of_adas(world)
    thread = asked_and_running(world, f"@space-factory build {MODEL}")
    assert MODEL in thread.replies()[0].content, "it was public, so it was named"

    world.ada.api.update_repo_settings(MODEL, private=True)

    run = thread.run_ends()
    assert run.is_private
    assert not [said for said in thread.replies() if "reviews" in said.content.replace(SENTIMENT, "")]
    page = world.bob.browser.open(f"{world.url}/runs/{run.id}")
    assert page.status_code == 404 and "ada/reviews" not in page.text
    for _ in range(2):
        thread.next_reply()
