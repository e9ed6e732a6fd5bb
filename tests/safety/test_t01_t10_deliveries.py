"""T1, T2, T7, T8, T9: a delivery is a hint. Who wrote the comment pays, once, and never for an edit."""

from pathlib import Path

import pytest

from bot.domain.models import Requester
from tests.harness.world import SENTIMENT, World
from tests.safety.deliveries import all_done, deliver, payload, storm
from tests.safety.watching import connections

NOWHERE = "http://169.254.169.254/latest/meta-data"


def a_repo_of_adas(world: World, name: str, *, heard: bool) -> str:
    world.ada.api.create_repo(f"ada/{name}")
    if heard:
        world.listens_to("ada", "user")
    return f"ada/{name}"


def test_t01_an_edit_by_the_repos_owner_spends_nothing(world: World) -> None:
    ada, bob = world.ada.signs_in(), world.bob.signs_in()
    repo = a_repo_of_adas(world, "model", heard=True)
    thread = bob.opens_discussion(repo, "A nice model, thank you.")
    praise = bob.says(thread, "I like it.")

    ada.edits(thread, praise, f"@space-factory build {SENTIMENT}")
    ada.says(thread, "@space-factory ping")
    assert "🏓 Up" in thread.next_reply()
    all_done(world)

    assert world.runs() == [] and len(thread.replies()) == 1
    noted = world.ctx.decisions.about(bob.id)
    assert [(each.code, each.said) for each in noted] == [("E_EDITED", False)]
    assert "edited by someone else" in world.log.file.read_text()

    own = bob.says(thread, "still nice")
    bob.edits(thread, own, "@space-factory build")
    assert "I don't run edited comments" in thread.next_reply()
    all_done(world)
    assert world.runs() == [] and len(thread.replies()) == 2


@pytest.mark.thorough
def test_t02_t07_t08_t09_whatever_the_delivery_says_the_author_pays_once(world: World) -> None:
    bob = world.bob.signs_in()
    repo = a_repo_of_adas(world, "unheard", heard=False)
    thread = world.ada.opens_discussion(repo, "just talking")
    comment = world.ada.says(thread, f"@space-factory build {SENTIMENT}")

    forged = payload(thread, comment, bob.id)
    assert deliver(world, forged).status_code == 202
    all_done(world)
    assert world.runs() == [], "bob would have paid for what ada wrote"
    assert "the author is someone else" in world.log.file.read_text()

    request = bob.says(thread, f"@space-factory build {SENTIMENT}")
    honest = payload(thread, request, bob.id)
    honest["comment"]["url"] = honest["discussion"]["url"] = {"api": NOWHERE, "web": NOWHERE}
    honest["repo"]["url"] = {"api": NOWHERE, "web": "http://evil.test/"}
    honest["discussion"]["author"] = honest["repo"]["owner"] = {"id": world.ada.id, "url": NOWHERE}
    honest |= {"sender": world.ada.id, "as": "ada", "webhook": {"id": "0" * 24, "url": NOWHERE}}
    with connections() as made:
        answers = storm(world, honest, 100)
        run = thread.run_ends()
        deliver(world, honest)
        all_done(world)

    assert set(answers) == {202}
    assert {host for host, _ in made} <= {"127.0.0.1", "::1", "localhost"}
    assert [each.requester for each in world.runs()] == [Requester(id=bob.id, name="bob")]
    assert [job.labels["run"] for job in bob.api.list_jobs(namespace="bob")] == [run.id]
    assert list(world.ada.api.list_jobs(namespace="ada")) == []
    living, answer = thread.next_reply(), thread.next_reply()
    assert "bob/product-reviews-sentiment-demo" in living and "@bob" in answer
    no_secret_in_the_space(world, run.target_space)


def no_secret_in_the_space(world: World, space: str) -> None:
    """T6: what is built holds no token, and none is set beside it."""
    api = world.bob.api
    assert api.get_space_variables(space) == {} or all(
        "hf_" not in str(v) for v in api.get_space_variables(space).values()
    )
    for file in api.list_repo_files(space, repo_type="space"):
        content = api.hf_hub_download(space, file, repo_type="space", local_dir=world.folder / "space")
        assert b"hf_oauth_" not in Path(content).read_bytes()
