"""The Python for generated code: taken as it stands where it fits, made on top where something is missing."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.localhub import base_environment
from worker.twin.app_environment import (
    BASE_VARIABLE,
    NoEnvironment,
    app_python,
    base_python,
    check,
    gradio_wanted,
)
from worker.twin.sandbox import Sandbox

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def base() -> Path:
    subprocess.run([sys.executable, "-m", "bot.localhub.base_environment"], check=True)
    return base_environment.python_in(base_environment.folder())


@pytest.fixture
def sandbox(base: Path) -> Iterator[Sandbox]:
    with Sandbox(base) as sandbox:
        yield sandbox


def test_an_environment_that_has_everything_is_used_as_it_stands(base: Path, sandbox: Sandbox) -> None:
    assert app_python(sandbox, base, "pydantic>=2  # a comment\n\npillow\n", "6.31.0", print) == base


def test_what_is_missing_is_told(base: Path) -> None:
    found = check(base, "pydantic<1\nnothing-of-the-kind\ntorch==2.11.0\nnumpy; python_version < '3'\n", None)

    assert found.missing == ("pydantic<1", "nothing-of-the-kind", "torch==2.11.0")


def test_what_is_missing_is_installed_on_top(base: Path, sandbox: Sandbox) -> None:
    python = app_python(sandbox, base, "iniconfig\ngradio\n", None, print)

    code = "import gradio, iniconfig; print(iniconfig.__file__)"
    done = subprocess.run([str(python), "-c", code], capture_output=True, text=True, check=True)
    assert Path(done.stdout).is_relative_to(sandbox.folder)
    assert check(base, "iniconfig", None).missing == ("iniconfig",)


def test_what_the_base_does_at_its_start_happens_on_top_too(base: Path, sandbox: Sandbox) -> None:
    subprocess.run([str(base), "-m", "venv", "--without-pip", str(sandbox.folder / "base")], check=True)
    [packages] = (sandbox.folder / "base").glob("lib/python*/site-packages")
    below = check(base, "", None).paths
    (packages / "below.pth").write_text("".join(f"{path}\n" for path in below))
    (packages / "start.pth").write_text("import sys; sys.started_by_the_base = True\n")

    python = app_python(sandbox, sandbox.folder / "base" / "bin" / "python", "iniconfig\n", None, print)

    code = "import sys, iniconfig; print(sys.started_by_the_base)"
    done = subprocess.run([str(python), "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "True\n", done.stderr


def test_another_gradio_is_a_reason(base: Path, sandbox: Sandbox) -> None:
    with pytest.raises(NoEnvironment, match=r"The app wants Gradio 4.44.0; Gradio 6.* is prepared here"):
        app_python(sandbox, base, "", "4.44.0", print)


def test_requirements_that_cannot_be_installed_are_a_reason(base: Path, sandbox: Sandbox) -> None:
    with pytest.raises(NoEnvironment, match="could not be installed here: ERROR"):
        app_python(sandbox, base, "iniconfig==0.0.0.0.1\n", None, print)


def test_without_a_prepared_environment_there_is_a_reason() -> None:
    with pytest.raises(NoEnvironment, match=BASE_VARIABLE):
        base_python({})
    empty = tempfile.mkdtemp()
    with pytest.raises(NoEnvironment, match="no bin/python"):
        base_python({BASE_VARIABLE: empty})
    shutil.rmtree(empty)


def test_the_wanted_gradio_is_read_from_the_readme() -> None:
    assert gradio_wanted("---\nsdk: gradio\nsdk_version: '6.31.0'\n---\n") == "6.31.0"
    assert gradio_wanted("# No header") is None
