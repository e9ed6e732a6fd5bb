"""T18: who has the name now is not who had it. Repos are known by the Hub's own ids, people by theirs."""

import shutil
from datetime import UTC, datetime

from bot.domain.models import DiscussionRef, Notify, Requester, Run, RunState, Wishes
from tests.harness.people import Person
from tests.harness.world import SENTIMENT, World
from worker.contract import Kind, Report, Verdict, Weights


def test_t18_a_model_made_anew_under_the_same_name_is_another_model(world: World) -> None:
    ada, bob = world.ada.signs_in(), world.bob
    world.listens_to("bob", "user")
    repo = a_model(bob, world)
    space = ada.api.create_repo("ada/model-demo", repo_type="space", space_sdk="static").repo_id
    world.rows.admit(a_build(ada, repo, str(bob.api.model_info(repo).__dict__["_id"]), space), limit=5)

    bob.api.delete_repo(repo)
    again = a_model(bob, world)
    assert again == repo
    thread = ada.opens_discussion(repo, "@space-factory rebuild")

    assert "The model of that name is another one now: its repo was made anew" in thread.next_reply()
    ada.says(thread, "@space-factory retry r_0123456789abcdef")
    ada.says(thread, "@space-factory why")
    assert "another one now" in thread.next_reply(), "of the second the reason is said when asked"
    assert len(world.runs()) == 1


def test_t18_a_space_made_anew_under_the_same_name_is_left_alone(world: World) -> None:
    ada = world.ada.signs_in()
    space = ada.api.create_repo("ada/model-demo", repo_type="space", space_sdk="static").repo_id
    first = ada.api.list_repo_commits(space, repo_type="space")[0].commit_id
    old_id = str(ada.api.space_info(space).__dict__["_id"])
    ada.api.delete_repo(space, repo_type="space")
    ada.api.create_repo(space, repo_type="space", space_sdk="static")
    before = ada.api.space_info(space).sha
    thread = ada.opens_discussion(SENTIMENT, "just talking")
    build = a_build(ada, SENTIMENT, None, space, previous=first).model_copy(update={"space_repo": old_id})
    world.rows.admit(build, limit=5)

    ada.says(thread, "@space-factory rollback r_0123456789abcdef")

    assert "`ada/model-demo` is not there any more, or not visible to me" in thread.next_reply()
    assert ada.api.space_info(space).sha == before


def a_model(owner: Person, world: World) -> str:
    """A small one, with a discussion where somebody can ask."""
    repo = owner.api.create_repo(f"{owner.name}/model").repo_id
    folder = world.folder / "model"
    folder.mkdir(exist_ok=True)
    (folder / "README.md").write_text("---\npipeline_tag: text-classification\n---\n# A model\n")
    owner.api.upload_folder(repo_id=repo, folder_path=folder)
    shutil.rmtree(folder)
    return repo


def a_build(who: Person, model: str, model_repo: str | None, space: str, previous: str | None = None) -> Run:
    """One that ended well, without the wait for it."""
    at = datetime.now(UTC)
    return Run(
        id="r_0123456789abcdef",
        requester=Requester(id=who.id, name=who.name),
        thread=DiscussionRef(repo=model, num=1),
        model_id=model,
        sha="0" * 40,
        target_space=space,
        state=RunState.SUCCEEDED,
        answer_id="0" * 24,
        wishes=Wishes(notify=Notify.OUTCOMES),
        model_repo=model_repo,
        report=Report(
            run_id="r_0123456789abcdef",
            kind=Kind.BUILD,
            model_id=model,
            revision="0" * 40,
            verdict=Verdict.FULL_INFERENCE_SUCCESS,
            reason="It answered.",
            weights=Weights(proven=True, reason="read"),
            space_id=space,
            previous_commit=previous,
            started_at=at,
            ended_at=at,
        ),
        created_at=at.timestamp(),
    )
