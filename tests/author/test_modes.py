"""What the author can be asked for: a smoke edit, a recipe, any model, one of text, one by an article."""

import json
import re
from pathlib import Path

import pytest

from tests.author.uncovered import app, built, uncovered_model
from tests.harness.local_hub import LocalHub
from tests.harness.scripted_model.behaviours import bash, script, write
from tests.harness.scripted_model.steps import Asked, Behaviour, Say, Step
from tests.worker.models_on_the_hub import put_model, zoo_model
from tests.worker.worker_runs import start_worker
from worker.author.notebook import CALLS
from worker.author.smoke import title_of
from worker.contract import Author, AuthorMode, Kind, Phase, Verdict

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(700)]
COVERED = "product-reviews-sentiment"


def edits(more: str = "true") -> Behaviour:
    """Reads the assignment, puts the line that it names where it says, and does something more."""

    def play(asked: Asked) -> Step:
        [folder] = re.findall(r"(/\S+)/(?:goal|repair)\.md", asked.prompt)[:1]
        if asked.step == 0:
            return Say("I read what this build is for.", (bash(f"cat {folder}/assignment.md"),))
        if asked.step == 1:
            [line] = re.findall(r"demo\.title = .*", asked.last)
            put = f"grep -q ^demo.title app.py || sed -i 's/^if __name__/{line}\\n\\n&/' app.py"
            return Say("", (bash(f"{put}; {more}"),))
        return Say("Done.")

    return play


def test_a_smoke_edit_is_that_one_change_and_is_seen_on_the_running_app(
    local_hub: LocalHub, tmp_path: Path
) -> None:
    model = zoo_model(local_hub, COVERED)

    report, run = built(local_hub, model, tmp_path, edits(), author=Author.PI, author_mode=AuthorMode.SMOKE)

    assert report.verdict is Verdict.FULL_INFERENCE_SUCCESS, run.output
    assert report.written_by and "1 turn" in report.written_by
    assert title_of(report.run_id) in (run.record / "generated/app.py").read_text()


def test_a_smoke_edit_with_anything_more_is_refused_and_makes_no_space(
    local_hub: LocalHub, tmp_path: Path
) -> None:
    model = zoo_model(local_hub, COVERED)
    more = "sed -i s/Classify/Judge/ app.py; echo >> requirements.txt"

    report, run = built(
        local_hub, model, tmp_path, edits(more), author=Author.PI, author_mode=AuthorMode.SMOKE
    )

    assert report.verdict is Verdict.FAILED, run.output
    assert report.failure and "requirements.txt is not what it was" in report.failure.message
    assert "app.py is not its start with the line" in report.failure.message
    assert report.space_id is None


def test_a_smoke_edit_needs_an_app_that_is_there(local_hub: LocalHub, tmp_path: Path) -> None:
    wishes = {"author": Author.PI, "author_mode": AuthorMode.SMOKE}

    report = start_worker(local_hub, uncovered_model(local_hub), tmp_path, **wishes).ends()

    assert report.verdict is Verdict.TECHNICAL_BLOCKER


def test_by_the_recipe_the_agent_publishes_itself_and_nobody_does_it_for_it(
    local_hub: LocalHub, tmp_path: Path
) -> None:
    behaviour = script(
        [Say("", (write("app.py", app()),)), Say("Done, I did not look.")],
        [Say("", (bash("space push && space status --wait 200"),)), Say("It runs.")],
    )

    report, run = built(
        local_hub,
        uncovered_model(local_hub),
        tmp_path,
        behaviour,
        author=Author.PI,
        author_mode=AuthorMode.RECIPE,
    )

    assert report.verdict is Verdict.FULL_INFERENCE_SUCCESS, run.output
    assert report.written_by and "2 turns" in report.written_by
    assert '"push"' in (run.record / CALLS).read_text()
    assert any("publish them yourself" in event.message for event in run.events())


def test_by_the_recipe_only_an_agent_can_write(local_hub: LocalHub, tmp_path: Path) -> None:
    wishes = {"author": Author.DIRECT, "author_mode": AuthorMode.RECIPE}

    report = start_worker(local_hub, uncovered_model(local_hub), tmp_path, **wishes).ends()

    assert report.failure and "Ask again with author=pi" in report.failure.message


@pytest.mark.parametrize("mode", [AuthorMode.UNIVERSAL, AuthorMode.TEXT])
def test_the_agent_writes_also_where_a_blueprint_fits(
    local_hub: LocalHub, tmp_path: Path, mode: AuthorMode
) -> None:
    model = zoo_model(local_hub, COVERED)
    behaviour = script([Say("", (write("app.py", app()),)), Say("Done.")])

    report, run = built(local_hub, model, tmp_path, behaviour, author=Author.PI, author_mode=mode)

    assert report.verdict is Verdict.FULL_INFERENCE_SUCCESS, run.output
    assert report.written_by
    assert (run.record / "generated/app.py").read_text().endswith("# Written for this model.\n")


def test_the_mode_for_text_is_for_models_of_text(local_hub: LocalHub, tmp_path: Path) -> None:
    model = zoo_model(local_hub, "handwritten-digits")
    wishes = {"author": Author.PI, "author_mode": AuthorMode.TEXT}

    report = start_worker(local_hub, model, tmp_path, **wishes).ends()

    assert report.verdict is Verdict.TECHNICAL_BLOCKER
    assert "author-mode=text is for models of text" in report.reason
    assert "author-mode=universal" in report.reason


def test_a_large_model_brings_its_own_package_and_is_called_whole(
    local_hub: LocalHub, tmp_path: Path
) -> None:
    before, start, after = app().partition("class Classifier:")
    body, end, rest = after.partition("\n\nclassifier = Classifier()")
    head = before.replace('"""', "", 2).split("\n", 1)[1]
    package = f'"""The model\'s own code."""\n{head[head.index("import json") :]}{start}{body}\n'
    files = {
        "app.py": f"{before}from own_model.inference import Classifier{end}{rest}",
        "own_model/__init__.py": "",
        "own_model/inference.py": package,
    }
    behaviour = script(
        [Say("", tuple(write(path, text) for path, text in files.items())), Say("Done.")],
    )

    report, run = built(
        local_hub,
        uncovered_model(local_hub),
        tmp_path,
        behaviour,
        author=Author.PI,
        author_mode=AuthorMode.ARTICLE,
        hardware="cpu-basic",
    )

    assert report.verdict is Verdict.FULL_INFERENCE_SUCCESS, run.output
    listed = local_hub.api("alice").list_repo_files(str(report.space_id), repo_type="space")
    assert {"own_model/__init__.py", "own_model/inference.py"} <= set(listed)


@pytest.mark.parametrize(
    ("mode", "hardware"), [(AuthorMode.ARTICLE, "zero-a10g (large)"), (AuthorMode.UNIVERSAL, "cpu-basic")]
)
def test_by_the_article_zerogpu_comes_first(
    local_hub: LocalHub, tmp_path: Path, mode: AuthorMode, hardware: str
) -> None:
    header = json.dumps({"weight": {"dtype": "F32", "shape": [8, 8], "data_offsets": [0, 256]}}).encode()
    weights = len(header).to_bytes(8, "little") + header + bytes(256)
    files = {"README.md": b"---\npipeline_tag: text-to-3d\n---\n# Own code\n", "own/dit.safetensors": weights}
    wishes = {"author": Author.PI, "author_mode": mode, "kind": Kind.PLAN}

    report = start_worker(local_hub, put_model(local_hub, files), tmp_path, **wishes).ends()

    assert report.verdict is Verdict.PLANNED
    [planned] = [each.message for each in report.phases if each.phase is Phase.PLAN]
    assert f" {hardware}: it takes" in planned
