"""What the Hub knows of a model at one revision; a name that cannot be read is a sentence."""

from functools import partial

from huggingface_hub import ModelInfo
from huggingface_hub.errors import (
    GatedRepoError,
    HFValidationError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from worker.errors import Failed
from worker.hub import Hub

OTHER_REPOS = {
    "space": "To judge it, ask for its validation.",
    "dataset": "Ask for a model that was trained on it.",
}


def model_info(hub: Hub, model_id: str, revision: str) -> ModelInfo:
    try:
        info = hub.call(lambda: hub.api.model_info(model_id, revision=revision, files_metadata=True))
    except RevisionNotFoundError as error:
        raise Failed("not_found", f"{model_id} has no revision {revision}.") from error
    except HFValidationError as error:
        raise Failed("not_found", f"{model_id!r} cannot be the name of a model.") from error
    except GatedRepoError:
        raise
    except RepositoryNotFoundError as error:
        raise Failed("not_found", _missing(hub, model_id)) from error
    if info.sha and info.sha != revision:
        raise Failed("not_found", f"The Hub gave {info.sha} of {model_id} where {revision} was asked for.")
    return info


def _missing(hub: Hub, model_id: str) -> str:
    """What a name is that is no model's."""
    for kind, advice in OTHER_REPOS.items():
        if hub.call(partial(hub.api.repo_exists, model_id, repo_type=kind)):
            return f"{model_id} is a {kind} and no model. {advice}"
    return f"{model_id} does not exist, or you may not read it. Check its name, or sign in with access to it."
