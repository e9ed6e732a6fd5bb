"""Does the app say which model it runs, and that it has opened its weights?"""

from fnmatch import fnmatchcase

from worker.contract import Evidence
from worker.validate.evidence.subject import Subject

WEIGHTS = (
    "*.onnx",
    "*.safetensors",
    "*.bin",
    "*.gguf",
    "*.pt",
    "*.pth",
    "*.ckpt",
    "*.h5",
    "*.msgpack",
    "*.ot",
)


def healthy(subject: Subject) -> Evidence:
    health, card = subject.health, subject.card
    if health is None:
        passed = False if subject.ours else None
        return Evidence(name="health", passed=passed, detail="/health did not answer with JSON.")
    if card is None:
        return Evidence(name="health", passed=None, detail="/health answers; nobody knows for which model.")
    if not subject.ours and "model_id" not in health:
        return Evidence(name="health", passed=None, detail="/health answers and names no model.")
    for key, expected in (("model_id", card.model_id), ("revision", card.revision)):
        said = health.get(key)
        if said != expected and (subject.ours or key == "model_id"):
            detail = f"/health says {key} is {str(said)[:100]}, not {expected}."
            return Evidence(name="health", passed=False, detail=detail)
    detail = f"/health names {card.model_id} at {card.revision[:7]}."
    return Evidence(name="health", passed=True, detail=detail)


def weights_opened(subject: Subject) -> Evidence:
    """The app says which files it opened; they must be this revision's, with its sizes, and hold a model."""
    opened = (subject.health or {}).get("opened")
    if not isinstance(opened, dict) or not opened:
        passed = False if subject.ours else None
        return Evidence(name="weights_opened", passed=passed, detail="The app names no file it opened.")
    files = subject.card.files if subject.card else {}
    strange = [path for path, size in opened.items() if subject.card and files.get(path) != size]
    if strange:
        detail = f"{strange[0][:100]} is not a file of the model with that size."
        return Evidence(name="weights_opened", passed=False, detail=detail)
    weights = [path for path in opened if any(fnmatchcase(path, pattern) for pattern in WEIGHTS)]
    named = ", ".join(weights[:3]) + (f" and {len(weights) - 3} more" if len(weights) > 3 else "")
    detail = f"The app says it opened {named}." if weights else "No opened file holds weights."
    return Evidence(name="weights_opened", passed=bool(weights), detail=detail)
