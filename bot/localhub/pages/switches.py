"""The switches of misbehaviour as a page: what the real Hub does, and a form to make this one do it."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.localhub.accounts import TheHub
from bot.localhub.errors import HubError
from bot.localhub.misbehaviour import Switch, board_of
from bot.localhub.misbehaviour_routes import checked, setting_in, switch_named
from bot.localhub.pages.page import PageRoute, Sender, SignedIn, go_to, show

router = APIRouter(prefix="/settings/misbehaviour", route_class=PageRoute, include_in_schema=False)


@router.get("")
def switches_page(request: Request, hub: TheHub, viewer: SignedIn) -> HTMLResponse:
    on = board_of(hub).positions()
    return show(request, "switches.html", switches=[(switch, on.get(switch)) for switch in Switch])


@router.post("/{name}")
def turn(
    hub: TheHub,
    sender: Sender,
    name: str,
    turn: Annotated[str, Form()],
    setting: Annotated[str, Form()] = "",
) -> RedirectResponse:
    switch = switch_named(name)
    if turn == "off":
        board_of(hub).remove(switch)
    else:
        try:
            board_of(hub).set(switch, checked(switch, setting_in(setting.strip())))
        except ValueError as error:
            raise HubError(400, f"This setting cannot be used: {error}") from None
    return go_to(f"/settings/misbehaviour#{switch}")
