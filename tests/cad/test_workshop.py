"""The process that has the kernel: it has no secret, is replaced when it hangs, and outlives a bad part."""

import os
import signal
from pathlib import Path

import pytest

from worker.apps.cad.parts.measures import measures_of
from worker.apps.cad.parts.orders import Order
from worker.apps.cad.parts.rules import plan
from worker.apps.cad.parts.trouble import Trouble
from worker.apps.cad.parts.workshop import Workshop

PLATE = plan("80x50x5 mm plate")[0]


def kernels() -> list[int]:
    """Processes of ours that have a kernel."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                command = (folder / "cmdline").read_bytes()
                parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            except OSError:
                continue
            if b"parts.making" in command and int(parent) == os.getpid():
                found.append(int(folder.name))
    return found


def test_it_knows_no_secret(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    own = Workshop()
    before = set(kernels())
    own.warm_up()

    (pid,) = set(kernels()) - before

    environment = Path(f"/proc/{pid}/environ").read_bytes()
    own.close()
    assert b"hf_secret" not in environment
    assert b"PATH=" in environment


def test_a_part_that_takes_too_long_is_given_up_and_the_next_one_is_made(tmp_path: Path) -> None:
    own = Workshop(seconds=0.001)
    with pytest.raises(Trouble, match="took longer than"):
        own.make(Order(spec=PLATE, folder=tmp_path))

    own.seconds = 120
    made = own.make(Order(spec=PLATE, folder=tmp_path))
    own.close()

    assert made.measures and made.measures.differs(measures_of(PLATE)) is None


def test_a_kernel_that_was_killed_is_started_again(tmp_path: Path) -> None:
    own = Workshop(seconds=120)
    before = set(kernels())
    own.warm_up()
    (pid,) = set(kernels()) - before
    os.kill(pid, signal.SIGKILL)

    made = own.make(Order(spec=PLATE, folder=tmp_path))
    own.close()

    assert made.valid


def test_what_cannot_be_written_is_a_sentence_and_the_next_part_is_made(
    workshop: Workshop, tmp_path: Path
) -> None:
    with pytest.raises(Trouble, match="can't be built"):
        workshop.make(Order(spec=PLATE, folder=tmp_path / "not" / "there"))

    assert workshop.make(Order(spec=PLATE, folder=tmp_path)).valid


def test_nothing_is_left_when_it_is_closed() -> None:
    before = set(kernels())
    own = Workshop()
    own.warm_up()
    own.close()

    assert set(kernels()) <= before
