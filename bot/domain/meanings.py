"""What the words mean that a run ends with or is asked for with, for the page that explains them."""

from bot.domain.models import RunState
from worker.contract import App, Mode, Verdict

VERDICTS = {
    Verdict.FULL_INFERENCE_SUCCESS: "The Space answered with the expected type, and no check failed.",
    Verdict.CANDIDATE: "It starts and loads the model; generation could not be tested.",
    Verdict.MANUAL_HARDWARE_REQUIRED: "It is built and uploaded; give it hardware, then `validate` it.",
    Verdict.HEALTH_ONLY: "It starts; no real inference path was checked.",
    Verdict.TECHNICAL_BLOCKER: "It can't be built, with the reason: licence, several GPUs, no blueprint.",
    Verdict.FAILED: "It should have worked and did not, with the first real error line.",
    Verdict.PLANNED: "A plan was asked for and made; nothing was built.",
    Verdict.ACCOUNT_READY: "The account was checked: Jobs run, and the record can be written.",
}
STATES = {
    RunState.WAITING_FOR_SIGN_IN: "Its requester has to sign in, or to allow one more permission.",
    RunState.QUEUED: "It is taken, and about to start.",
    RunState.LAUNCHING: "Its Job is being launched.",
    RunState.RUNNING: "Its Job runs.",
    RunState.SUCCEEDED: "The worker delivered; the verdict says what.",
    RunState.FAILED: "The worker ran and could not deliver; the verdict says why.",
    RunState.ERRORED: "We could not run it, and the page says why.",
    RunState.CANCELLED: "Somebody who may stop it has stopped it.",
    RunState.SUPERSEDED: "Something newer replaced it.",
    RunState.EXPIRED: "Nobody signed in for it in time.",
}
MODES = {
    Mode.FULL_INFERENCE_GATED: (
        "The app must answer beside a small twin of its model before scarce hardware is asked for, and on "
        "the Space to succeed."
    ),
    Mode.FULL_INFERENCE_ATTEMPT: "The app is published and called, whatever happened beside its twin.",
    Mode.SAFE_SCAFFOLD: "The app is published and started, and not called.",
}
APPS = {
    App.CAD: "describe a mechanical part and get it as STEP, STL, GLB and DXF",
}
