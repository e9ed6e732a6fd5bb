"""The base environment is made once per lock file, whoever asks at once, and is never left half-made."""

import threading
from pathlib import Path

import pytest

from bot.localhub import base_environment

LOCK = "cowsay==6.1 --hash=sha256:{digest}\n"
DIGEST = "274b1e6fc1b966d53976333eb90ac94cb07a450a700b455af9fbdf882244b30a"


@pytest.fixture
def lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A lock file of one small package in place of the platform's."""
    file = tmp_path / "space.lock"
    file.write_text(LOCK.format(digest=DIGEST))
    monkeypatch.setattr(base_environment, "LOCK", file)
    monkeypatch.setenv("SPACE_BASE", str(tmp_path / "base"))
    return file


def test_two_who_need_it_at_once_make_it_once(lock: Path) -> None:
    unfinished = base_environment.folder()
    (unfinished / "bin").mkdir(parents=True)
    (unfinished / "bin" / "python").write_text("not a Python")
    lines: list[str] = []
    both = [threading.Thread(target=base_environment.prepare, args=(lines.append,)) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert [line.split(" (")[0] for line in lines if line.startswith("Preparing")] == [
        f"Preparing the base environment for Spaces in {unfinished}"
    ]
    assert (base_environment.packages_in(unfinished) / "cowsay").is_dir()
    assert base_environment.prepare(pytest.fail) == unfinished

    lock.write_text("# changed\n" + lock.read_text())
    assert not base_environment.is_ready(base_environment.folder())
    assert base_environment.is_ready(unfinished)


def test_what_cannot_be_installed_leaves_no_environment(lock: Path) -> None:
    lock.write_text(LOCK.format(digest="0" * 64))
    lines: list[str] = []
    with pytest.raises(base_environment.NotPrepared, match="exit code"):
        base_environment.prepare(lines.append)
    assert not base_environment.is_ready(base_environment.folder())
    assert "hash" in "\n".join(lines).lower()
