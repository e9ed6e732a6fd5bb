"""Pi and its Node come from their registries, pinned, or not at all."""

import shutil
import subprocess
from pathlib import Path

import pytest

from worker.author import install as module
from worker.author.install import LOCK, PACKAGES, VERSION, NotInstalled, install, installed


def test_a_machine_without_pi_is_told_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(NotInstalled, match=r"Run `python -m worker\.author\.install` once\."):
        installed(tmp_path)


def test_a_node_in_somebodys_private_folder_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = tmp_path / "node"
    node.write_text("#!/bin/sh\necho v99.0.0\n")
    node.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    tmp_path.chmod(0o700)
    with pytest.raises(NotInstalled):
        installed(_without_node(tmp_path / "author"))


def test_a_folder_of_an_older_lock_does_not_count(tmp_path: Path) -> None:
    folder = _without_node(tmp_path / "author")
    node = folder / module.NODE_OF_WHEEL / "bin" / "node"
    node.parent.mkdir(parents=True)
    node.touch()
    assert installed(folder).node == node
    (folder / LOCK).write_text("{}")
    with pytest.raises(NotInstalled):
        installed(folder)


@pytest.mark.thorough
def test_pi_starts_from_a_folder_that_was_just_prepared(tmp_path: Path) -> None:
    found = install(tmp_path / "author")
    said = subprocess.run([*found.command, "--version"], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == VERSION
    assert not (found.package / "docs").exists()
    assert install(tmp_path / "author") == found


@pytest.mark.thorough
def test_another_package_under_the_same_name_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = shutil.copytree(PACKAGES, tmp_path / "pi")
    lock = wrong / LOCK
    lock.write_text(lock.read_text().replace("sha512-mUWI04rq", "sha512-AAAAAAAA"))
    monkeypatch.setattr(module, "PACKAGES", wrong)
    with pytest.raises(NotInstalled, match="EINTEGRITY"):
        install(tmp_path / "author")
    assert not (tmp_path / "author").exists()


def _without_node(folder: Path) -> Path:
    """A folder as `install` leaves it on a machine that has a Node of its own."""
    bundle = folder / module.PACKAGE / "dist" / "bundle"
    bundle.mkdir(parents=True)
    (bundle / "cli.js").touch()
    shutil.copyfile(PACKAGES / LOCK, folder / LOCK)
    return folder
