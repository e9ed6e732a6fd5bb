"""The deploy checklist decides what it can see and names a fix for what failed."""

import pytest

from worker.checklist import FirstRun, checklist, missing_requirements
from worker.redact import Redactor

HEADER = "title: x\nsdk: gradio\nsdk_version: 6.31.0\npython_version: '3.12'\nmodels: [a/b]"
README = f"---\n{HEADER}\n---\nLicence app.py"
GOOD = {
    "app.py": "import logging\nimport numpy\nimport gradio\n",
    "requirements.txt": "numpy\n",
    "README.md": README,
}
ALL_WELL = FirstRun(running=True, private=True, examples_answered=True)

FAULTS = {
    "imports": {"app.py": "import logging\nimport torch\n"},
    "no_local_paths": {"app.py": "import logging\nopen('/home/me/model.bin')\n"},
    "readme": {"README.md": "# hello"},
    "run_logging": {"app.py": "import gradio\n"},
    "no_secrets": {"app.py": "import logging\ntoken = 'hf_" + "aB3" * 12 + "'\n"},
}


def test_a_good_space_passes_every_item() -> None:
    items = checklist(GOOD, ALL_WELL, Redactor())

    assert [item.name for item in items if not item.passed] == []


@pytest.mark.parametrize(("name", "change"), FAULTS.items())
def test_a_fault_fails_its_item_alone_and_names_a_fix(name: str, change: dict[str, str]) -> None:
    failed = [item for item in checklist(GOOD | change, ALL_WELL, Redactor()) if item.passed is False]

    assert [item.name for item in failed] == [name]
    assert failed[0].fix


def test_what_the_run_did_not_reach_is_left_open() -> None:
    items = checklist({}, FirstRun(), Redactor())

    assert {item.passed for item in items} == {None}


@pytest.mark.parametrize(
    ("app", "requirements", "missing"),
    [
        ("import os, json.decoder", "", []),
        ("from PIL import Image", "pillow", []),
        ("from PIL import Image", "", ["pillow"]),
        ("import sklearn.svm", "scikit_learn>=1\n# a comment\n", []),
        ("import huggingface_hub, gradio", "", []),
        ("def f():\n    import onnxruntime", "numpy", ["onnxruntime"]),
        ("from . import x", "", []),
        ("import onnxruntime as ort", "onnxruntime[extra]>=1.24,<2 ; python_version > '3'", []),
    ],
)
def test_requirements_are_compared_with_the_imports(app: str, requirements: str, missing: list[str]) -> None:
    assert missing_requirements(app, requirements) == missing
