"""Makes the twin of a model: two folders that differ in nothing but the weights."""

import json
import shutil
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from worker.hub import Hub
from worker.loader import Loader
from worker.twin.real_files import LARGEST, SMALL, Source, fetch_files, fetch_header
from worker.twin.sandbox import Bounds, Child, Sandbox

MAKING = Path(__file__).with_name("making")
BOUNDS = Bounds(seconds=180)
LARGEST_ANSWER = 64 * 1024
ITSELF = "the model itself"
SMALL_ONE = "a small model of the same kind with random weights"
NEVER_SHRUNK = frozenset({Loader.ONNX, Loader.TIMM, Loader.UNKNOWN})
"""Loaders of models that are taken as they are, or not at all."""


class NoTwin(Exception):
    """No twin can be made; the message is a sentence."""


class Twin(BaseModel):
    """A model's place on the twin Hub: its files with the first weights, and with the other ones."""

    model_config = ConfigDict(frozen=True)

    source: Source
    first: Path
    other: Path
    what: str
    weights: int
    """How many numbers the model has."""

    @property
    def exact(self) -> bool:
        return self.what == ITSELF


def ways(source: Source) -> tuple[bool, ...]:
    """How a twin may be made, the best way first: of the model itself (True) or as a small one (False).

    Raises NoTwin if there is no way.
    """
    size = sum(source.weights().values())
    if not size:
        raise NoTwin(f"{source.id} has no file with weights.")
    if size <= SMALL:
        return (True,)
    shrinks = source.loader not in NEVER_SHRUNK
    if size > LARGEST and not shrinks:
        raise NoTwin(f"No small twin of {source.id} can be made, and {size / 1e9:.1f} GB are too much here.")
    return (*([False] if shrinks else []), *([True] if size <= LARGEST else []))


def make_twin(
    hub: Hub, source: Source, sandbox: Sandbox, python: Path, base: Twin | None, *, itself: bool
) -> Twin:
    """The twin of a model, with `base` for what the model stands on. Raises NoTwin."""
    place = sandbox.folder / f"{source.id.replace('/', '--')}-{'itself' if itself else 'small'}"
    real = place / "real"
    real.mkdir(parents=True)
    fetch_files(hub, source, real, weights=itself)
    if source.loader is Loader.GGUF and not itself:
        fetch_header(hub, source, next(iter(source.weights())), real)
    sandbox.own(place)
    weights = _run(source, sandbox, python, place, base, itself)
    what = ITSELF if itself else SMALL_ONE
    return Twin(source=source, first=place / "first", other=place / "other", what=what, weights=weights)


def _run(source: Source, sandbox: Sandbox, python: Path, place: Path, base: Twin | None, itself: bool) -> int:
    """Let the maker fill `first` and `other`; the number of weights that differ."""
    scripts = sandbox.folder / "scripts"
    if not scripts.exists():
        shutil.copytree(MAKING, scripts / "making", ignore=shutil.ignore_patterns("__pycache__"))
    job = {
        "loader": source.loader,
        "has_weights": itself,
        "weights": list(source.weights()),
        "seed": 7,
        "base": str(base.first) if base else None,
        "base_id": base.source.id if base else None,
        **{name: str(place / name) for name in ("real", "first", "other", "answer")},
    }
    sandbox.write(place / "job.json", json.dumps(job))
    log = sandbox.folder / f"{place.name}.log"
    env = {"PYTHONPATH": str(scripts), "OMP_NUM_THREADS": "2", "HF_HUB_OFFLINE": "1"}
    command = [str(python), "-m", "making", str(place / "job.json")]
    child = sandbox.start(command, cwd=place, env=env, log=log, bounds=BOUNDS, ports=[])
    child.wait(BOUNDS.seconds + 10)
    return _weights_in(source, child, place / "answer")


def _weights_in(source: Source, child: Child, answer: Path) -> int:
    """What the maker said. It may have read hostile files, so its answer is read with care too."""
    try:
        with answer.open("rb") as opened:
            said = json.loads(opened.read(LARGEST_ANSWER))
    except (OSError, ValueError):
        lines = child.last_lines(1)
        raise NoTwin(f"No twin of {source.id} could be made: {child.why_ended()}. {lines[:200]}") from None
    if not isinstance(weights := said.get("weights"), int):
        raise NoTwin(f"No twin of {source.id} can be made: {str(said.get('why_not'))[:300]}.")
    return weights
