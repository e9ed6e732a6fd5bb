"""The deploy checklist decides what it can see and names a fix for what failed."""

import pytest

from worker.checklist import LARGEST_SPACE, FirstRun, checklist, missing_requirements
from worker.redact import Redactor

HEADER = (
    "title: x\nsdk: gradio\nsdk_version: 6.31.0\npython_version: '3.12'\nmodels: [a/b]\n"
    "startup_duration_timeout: 15m"
)
README = f"---\n{HEADER}\n---\nLicence app.py"
GOOD = {
    "app.py": "import hosting\nimport onnxruntime\n",
    "hosting.py": "import logging\nimport gradio\ndemo.queue(max_size=9).launch(show_error=True)\n",
    "requirements.txt": "onnxruntime\n",
    "README.md": README,
}
ALL_WELL = FirstRun(running=True, private=True, examples_answered=True, source_passed=True)

FAULTS = {
    "imports": {"app.py": "import torch\n"},
    "no_local_paths": {"app.py": "open('/home/me/model.bin')\n"},
    "readme": {"README.md": f"---\n{HEADER}\n---\nhello"},
    "timeouts": {"app.py": "import spaces\n@spaces.GPU\ndef f(): ...\n", "requirements.txt": "spaces"},
    "artifacts_bounded": {"data.csv": "x" * (LARGEST_SPACE + 1)},
    "run_logging": {"hosting.py": "demo.queue(max_size=9).launch(show_error=True)\n"},
    "errors_shown": {"hosting.py": "import logging\ndemo.queue(max_size=9).launch()\n"},
    "no_secrets": {"app.py": "token = 'hf_" + "aB3" * 12 + "'\n"},
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
    assert missing_requirements({"app.py": app, "requirements.txt": requirements}) == missing
