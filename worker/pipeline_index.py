"""What the model_index.json of a diffusers pipeline says: its class, its parts, and whose code they are."""

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict, JsonValue

INDEX = "model_index.json"


class PipelineIndex(BaseModel):
    """The parts of a pipeline; read as hostile input."""

    model_config = ConfigDict(frozen=True)

    class_name: str | None = None
    components: tuple[str, ...] = ()
    """The folders that the pipeline opens, of all that are there."""
    own_code: bool = False
    """Whether the pipeline or one of its parts is a Python file of the repo."""


def read_index(values: dict[str, JsonValue], files: Iterable[str]) -> PipelineIndex:
    """The index out of its JSON. `files` are the paths in the repo."""
    named = values.get("_class_name")
    own_class = isinstance(named, list)  # the name of a file and of a class in it
    class_name = named[-1] if isinstance(named, list) and named else named
    parts = {name: library for name, value in values.items() if (library := _library(value))}
    paths = set(files)
    return PipelineIndex(
        class_name=class_name if isinstance(class_name, str) else None,
        components=tuple(sorted(parts)),
        own_code=own_class or any(f"{name}/{library}.py" in paths for name, library in parts.items()),
    )


def _library(value: JsonValue) -> str | None:
    """The first of `["diffusers", "UNet2DConditionModel"]`; parts that are left out are `[null, null]`."""
    match value:
        case [str() as library, str()]:
            return library
        case _:
            return None
