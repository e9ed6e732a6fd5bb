"""A person's settings: their webhooks with what was delivered, and the apps they have let in."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.localhub.accounts import TheHub
from bot.localhub.deliveries import deliveries_of, replay
from bot.localhub.errors import HubError
from bot.localhub.oauth_records import SCOPES, Connection, app_of, disconnect
from bot.localhub.pages.page import PageRoute, Sender, SignedIn, go_to, show
from bot.localhub.webhook_records import Webhook
from bot.localhub.webhooks import webhooks_of

router = APIRouter(prefix="/settings", route_class=PageRoute, include_in_schema=False)
DELIVERIES_SHOWN = 20


@router.get("")
def settings_page(request: Request, hub: TheHub, viewer: SignedIn) -> HTMLResponse:
    name = viewer.user.name
    connections = [one for one in hub.all(Connection) if one.user == name]
    return show(
        request,
        "settings.html",
        webhooks=[
            (webhook, deliveries_of(hub, webhook)[:DELIVERIES_SHOWN]) for webhook in webhooks_of(hub, name)
        ],
        apps=[(app_of(hub, one.client_id), one.scopes) for one in connections],
        abilities=SCOPES,
    )


@router.post("/webhooks/{webhook_id}/deliveries/{delivery_id}/replay")
def send_again(hub: TheHub, sender: Sender, webhook_id: str, delivery_id: str) -> RedirectResponse:
    webhook = hub.all(Webhook).get(webhook_id)
    if webhook is None or webhook.owner != sender.user.name or replay(hub, webhook, delivery_id) is None:
        raise HubError(404, "There is no such delivery")
    return go_to(f"/settings#{webhook.id}")


@router.post("/connected-apps/{client_id}/revoke")
def revoke(hub: TheHub, sender: Sender, client_id: str) -> RedirectResponse:
    """End everything that the person has allowed the app, at once."""
    if not disconnect(hub, client_id, sender.user):
        raise HubError(404, "You have not let this app in")
    return go_to("/settings")
