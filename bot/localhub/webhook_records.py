"""Webhooks as stored, and which of them an event concerns."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.localhub.accounts import account
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


def watches(hub: Hub, webhook: Webhook, item: WatchedItem, private: bool, scope: str) -> bool:
    """Whether the webhook wants events of this scope on this repo or bucket, and its owner may see it."""
    domain = "discussion" if scope.startswith("discussion") else "repo"
    if webhook.disabled or domain not in webhook.domains:
        return False
    owner = account(hub, item.name.partition("/")[0])
    wanted = {(item.type, item.name), (owner.type, owner.name)}
    if not any((watched.type, watched.name) in wanted for watched in webhook.watched):
        return False
    return not private or webhook.owner == owner.name or webhook.owner in owner.members
