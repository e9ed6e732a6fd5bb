"""T25: what is installed is named in the repo, by version and hash, and comes from nowhere in particular."""

import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.lock"))
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")
INSTALLERS = ["Makefile", "Dockerfile", ".ci/run"]


def entries(lock: Path) -> list[str]:
    """Its requirements, one line each."""
    lines = lock.read_text().replace("\\\n", " ").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.strip().startswith("#")]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_t25_every_requirement_has_one_version_and_its_hashes_and_names_no_host(lock: Path) -> None:
    assert entries(lock)
    for entry in entries(lock):
        assert HASH.findall(entry), f"without a hash: {entry[:60]}"
        requirement = Requirement(HASH.sub("", entry).strip())
        assert requirement.url is None, f"from an address of its own: {entry[:60]}"
        assert [each.operator for each in requirement.specifier] == ["=="], f"no one version: {entry[:60]}"
    assert "://" not in lock.read_text() and "--index" not in lock.read_text()
    assert "--find-links" not in lock.read_text() and "--trusted-host" not in lock.read_text()


@pytest.mark.parametrize("source", sorted((ROOT / "requirements").glob("*.in")), ids=lambda file: file.name)
def test_t25_what_is_asked_for_names_no_host_either_and_has_its_lock(source: Path) -> None:
    wanted = [line.partition(" #")[0].strip() for line in source.read_text().splitlines()]
    names = [line for line in wanted if line and not line.startswith(("#", "-r "))]
    locked = {
        canonicalize_name(Requirement(HASH.sub("", each).strip()).name)
        for each in entries(source.with_suffix(".lock"))
    }

    assert all(Requirement(name).url is None for name in names)
    assert {canonicalize_name(Requirement(name).name) for name in names} <= locked


def test_t25_every_installation_checks_the_hashes() -> None:
    for file in INSTALLERS:
        text = (ROOT / file).read_text().replace("\\\n", " ")
        installs = [
            line for line in text.splitlines() if re.search(r"\bpip install\b", line) and "#" not in line[:2]
        ]
        loose = [line for line in installs if "--require-hashes" not in line]
        assert not loose, f"{file}: {loose}"


def test_t25_what_runs_here_is_what_the_locks_say() -> None:
    """Of what is installed: the versions that the bot's own lock names."""
    other = []
    for entry in entries(ROOT / "requirements" / "bot.lock"):
        requirement = Requirement(HASH.sub("", entry).strip())
        if requirement.marker and not requirement.marker.evaluate(dict(default_environment())):
            continue
        try:
            there = version(requirement.name)
        except PackageNotFoundError:
            there = "not there"
        if there not in requirement.specifier:
            other.append(f"{requirement} is {there}")
    assert not other


def test_t25_a_wheel_that_was_changed_is_not_installed(tmp_path: Path) -> None:
    wheel = tmp_path / "evil-1.0-py3-none-any.whl"
    wheel.write_bytes(b"PK\x05\x06" + b"\x00" * 18)
    wanted = tmp_path / "wanted.txt"
    wanted.write_text(f"evil==1.0 --hash=sha256:{'0' * 64}\n")

    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--dry-run",
        "--no-index",
        "--find-links",
        str(tmp_path),
    ]
    done = subprocess.run(
        [*command, "--require-hashes", "-r", str(wanted)], capture_output=True, text=True, check=False
    )

    assert done.returncode != 0 and "DO NOT MATCH THE HASHES" in done.stderr
