"""What a model needs where it runs: the answer of worker/memory.py, with its parts and their reasons."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from worker.blueprints import Family
from worker.quantisation import Quantisation

GB = 10**9


class Place(StrEnum):
    """The kinds of hardware that differ in what they can run."""

    CPU = "cpu"
    ZERO_GPU = "zero-gpu"
    GPU = "gpu"


class Part(BaseModel):
    """One part of an estimate."""

    model_config = ConfigDict(frozen=True)

    name: str
    bytes: int
    reason: str


class Estimate(BaseModel):
    """What a model needs."""

    model_config = ConfigDict(frozen=True)

    family: Family
    task: str | None = None
    parameters: int
    active_parameters: int
    """Parameters that one token goes through: fewer where the model is a mixture of experts."""
    computes_in: str
    """The type of its numbers on a GPU, such as BF16."""
    quantisation: Quantisation | None = None
    unpacked: bool = False
    """Whether packed weights are unpacked to 16 bits when they are loaded."""
    gpu: tuple[Part, ...]
    cpu: tuple[Part, ...]
    loading: tuple[Part, ...]
    """Host memory while the app loads."""
    loading_seconds: int = 0
    disk: tuple[Part, ...]
    closed: dict[Place, str] = {}
    """Where it cannot run at all, and why."""
    files: dict[str, int]
    """The weights that are opened: size by path."""
    notes: tuple[str, ...] = ()

    @property
    def is_packed(self) -> bool:
        """Whether the weights hold less than 16 bits for each parameter already."""
        return self.quantisation is not None

    @property
    def gpu_bytes(self) -> int:
        return _sum(self.gpu)

    @property
    def cpu_bytes(self) -> int:
        """The most that a CPU app takes, while it loads or while it computes."""
        return max(_sum(self.cpu), _sum(self.loading))

    @property
    def loading_bytes(self) -> int:
        return _sum(self.loading)

    @property
    def disk_bytes(self) -> int:
        return _sum(self.disk)

    @property
    def weights_on_gpu(self) -> int:
        return _sum(tuple(part for part in self.gpu if part.name.startswith("weights")))


def in_gb(number: int) -> str:
    return f"{number / GB:.1f} GB" if number >= GB / 10 else f"{number / 1_000_000:.0f} MB"


def _sum(parts: tuple[Part, ...]) -> int:
    return sum(part.bytes for part in parts)
