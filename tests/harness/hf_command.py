"""The `hf` command line, as a person types it: in a home of its own, against a local Hub."""

import os
import subprocess
import sys
from pathlib import Path

from tests.harness.local_hub import LocalHub

HF = Path(sys.executable).with_name("hf")


def hf(hub: LocalHub, home: Path, *arguments: str, name: str | None = "alice", **settings: str) -> str:
    """What the command prints; it must succeed. `settings` go into its environment."""
    done = subprocess.run(
        [str(HF), *arguments],
        check=False,
        env=environment(hub, home, name, **settings),
        cwd=home,
        capture_output=True,
        text=True,
        timeout=90,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def environment(hub: LocalHub, home: Path, name: str | None, **settings: str) -> dict[str, str]:
    token = {"HF_TOKEN": hub.token(name)} if name else {}
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "HF_HOME": str(home / "hf"),
        "HF_ENDPOINT": hub.endpoint,
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_UPDATE_CHECK": "1",
        "NO_COLOR": "1",
        **token,
        **settings,
    }
