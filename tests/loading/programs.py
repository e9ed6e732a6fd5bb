"""Runs programs where torch is (`.models`), as a person would: only HF_ENDPOINT and a token are set."""

import os
import subprocess
from pathlib import Path

from tests.harness.local_hub import ROOT, LocalHub

PYTHON = ROOT / ".models" / "bin" / "python"


def run(
    hub: LocalHub, program: str | Path, home: Path, *, who: str | None = "alice", **variables: str
) -> tuple[int, str]:
    """The program's exit code and everything it said. `home` is its HF_HOME: a fresh one has no cache."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "HF_HOME": str(home / "hf"),
        "HF_ENDPOINT": hub.endpoint,
        "OMP_NUM_THREADS": "1",
        "GRADIO_ANALYTICS_ENABLED": "False",
        **({"HF_TOKEN": hub.token(who)} if who else {}),
        **variables,
    }
    source = [str(program)] if isinstance(program, Path) else ["-c", program]
    done = subprocess.run(
        [str(PYTHON), *source],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=240,
        check=False,
    )
    return done.returncode, done.stdout


def says(
    hub: LocalHub, program: str, home: Path, *, who: str | None = "alice", **variables: str
) -> list[str]:
    """The lines that a program that must succeed has printed with `> ` before them."""
    code, output = run(hub, program, home, who=who, **variables)
    assert code == 0, output[-3000:]
    return [line.removeprefix("> ") for line in output.splitlines() if line.startswith("> ")]
