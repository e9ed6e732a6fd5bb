"""What was seen of an app beside its twin. None means that it could not be looked at."""

from pydantic import BaseModel, ConfigDict


class Rehearsal(BaseModel):
    """The observations of one rehearsal, and the words for them."""

    model_config = ConfigDict(frozen=True)

    why_not: str | None = None
    """Why there was no rehearsal, as a sentence."""
    twin: str = ""
    """What the model was: itself, or a small one."""
    exact: bool = False
    """Whether the first twin is the model itself, so that what fails here fails there."""
    sandbox: str = ""
    booted: bool | None = None
    answers: bool | None = None
    repeatable: bool | None = None
    swap_changes: bool | None = None
    """Whether other weights under the same id changed the answer."""
    closed_without_weights: bool | None = None
    forward_calls: int | None = None
    """Of the first call."""
    cpu_seconds: float = 0.0
    share_touched: float | None = None
    """Of the model's numbers, how many are in the layers that were called; None for ONNX."""
    disturbance_changes: bool | None = None
    """Whether the answer changed when what comes out of the model's layers was changed."""
    work_grows: bool | None = None
    details: dict[str, str] = {}
    """A sentence about each, by the field's name."""
    seconds: dict[str, float] = {}
    """How long each part took."""
