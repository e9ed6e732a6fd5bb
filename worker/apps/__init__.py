"""Custom apps: Spaces that show no model, each a folder with a real app and `app.toml`.

Adding a folder, its name in `worker.contract.App`, and its judge in `judges.py` adds an app.
"""

import tomllib
from pathlib import Path
from string import Template

from pydantic import BaseModel, ConfigDict, JsonValue

from worker.contract import App

FOLDER = Path(__file__).parent
MANIFEST = "app.toml"
PAGE = "README.md"


class ProbeOf(BaseModel):
    """One call of the app, and what its answer must be: what that means is the app's judge's business."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    inputs: dict[str, JsonValue]
    expected: dict[str, JsonValue] = {}


class CustomApp(BaseModel):
    """`app.toml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: App
    title: str
    summary: str
    endpoint: str
    example: str
    """Arguments of a call of the endpoint, as Python."""
    ships: tuple[str, ...]
    """Patterns of the files that make the Space."""
    renamed: dict[str, str] = {}
    """Files that have another name in the Space."""
    hardware: str
    why_hardware: str
    probes: tuple[ProbeOf, ...]
    """Answered with a part, each as expected."""
    refused: tuple[ProbeOf, ...]
    """Answered with a sentence, which holds `says`."""
    folder: Path

    def files(self, space_id: str) -> dict[str, str]:
        """Path to text of every file of the Space."""
        paths = sorted(path for pattern in self.ships for path in self.folder.glob(pattern))
        names = {path: path.relative_to(self.folder).as_posix() for path in paths}
        found = {
            self.renamed.get(name, name): path.read_text(encoding="utf-8") for path, name in names.items()
        }
        words = {"space_id": space_id, "call": self.example, "endpoint": self.endpoint}
        return found | {PAGE: Template(found[PAGE]).substitute(words)}


def read_app(name: App) -> CustomApp:
    folder = FOLDER / name
    values = tomllib.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return CustomApp(**values, folder=folder)


def all_apps() -> tuple[CustomApp, ...]:
    return tuple(read_app(name) for name in App)
