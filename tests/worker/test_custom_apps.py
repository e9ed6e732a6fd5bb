"""Every custom app, as it lies in its folder: complete, and what the platform and the bot want of it."""

import ast
import json
import re
from pathlib import Path

import pytest
import yaml

from tests.worker.test_checklist import ALL_WELL
from worker.apps import FOLDER, PAGE, CustomApp, all_apps
from worker.apps.checklist import app_checklist
from worker.apps.judges import JUDGES
from worker.apps.source_guard import runs_no_generated_code
from worker.contract import App, BuildSpec, Evidence, Kind, app_of
from worker.redact import Redactor
from worker.validate.gate import ALWAYS, Findings, decide

PROJECT = Path(__file__).parents[2]
EVERY = pytest.mark.parametrize("app", all_apps(), ids=lambda app: app.name)


def test_every_folder_is_an_app_with_a_judge() -> None:
    folders = {folder.name for folder in FOLDER.iterdir() if (folder / "app.toml").exists()}

    assert folders == set(App) == set(JUDGES)


@EVERY
def test_its_files_pass_the_checklist(app: CustomApp) -> None:
    items = app_checklist(app.files("ada/demo"), ALL_WELL, (), Redactor())

    assert [item for item in items if item.passed is False] == []
    assert {item.name for item in items} >= {"fallback", "prompt_cap", "rate_limit", "untracked_logs"}


@EVERY
def test_its_readme_is_what_the_platform_wants(app: CustomApp) -> None:
    readme = app.files("ada/demo")[PAGE]
    header = yaml.safe_load(readme.split("---\n")[1])
    (gradio,) = re.findall(
        r"^gradio==(\S+)", (PROJECT / "requirements" / "space.in").read_text(), re.MULTILINE
    )

    assert (header["sdk"], header["sdk_version"], header["python_version"]) == ("gradio", gradio, "3.12")
    assert len(header["short_description"]) <= 60
    assert 'Client("ada/demo"' in readme
    assert "$" not in readme


@EVERY
def test_it_imports_nothing_of_ours(app: CustomApp) -> None:
    """The Space has its own files, and nothing else of the project."""
    for name, text in app.files("ada/demo").items():
        if name.endswith(".py"):
            imported = {
                node.module
                for node in ast.walk(ast.parse(text))
                if isinstance(node, ast.ImportFrom) and not node.level
            }
            assert not any(str(module).startswith(("worker", "bot")) for module in imported), name


@EVERY
def test_its_source_turns_no_text_into_code(app: CustomApp) -> None:
    assert runs_no_generated_code(app.files("ada/demo")).passed


@pytest.mark.parametrize(
    "line",
    [
        "exec(text)",
        "eval(text)",
        "code = compile(text, 'x', 'exec')",
        "import os\nos.system(text)",
        "import subprocess\nsubprocess.run(text, shell=True)",
        "import pickle",
        "run = __import__('os')",
    ],
)
def test_source_that_runs_text_is_refused(line: str) -> None:
    assert runs_no_generated_code({"app.py": line}).passed is False


def test_a_build_of_an_app_needs_no_model_and_everything_else_does() -> None:
    spec = BuildSpec(run_id="r", model_id="blueprint:cad", target_space="ada/demo")
    assert spec.app is App.CAD
    assert app_of("blueprint:boat") is app_of("cad") is app_of("owner/cad") is None
    for kind, model in ((Kind.BUILD, "blueprint:boat"), (Kind.PLAN, "blueprint:cad"), (Kind.BUILD, "a/b")):
        with pytest.raises(ValueError, match="needs model_id and revision"):
            BuildSpec(run_id="r", kind=kind, model_id=model, target_space="ada/demo")


@pytest.mark.parametrize("missing", ["health", *ALWAYS, "input_sensitive"])
def test_a_space_of_an_app_succeeds_with_all_its_evidence_and_not_without(missing: str) -> None:
    names = ("health", *ALWAYS, "input_sensitive")
    passed = {name: Evidence(name=name, passed=True, detail="") for name in names}
    findings = Findings(running=True, tested=True, shows_model=False, evidence=tuple(passed.values()))

    assert decide(findings).verdict == "full_inference_success"
    assert "blueprint" in decide(findings).reason
    less = {**passed, missing: Evidence(name=missing, passed=False, detail="not so")}
    assert decide(findings.model_copy(update={"evidence": tuple(less.values())})).verdict == "failed"


@EVERY
def test_its_probes_are_many_and_each_says_what_is_expected(app: CustomApp) -> None:
    assert len(app.probes) >= 3
    assert all(probe.expected for probe in (*app.probes, *app.refused))
    assert len({json.dumps(probe.inputs) for probe in app.probes}) == len(app.probes)
