"""Webhooks over the API: set up, list, change, switch on and off, delete. They belong to a user."""

import secrets
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends
from pydantic import BaseModel, JsonValue

from bot.localhub import bucket_webhooks, job_launch, job_specs
from bot.localhub.accounts import Caller, TheCaller, TheHub
from bot.localhub.deliveries import Delivery, deliveries_of, replay
from bot.localhub.errors import HubError
from bot.localhub.job_records import Job
from bot.localhub.state import Hub, now
from bot.localhub.webhook_records import Domain, WatchedItem, Webhook

router = APIRouter(prefix="/api/settings/webhooks")


class WebhookBody(BaseModel):
    """What a client sends; a field that is missing in an update stays as it is."""

    url: str | None = None
    jobSourceId: str | None = None  # noqa: N815 - the wire's name
    watched: tuple[WatchedItem, ...] | None = None
    domains: tuple[Domain, ...] | None = None
    secret: str | None = None
    secrets: dict[str, str] | None = None
    """For the Jobs that the webhook starts."""


def _owner(caller: TheCaller) -> Caller:
    caller.require("webhooks")
    return caller


Owner = Annotated[Caller, Depends(_owner)]


def _webhook(hub: TheHub, caller: Owner, webhook_id: str) -> Webhook:
    found = hub.all(Webhook).get(webhook_id)
    if found is None or found.owner != caller.user.name:
        raise HubError(404, "Webhook not found")
    return found


TheWebhook = Annotated[Webhook, Depends(_webhook)]


def webhooks_of(hub: Hub, user: str) -> list[Webhook]:
    return [webhook for webhook in hub.all(Webhook) if webhook.owner == user]


@router.get("")
def list_webhooks(hub: TheHub, caller: Owner) -> list[dict[str, Any]]:
    return [_json(hub, webhook) for webhook in webhooks_of(hub, caller.user.name)]


@router.post("")
def create(hub: TheHub, caller: Owner, body: WebhookBody) -> dict[str, Any]:
    _check(hub, caller, body)
    if (body.url is None) == (body.jobSourceId is None):
        raise HubError(400, 'A webhook needs either a "url" or a "jobSourceId"')
    webhook = Webhook(
        id=secrets.token_hex(12),
        owner=caller.user.name,
        url=body.url,
        job_source=body.jobSourceId,
        job_secrets=body.secrets or {},
        watched=body.watched or (),
        domains=("repo", "discussion") if body.domains is None else body.domains,
        secret=body.secret,
        created_at=now(),
    )
    return _put(hub, webhook)


@router.get("/{webhook_id}")
def details(hub: TheHub, webhook: TheWebhook) -> dict[str, Any]:
    return {"webhook": _json(hub, webhook)}


@router.post("/{webhook_id}")
def update(hub: TheHub, caller: Owner, webhook: TheWebhook, body: WebhookBody) -> dict[str, Any]:
    """An empty `watched` empties the list, as on the Hub; clients must send it each time."""
    _check(hub, caller, body)
    given = body.model_dump(exclude_none=True, exclude={"watched", "jobSourceId", "secrets"})
    if body.url is not None or body.jobSourceId is not None:
        given |= {"url": body.url, "job_source": body.jobSourceId}
    if body.secrets is not None:
        given["job_secrets"] = body.secrets
    if body.watched is not None:
        given["watched"] = body.watched
    return _put(hub, webhook.model_copy(update=given))


@router.delete("/{webhook_id}")
def delete(hub: TheHub, webhook: TheWebhook) -> dict[str, bool]:
    hub.all(Webhook).delete(webhook.id)
    for delivery in deliveries_of(hub, webhook):
        hub.all(Delivery).delete(delivery.id)
    return {"success": True}


@router.post("/{webhook_id}/enable")
def enable(hub: TheHub, webhook: TheWebhook) -> dict[str, Any]:
    return _put(hub, webhook.model_copy(update={"disabled": False, "suspended": None, "failures": 0}))


@router.post("/{webhook_id}/disable")
def disable(hub: TheHub, webhook: TheWebhook) -> dict[str, Any]:
    return _put(hub, webhook.model_copy(update={"disabled": True}))


@router.get("/{webhook_id}/deliveries")
def journal(hub: TheHub, webhook: TheWebhook) -> list[dict[str, JsonValue]]:
    """What was sent and what came back, newest first. The real Hub shows this only on a page."""
    return [delivery.model_dump(mode="json") for delivery in deliveries_of(hub, webhook)]


@router.post("/{webhook_id}/deliveries/{delivery_id}/replay")
def send_again(hub: TheHub, webhook: TheWebhook, delivery_id: str) -> dict[str, JsonValue]:
    again = replay(hub, webhook, delivery_id)
    if again is None:
        raise HubError(404, "Delivery not found")
    return again.model_dump(mode="json")


def _put(hub: Hub, webhook: Webhook) -> dict[str, Any]:
    hub.all(Webhook).put(webhook.id, webhook)
    bucket_webhooks.look(hub)
    return {"webhook": _json(hub, webhook)}


def _json(hub: Hub, webhook: Webhook) -> dict[str, Any]:
    shown = webhook.model_dump(mode="json", include={"id", "url", "watched", "domains", "secret", "disabled"})
    source = hub.all(Job).get(webhook.job_source or "")
    shown["disabledReason"] = webhook.suspended
    return {**shown, "job": job_specs.describe(job_launch.spec_of(source)) if source else None}


def _check(hub: Hub, caller: Caller, body: WebhookBody) -> None:
    if body.jobSourceId is not None:
        job_launch.source_for_webhook(hub, caller, body.jobSourceId)
    if body.url is not None:
        _check_url(body.url)
    if body.secret is not None and not (body.secret.isascii() and body.secret.isprintable()):
        raise HubError(400, "The secret of a webhook must be printable ASCII: it travels in a header")


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        is_web = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_web = False
    if not is_web or any(letter.isspace() or not letter.isprintable() for letter in url):
        raise HubError(400, f"The url of a webhook must begin with http:// or https://, not {url[:100]!r}")
