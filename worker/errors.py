"""How a run ends before its time, and what an exception means to a person."""

import httpx2
from huggingface_hub.errors import GatedRepoError, HfHubHTTPError
from pydantic import BaseModel, ConfigDict

from worker.contract import Failure


class Blocker(BaseModel):
    """A concrete reason why this model cannot become a Space now, and what was tried."""

    model_config = ConfigDict(frozen=True)

    code: str
    message: str
    tried: str


class RunEnds(Exception):
    """Ends the run with a sentence for the person."""


class Failed(RunEnds):
    """The run could not deliver. `category` is for statistics, the message for people."""

    def __init__(self, category: str, message: str) -> None:
        super().__init__(message)
        self.category = category


class Blocked(RunEnds):
    """The model cannot be built, for the listed reasons."""

    def __init__(self, *blockers: Blocker) -> None:
        super().__init__(" ".join(blocker.message for blocker in blockers))
        self.blockers = blockers


class HardwareRefused(RunEnds):
    """The Space is built and uploaded, and a person has to choose its hardware."""


def failure_of(error: BaseException) -> Failure:
    """The category and the sentence of any exception."""
    match error:
        case Failed():
            return Failure(category=error.category, message=str(error))
        case GatedRepoError():
            message = "The model is gated: accept its terms on its page, then ask again."
            return Failure(category="gated", message=message)
        case HfHubHTTPError():
            return Failure(category=_category_of(error), message=_hub_sentence(error))
        case httpx2.TransportError():
            return Failure(
                category="hub_unreachable", message=f"The Hub could not be reached: {_line(error)}"
            )
        case _:
            return Failure(
                category="internal", message=f"Our worker broke: {type(error).__name__}: {_line(error)}"
            )


def _category_of(error: HfHubHTTPError) -> str:
    match error.response.status_code:
        case 401:
            return "token_refused"
        case 402:
            return "payment_required"
        case 403:
            return "forbidden"
        case 404:
            return "not_found"
        case 429:
            return "rate_limited"
        case status:
            return "hub_error" if status >= 500 else "hub_refused"


def _hub_sentence(error: HfHubHTTPError) -> str:
    said = error.server_message or _line(error)
    return f"The Hub answered {error.response.status_code}: {said}"


def _line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
