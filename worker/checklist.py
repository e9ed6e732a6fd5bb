"""The deploy checklist of a generated Space: what can be decided about its files and its first run."""

import ast
import re
import sys

from pydantic import BaseModel, ConfigDict

from worker.front_matter import read_header
from worker.redact import Redactor

PLATFORM = frozenset({"gradio", "huggingface_hub", "starlette", "httpx"})
"""What a Gradio Space has installed before its own requirements."""
IMPORTED_AS = {"PIL": "pillow", "sklearn": "scikit-learn", "cv2": "opencv-python", "yaml": "pyyaml"}
LOCAL_PATH = re.compile(r"""["'](?:/(?:home|root|Users|tmp|mnt|content|kaggle)/|[A-Z]:\\|~/|file://)""")


class Item(BaseModel):
    """One line of the checklist. `passed` is None where it could not be decided."""

    model_config = ConfigDict(frozen=True)

    name: str
    passed: bool | None
    detail: str
    fix: str = ""
    """What to do where it failed."""


class FirstRun(BaseModel):
    """What the run saw of the deployed Space; None where it did not get so far."""

    model_config = ConfigDict(frozen=True)

    running: bool | None = None
    private: bool | None = None
    examples_answered: bool | None = None


def checklist(files: dict[str, str], first_run: FirstRun, redactor: Redactor) -> tuple[Item, ...]:
    """Every item for the files of a Space, path to text."""
    app = files.get("app.py", "")
    return (
        _seen("runs", first_run.running, "The Space runs from its entry file.", "Read logs/space_run.txt."),
        _imports(app, files.get("requirements.txt", "")),
        _local_paths(files),
        _seen("examples", first_run.examples_answered, "The examples were answered.", "Read the probes."),
        _readme(files.get("README.md", "")),
        _seen(
            "run_logging",
            "logging" in app if app else None,
            "The app logs what it does.",
            "Log each call of the app.",
        ),
        _secrets(files, redactor),
        _seen("private", first_run.private, "The Space is private.", "Make it private in its settings."),
    )


def missing_requirements(app: str, requirements: str) -> list[str]:
    """The packages that an app imports and that neither the platform nor its requirements provide."""
    lines = (re.match(r"[A-Za-z0-9._-]+", line.strip()) for line in requirements.splitlines())
    given = {line[0].lower().replace("_", "-") for line in lines if line}
    wanted = {IMPORTED_AS.get(name, name) for name in _imported(app)}
    return sorted(name for name in wanted if name.lower().replace("_", "-") not in given)


def _imported(app: str) -> set[str]:
    """Top-level packages that are neither in the standard library nor on the platform."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(app)):
        match node:
            case ast.Import(names=aliases):
                names |= {alias.name.split(".")[0] for alias in aliases}
            case ast.ImportFrom(module=str() as module, level=0):
                names.add(module.split(".")[0])
    return {name for name in names if name not in sys.stdlib_module_names and name not in PLATFORM}


def _imports(app: str, requirements: str) -> Item:
    if not app:
        return Item(name="imports", passed=None, detail="No app was written.")
    missing = missing_requirements(app, requirements)
    return Item(
        name="imports",
        passed=not missing,
        detail=f"Not in requirements.txt: {', '.join(missing)}." if missing else "Every import is provided.",
        fix=f"Add {', '.join(missing)} to requirements.txt." if missing else "",
    )


def _local_paths(files: dict[str, str]) -> Item:
    found = [name for name, text in files.items() if LOCAL_PATH.search(text)]
    return Item(
        name="no_local_paths",
        passed=not found if files else None,
        detail=f"{found[0]} names a path of one machine."
        if found
        else "No file names a path of one machine.",
        fix="Download the file from the Hub, or put it into the Space." if found else "",
    )


def _readme(readme: str) -> Item:
    if not readme:
        return Item(name="readme", passed=None, detail="No README was written.")
    header = read_header(readme).values
    lacking = [
        key for key in ("title", "sdk", "sdk_version", "python_version", "models") if key not in header
    ]
    lacking += [word for word in ("app.py", "Licence") if word not in readme]
    return Item(
        name="readme",
        passed=not lacking,
        detail=f"The README lacks {', '.join(lacking)}."
        if lacking
        else "It says what this is and how to run it.",
        fix="Complete the README." if lacking else "",
    )


def _secrets(files: dict[str, str], redactor: Redactor) -> Item:
    found = [name for name, text in files.items() if redactor.has_secret(text)]
    return Item(
        name="no_secrets",
        passed=not found if files else None,
        detail=f"{found[0]} holds what looks like a secret." if found else "No file holds a secret.",
        fix="Take it out, and revoke it where it came from." if found else "",
    )


def _seen(name: str, passed: bool | None, detail: str, fix: str) -> Item:
    match passed:
        case None:
            return Item(name=name, passed=None, detail="The run did not get so far.")
        case True:
            return Item(name=name, passed=True, detail=detail)
        case False:
            return Item(name=name, passed=False, detail=f"Not so: {detail}", fix=fix)
