"""What the app's own log says about loading the model and answering. Easily forged, so never needed."""

from worker.contract import Evidence
from worker.validate.evidence.subject import Subject

LOADED, ANSWERED = "MODEL_LOADED", "INFERENCE_DONE"


def logged(subject: Subject) -> Evidence:
    if not subject.logs.strip() or not subject.ours:
        return Evidence(name="log", passed=None, detail="There is no log with words of ours.")
    answered = subject.logs.count(ANSWERED)
    loaded = [line for line in subject.logs.splitlines() if LOADED in line]
    if not loaded:
        return Evidence(name="log", passed=None, detail="The log does not say that the model was loaded.")
    named = subject.card is None or subject.card.model_id in loaded[-1]
    detail = f"{loaded[-1][-160:].strip()}; {answered} answers."
    return Evidence(name="log", passed=(named and answered > 0) or None, detail=detail)
