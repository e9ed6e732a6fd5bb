"""Look at a model with somebody's eyes."""

from dataclasses import dataclass

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
    )
