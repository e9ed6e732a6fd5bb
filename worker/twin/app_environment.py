"""The Python that runs generated code: a prepared environment as it stands, or a new one on top of it."""

import json
import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from worker.twin.sandbox import Bounds, Sandbox

BASE_VARIABLE = "SPACE_FACTORY_APP_BASE"
"""Environment variable that names an environment with Gradio and, for most families, torch."""
CHECK = Path(__file__).with_name("requirements_check.py")
INSTALL = Bounds(seconds=600)
FOR_THE_REGISTRY = ("PIP_", "UV_", "SSL_CERT", "REQUESTS_CA_BUNDLE", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
"""Beginnings of the variables that say how a package registry is reached from here."""


class NoEnvironment(Exception):
    """The app cannot run here; the message is a sentence."""


class Found(BaseModel):
    """What an environment said about the requirements."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    missing: tuple[str, ...]
    gradio: str | None
    installed: tuple[str, ...]
    paths: tuple[str, ...]


def base_python(environ: Mapping[str, str] = os.environ) -> Path:
    """The Python of the prepared environment. Raises NoEnvironment."""
    folder = environ.get(BASE_VARIABLE)
    if not folder:
        raise NoEnvironment(f"No environment for apps is prepared here: {BASE_VARIABLE} is not set.")
    python = Path(folder, "bin", "python").absolute()
    if not python.exists():
        raise NoEnvironment(f"{BASE_VARIABLE} names {folder}, and there is no bin/python in it.")
    return python


def app_python(
    sandbox: Sandbox, python: Path, requirements: str, gradio: str | None, say: Callable[[str], None]
) -> Path:
    """A Python whose packages satisfy the app; what is missing is installed inside the sandbox."""
    found = check(python, requirements, gradio)
    if found.gradio is not None:
        have = f"Gradio {found.gradio}" if found.gradio else "no Gradio"
        raise NoEnvironment(f"The app wants Gradio {gradio or 'of any version'}; {have} is prepared here.")
    if not found.missing:
        return python
    say(f"Installing for the rehearsal: {', '.join(found.missing)}"[:300])
    return _on_top(sandbox, python, found)


def check(python: Path, requirements: str, gradio: str | None) -> Found:
    """What this Python lacks. Raises NoEnvironment if it cannot tell."""
    asked = json.dumps({"requirements": requirements, "gradio": gradio})
    done = subprocess.run(
        [str(python), "-I", str(CHECK)], input=asked, capture_output=True, text=True, check=False, env={}
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise NoEnvironment(f"The prepared environment cannot be used: {last[:200]}")
    return Found.model_validate_json(done.stdout)


def _on_top(sandbox: Sandbox, python: Path, found: Found) -> Path:
    """An environment of the sandbox's own that sees the base's packages, and pip takes them for installed."""
    folder = sandbox.own(sandbox.folder / "environment")
    _run(sandbox, [str(python), "-m", "venv", "--without-pip", str(folder)])
    [packages] = folder.glob("lib/python*/site-packages")
    # Not the bare paths: the base's own .pth files have to run here too.
    lines = [f"import site; site.addsitedir({path!r})" for path in found.paths]
    sandbox.write(packages / "base.pth", "\n".join(lines) + "\n")
    sandbox.write(folder / "installed.txt", "\n".join(found.installed) + "\n")
    sandbox.write(folder / "wanted.txt", "\n".join(found.missing) + "\n")
    own = folder / "bin" / "python"
    # Compiling all modules ahead takes longer than compiling the few that are imported.
    quiet = ["--quiet", "--disable-pip-version-check", "--no-input", "--no-cache-dir", "--no-compile"]
    wanted = ["--constraint", str(folder / "installed.txt"), "--requirement", str(folder / "wanted.txt")]
    _run(sandbox, [str(own), "-m", "pip", "install", *quiet, *wanted])
    return own


def _run(sandbox: Sandbox, command: list[str]) -> None:
    log = sandbox.folder / "install.log"
    registry = {
        name: value for name, value in os.environ.items() if name.upper().startswith(FOR_THE_REGISTRY)
    }
    child = sandbox.start(command, cwd=sandbox.home, env=registry, log=log, bounds=INSTALL)
    child.wait(INSTALL.seconds + 10)
    if child.code != 0:
        lines = [line for line in child.last_lines().splitlines() if line.startswith("ERROR")]
        said = lines[0] if lines else child.why_ended()
        raise NoEnvironment(f"The app's requirements could not be installed here: {said[:300]}")


def gradio_wanted(readme: str) -> str | None:
    """`sdk_version` of a Space's README."""
    for line in readme.splitlines():
        key, _, value = line.partition(":")
        if key.strip() == "sdk_version":
            return value.strip().strip("\"'") or None
    return None
