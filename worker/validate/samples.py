"""What a model's card offers to try: texts and files, and what the card says of them."""

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, JsonValue


class Samples(BaseModel):
    """Empty where the card offers nothing; probes are then filled up with contents of our own."""

    model_config = ConfigDict(frozen=True)

    texts: tuple[str, ...] = ()
    images: tuple[Path, ...] = ()
    audio: tuple[Path, ...] = ()
    videos: tuple[Path, ...] = ()
    expected: dict[str, str] = {}
    """The label that the card gives, by the text or the file's name."""
    task: str | None = None
    """The pipeline_tag: what kind of text the model wants."""
    arguments: tuple[JsonValue, ...] = ()
    """Values that whoever asked has chosen for the first inputs."""
    given: dict[str, Any] = {}
    """The same by the input's name."""
