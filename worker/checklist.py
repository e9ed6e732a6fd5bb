"""The deploy checklist of a generated Space: what can be decided about its files and its first run."""

import ast
import re
import sys

from pydantic import BaseModel, ConfigDict

from worker.front_matter import read_header
from worker.redact import Redactor

PLATFORM = frozenset({"gradio", "huggingface_hub", "starlette", "httpx", "numpy", "pydantic"})
"""What a Gradio Space has installed before its own requirements."""
LARGEST_SPACE = 1024 * 1024
"""Bytes of all files of a Space: its weights stay in the model's repo."""
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
    """What the run saw of the Space and its source; None where it did not get so far."""

    model_config = ConfigDict(frozen=True)

    running: bool | None = None
    private: bool | None = None
    examples_answered: bool | None = None
    source_passed: bool | None = None
    """Whether the static reading of the source found nothing against it."""


def checklist(
    files: dict[str, str], first_run: FirstRun, redactor: Redactor, *, shows_model: bool = True
) -> tuple[Item, ...]:
    """Every item for the files of a Space, path to text."""
    code = "\n".join(text for name, text in files.items() if name.endswith(".py"))
    return (
        _seen("runs", first_run.running, "The Space runs from its entry file.", "Read logs/space_run.txt."),
        _imports(files),
        _local_paths(files),
        _seen("examples", first_run.examples_answered, "The examples were answered.", "Read the probes."),
        _timeouts(files.get("README.md", ""), code),
        _bounded(files),
        _readme(files.get("README.md", ""), shows_model=shows_model),
        _seen(
            "run_logging",
            "logging" in code if code else None,
            "The app logs what it does.",
            "Log each call of the app.",
        ),
        _seen(
            "errors_shown",
            "show_error=True" in code if code else None,
            "What goes wrong is shown to the person.",
            "Launch the app with show_error=True.",
        ),
        _seen(
            "source_guard",
            first_run.source_passed,
            "The source loads this model, and nothing else answers in its place."
            if shows_model
            else "The source runs no generated code.",
            "Read the evidence of the run.",
        ),
        _secrets(files, redactor),
        _seen("private", first_run.private, "The Space is private.", "Make it private in its settings."),
    )


def missing_requirements(files: dict[str, str]) -> list[str]:
    """The packages that the Space's Python files import and that neither the platform nor they provide."""
    lines = (
        re.match(r"[A-Za-z0-9._-]+", line.strip()) for line in files.get("requirements.txt", "").splitlines()
    )
    given = {_normal(line[0]) for line in lines if line}
    own = {name.split("/")[0].removesuffix(".py") for name in files}
    imported = {name for path, text in files.items() if path.endswith(".py") for name in _imported(text)}
    wanted = {IMPORTED_AS.get(name, name) for name in imported - own}
    return sorted(name for name in wanted if _normal(name) not in given)


def _normal(name: str) -> str:
    return name.lower().replace("_", "-")


def _imported(code: str) -> set[str]:
    """Top-level packages that are neither in the standard library nor on the platform."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(code)):
        match node:
            case ast.Import(names=aliases):
                names |= {alias.name.split(".")[0] for alias in aliases}
            case ast.ImportFrom(module=str() as module, level=0):
                names.add(module.split(".")[0])
    return {name for name in names if name not in sys.stdlib_module_names and name not in PLATFORM}


def _imports(files: dict[str, str]) -> Item:
    if "app.py" not in files:
        return Item(name="imports", passed=None, detail="No app was written.")
    missing = missing_requirements(files)
    return Item(
        name="imports",
        passed=not missing,
        detail=f"Not in requirements.txt: {', '.join(missing)}." if missing else "Every import is provided.",
        fix=f"Add {', '.join(missing)} to requirements.txt." if missing else "",
    )


def _timeouts(readme: str, code: str) -> Item:
    if not code:
        return Item(name="timeouts", passed=None, detail="No app was written.")
    lacking = []
    if "startup_duration_timeout" not in read_header(readme).values:
        lacking.append("startup_duration_timeout in the README's header")
    if "spaces.GPU" in code and "duration=" not in code:
        lacking.append("duration= at spaces.GPU")
    if "max_size=" not in code:
        lacking.append("max_size= at queue()")
    return Item(
        name="timeouts",
        passed=not lacking,
        detail=f"There is no {', no '.join(lacking)}."
        if lacking
        else "Starting, calling and waiting are bounded.",
        fix=f"Add {', '.join(lacking)}." if lacking else "",
    )


def _bounded(files: dict[str, str]) -> Item:
    size = sum(len(text.encode()) for text in files.values())
    return Item(
        name="artifacts_bounded",
        passed=size <= LARGEST_SPACE if files else None,
        detail=f"The Space's files have {size / 1024:.0f} KiB.",
        fix="Load large files from the Hub." if size > LARGEST_SPACE else "",
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


def _readme(readme: str, *, shows_model: bool) -> Item:
    if not readme:
        return Item(name="readme", passed=None, detail="No README was written.")
    header = read_header(readme).values
    wanted = ("title", "sdk", "sdk_version", "python_version", *(("models",) if shows_model else ()))
    lacking = [key for key in wanted if key not in header]
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
