"""What a person can do about a blocker, for those that only say what is in the way. Pure; no I/O."""

from worker.card import Card
from worker.contract import Author
from worker.errors import Blocked, Blocker
from worker.loader import Loader
from worker.weights import weight_files

WEIGHTS_OF_OTHERS = {
    ".h5": "TensorFlow",
    ".keras": "Keras",
    ".msgpack": "Flax",
    ".tflite": "TensorFlow Lite",
    ".mlmodel": "Core ML",
    ".joblib": "scikit-learn",
}
"""Formats that no blueprint opens, by the ending of their files."""
OPENED = (".gguf", ".onnx")


def with_next_steps(blocked: Blocked, card: Card, author: Author = Author.NONE) -> Blocked:
    """The same blockers, each with what can be done about it; `author` is who was to write."""
    return Blocked(*(_with_next_step(blocker, card, author) for blocker in blocked.blockers))


def _with_next_step(blocker: Blocker, card: Card, author: Author) -> Blocker:
    match blocker.code:
        case "no_files":
            step = "Upload the model, or ask for a revision that has it."
        case "no_blueprint":
            step = _for_an_uncovered_model(card, author)
        case "mlx" if not card.base_models:
            step = "Ask for the model that it was made from."
        case _:
            return blocker  # it says so itself
    return blocker.model_copy(update={"message": f"{blocker.message} {step}"})


def _for_an_uncovered_model(card: Card, author: Author) -> str:
    """The nearest cause that the model's owner can mend, else what else may be asked for."""
    if missing := _no_weights(card):
        return missing
    broken = next((remark for remark in card.remarks if "YAML header" in remark), None)
    if not card.pipeline_tag:
        why = f"{broken} " if broken else ""
        return f"{why}Add pipeline_tag to the metadata of its card, then ask again."
    if author is Author.NONE:
        return (
            "Ask again with author=pi to let a coding agent write the app, for your inference credits, or"
            " correct the card if what it says is wrong."
        )
    return "Ask for another version of this model, or correct its card if what it says is wrong."


def _no_weights(card: Card) -> str | None:
    if weight_files(card.files, Loader.UNKNOWN).files or any(path.endswith(OPENED) for path in card.files):
        return None
    formats = {
        WEIGHTS_OF_OTHERS[end] for end in WEIGHTS_OF_OTHERS for path in card.files if path.endswith(end)
    }
    if formats:
        return f"Its weights are for {' and '.join(sorted(formats))} only: ask for a version in safetensors."
    return "It holds no weights that could be loaded: ask for the model's own repo, or upload them."
