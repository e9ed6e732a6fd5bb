"""What passes between the app and the process that has the CAD kernel: an order, and what was made of it."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict

from .measures import Measures
from .specification import Specification


class Order(BaseModel):
    """What to make, and where its files go."""

    model_config = ConfigDict(frozen=True)

    spec: Specification
    folder: Path
    flat: bool = False


class Made(BaseModel):
    """What came of it: the files, and what the kernel says about the part; or what went wrong."""

    model_config = ConfigDict(frozen=True)

    files: dict[str, str] = {}
    """Format to file name."""
    measures: Measures | None = None
    read_back: Measures | None = None
    """Of the STEP file."""
    valid: bool = False
    faces: int = 0
    problem: str | None = None
