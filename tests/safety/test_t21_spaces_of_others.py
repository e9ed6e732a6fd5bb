"""T21: a Space is private, made under a mark of ours, and never laid over what somebody else has made."""

import ast
from pathlib import Path

import pytest

from bot.domain.models import RunState
from tests.harness.world import SENTIMENT, World
from worker.contract import Verdict

ROOT = Path(__file__).parents[2]
PROGRAMS = [
    *(ROOT / "worker").rglob("*.py"),
    *(ROOT / "bot").rglob("*.py"),
    *(ROOT / "handlers").rglob("*.py"),
]
OURS = [
    file
    for file in PROGRAMS
    if not {"localhub", "blueprints", "demo"} & set(file.parts) and file.name != "deployment.py"
]
"""Not the operator's command: it makes the bot's own Space, and looks first whose that is."""
NAME = "ada/product-reviews-sentiment-demo"


def calls_of(name: str) -> list[tuple[Path, ast.Call]]:
    return [
        (file, node)
        for file in OURS
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(name)
    ]


def test_t21_whatever_makes_a_repo_makes_a_private_one_and_takes_none_that_is_there() -> None:
    made = calls_of(".create_repo")
    given = [{each.arg: ast.unparse(each.value) for each in call.keywords if each.arg} for _, call in made]

    assert made, "nothing makes a Space any more: look where it is done"
    assert all(each.get("private") == "True" and "exist_ok" not in each for each in given), given


def test_t21_nothing_of_ours_makes_something_public() -> None:
    changed = [*calls_of(".update_repo_settings"), *calls_of(".update_repo_visibility")]
    loud = [(file, call) for file, call in changed if "private" in ast.unparse(call)]

    assert not loud
    assert not [
        file
        for file, call in calls_of(".duplicate_space") + calls_of(".duplicate_repo")
        if "private=True" not in ast.unparse(call)
    ]


@pytest.mark.thorough
@pytest.mark.timeout(300)
def test_t21_a_space_of_that_name_which_is_not_ours_is_left_as_it_is(world: World) -> None:
    ada = world.ada.signs_in()
    ada.api.create_repo(NAME, repo_type="space", space_sdk="static")
    ada.api.upload_file(path_or_fileobj=b"mine", path_in_repo="index.html", repo_id=NAME, repo_type="space")
    before = ada.api.space_info(NAME)

    thread = ada.opens_discussion(SENTIMENT, "@space-factory build")
    run = thread.run_ends()

    assert run.state is RunState.SUCCEEDED and run.report
    assert run.report.verdict is Verdict.FULL_INFERENCE_SUCCESS
    assert run.report.space_id == f"{NAME}-2" and ada.api.space_info(f"{NAME}-2").private
    after = ada.api.space_info(NAME)
    assert (after.sha, after.private, after.sdk) == (before.sha, before.private, "static")
    assert f"{NAME}-2" in thread.next_reply() + thread.next_reply()
    card = ada.api.hf_hub_download(
        f"{NAME}-2", "README.md", repo_type="space", local_dir=world.folder / "made"
    )
    assert SENTIMENT in Path(card).read_text()
