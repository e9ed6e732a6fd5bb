"""Errors that have been met before are told by their log, with the cause and the mend."""

import pytest

from worker.author.known_errors import KnownError, Where, edited, known, table
from worker.space_logs import first_error_line

PIP = """#9 12.1 ERROR: Cannot install -r requirements.txt (line 2) and a because these package versions
#9 12.1 have conflicting dependencies.
#9 12.1 ERROR: ResolutionImpossible: for help visit https://pip.pypa.io/
"""
CRASH = """Traceback (most recent call last):
  File "/app/app.py", line 3, in <module>
    import einops
ModuleNotFoundError: No module named 'einops'
"""


@pytest.mark.parametrize(
    ("where", "log", "name"),
    [
        (Where.BUILD, PIP, "resolution"),
        (Where.BUILD, "ERROR: No matching distribution found for flesh==1\n", "no-distribution"),
        (Where.BUILD, "error: command '/usr/bin/gcc' failed with exit code 1\n", "nvcc"),
        (Where.RUN, CRASH, "missing-module"),
        (Where.RUN, "ImportError: cannot import name 'HfFolder' from 'huggingface_hub' (/x)\n", "hf-folder"),
        (Where.RUN, "RuntimeError: No @spaces.GPU function detected during startup\n", "no-gpu-function"),
        (
            Where.RUN,
            "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB\n",
            "out-of-memory",
        ),
        (
            Where.RUN,
            "ImportError: FlashAttention2 has been toggled on, but flash_attn is missing\n",
            "flash-attn",
        ),
        (
            Where.RUN,
            "TypeError: Blocks.__init__() got an unexpected keyword argument 'css'\n",
            "gradio-argument",
        ),
        (Where.RUN, "SyntaxError: invalid syntax\n", "syntax"),
        (Where.RUN, "NameError: name 'nme' is not defined\n", "name"),
        (Where.RUN, "RuntimeError: Expected all tensors to be on the same device\n", "device-mismatch"),
        (Where.RUN, "_pickle.PicklingError: Can't pickle <function>\n", "pickling"),
        (Where.CONFIG, "torch version 2.5.0 is not compatible with ZeroGPU", "torch-version"),
        (Where.CONFIG, "Your README metadata is invalid: missing sdk_version", "yaml"),
        (Where.PROBE, "The check “input_sensitive” failed: it always says the same.", "constant-answer"),
        (Where.PROBE, "The check “health” failed: it names no model.", "health"),
        (Where.PROBE, "The check “type” failed: text came where an image should.", "wrong-type"),
    ],
)
def test_an_error_is_known_by_its_log(where: Where, log: str, name: str) -> None:
    row = known(where, first_error_line(log) or log, log)

    assert row is not None
    assert row.name == name
    assert row.cause and row.mend


def test_an_error_that_nobody_has_met_is_not_guessed_at() -> None:
    assert known(Where.RUN, "FooError: the frobnicator is out of tune", "") is None


def test_a_rule_for_the_build_does_not_speak_of_a_run() -> None:
    assert known(Where.RUN, "ERROR: No matching distribution found for x") is None


@pytest.mark.parametrize("row", table(), ids=lambda row: row.name)
def test_every_row_says_what_to_do_in_whole_sentences(row: KnownError) -> None:
    assert row.cause.endswith(".")
    assert row.mend.endswith(".")


@pytest.mark.parametrize(
    ("where", "line", "file", "before", "after"),
    [
        (
            Where.CONFIG,
            "torch version 2.5 is not compatible",
            "requirements.txt",
            "a\ntorch==2.5\n",
            "a\ntorch==2.11.0\n",
        ),
        (
            Where.RUN,
            "ModuleNotFoundError: No module named 'pkg_resources'",
            "requirements.txt",
            "a\n",
            "a\nsetuptools<81\n",
        ),
        (Where.BUILD, "ERROR: Cannot install gradio==4", "requirements.txt", "gradio==4\ntorch\n", "torch\n"),
        (
            Where.RUN,
            "RuntimeError: CUDA has been initialized before importing the `spaces` package",
            "app.py",
            '"""An app."""\n\nimport torch\n',
            '"""An app."""\n\nimport spaces\nimport torch\n',
        ),
    ],
)
def test_a_mend_that_needs_no_judgement_is_made_by_us(
    where: Where, line: str, file: str, before: str, after: str
) -> None:
    row = known(where, line)
    assert row is not None

    mended = edited(row, {file: before.encode(), "other.txt": b"x"})

    assert mended == {file: after.encode(), "other.txt": b"x"}


def test_an_edit_that_changes_nothing_is_no_mend() -> None:
    row = known(Where.CONFIG, "torch version 2.5 is not compatible")
    assert row is not None

    assert edited(row, {"requirements.txt": b"diffusers\n"}) is None
    assert edited(row, {}) is None
