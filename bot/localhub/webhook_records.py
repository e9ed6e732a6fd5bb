"""Webhooks as stored, and which of them an event concerns."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.localhub.accounts import User
from bot.localhub.repos import Repo
from bot.localhub.state import Hub, Record

Domain = Literal["repo", "discussion"]


class WatchedItem(BaseModel):
    """A repo by kind and id, or all repos of a user or organisation."""

    model_config = ConfigDict(frozen=True)

    type: Literal["bucket", "dataset", "model", "org", "space", "user"]
    name: str


class Webhook(Record):
    """Where to tell, and about what. The secret is sent as it is, so it is kept as it is."""

    id: str
    owner: str
    """Name of the user who set it up."""
    url: str | None = None
    """None if it starts Jobs."""
    job_source: str | None = None
    """Id of the Job of which a copy is run for each event."""
    job_secrets: dict[str, str] = Field(default_factory=dict)
    """What these Jobs get; the secrets of their source stay its own."""
    watched: tuple[WatchedItem, ...]
    domains: tuple[Domain, ...]
    secret: str | None = None
    disabled: bool = False
    suspended: str | None = None
    """Why the Hub itself switched it off; enabling it again clears this."""
    failures: int = 0
    """Deliveries in a row that were given up."""
    created_at: str


def watches(hub: Hub, webhook: Webhook, repo: Repo, scope: str) -> bool:
    """Whether the webhook wants events of this scope on this repo, and its owner may see the repo."""
    domain = "discussion" if scope.startswith("discussion") else "repo"
    if webhook.disabled or domain not in webhook.domains:
        return False
    owner = hub.all(User).get(repo.owner)
    owner_kind = owner.type if owner is not None else "user"
    wanted = {(repo.kind.value, repo.id), (owner_kind, repo.owner)}
    if not any((item.type, item.name) in wanted for item in webhook.watched):
        return False
    members = owner.members if owner is not None else ()
    return not repo.private or webhook.owner == repo.owner or webhook.owner in members
