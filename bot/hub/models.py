"""Look at a model with somebody's eyes."""

from dataclasses import dataclass

from bot.domain.owner_voice import FILE
from bot.hub.client import HubClient, hub_trouble


@dataclass(frozen=True)
class Model:
    """A model at the commit its `main` branch has now."""

    id: str
    sha: str
    is_private: bool
    is_gated: bool
    repo: str
    """The Hub's own id of the repo: another one that is called the same has another."""
    may_have_voice: bool
    """Whether its owner's file is there, for all that its list of files says."""


def read_model(client: HubClient, model_id: str, revision: str | None = None) -> Model:
    """Raises HubError 403 or 404 when this identity can't see it, or there is no such version."""
    with hub_trouble():
        info = client.api.model_info(model_id, revision=revision)
    return Model(
        id=info.id,
        sha=str(info.sha),
        is_private=bool(info.private or info.gated),
        is_gated=bool(info.gated),
        repo=str(info.__dict__.get("_id", "")),
        may_have_voice=info.siblings is None or any(each.rfilename == FILE for each in info.siblings),
    )
