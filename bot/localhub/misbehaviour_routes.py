"""Setting the switches of misbehaviour while the Hub runs. Only for this machine."""

import json
from ipaddress import ip_address

from fastapi import APIRouter, Depends, Request
from pydantic import ValidationError

from bot.localhub.accounts import TheHub
from bot.localhub.errors import HubError
from bot.localhub.misbehaviour import Position, Setting, Switch, board_of
from bot.localhub.sessions import check_same_site


def only_here(request: Request) -> None:
    """Refuse who is not on this machine, and pages of other sites that a browser here has open."""
    host = request.client.host if request.client else ""
    try:
        is_here = ip_address(host).is_loopback
    except ValueError:
        is_here = False
    if not is_here or request.url.hostname not in {"127.0.0.1", "localhost", "::1"}:
        raise HubError(403, "This address is only for programs on the Hub's own machine")
    check_same_site(request)


router = APIRouter(prefix="/__misbehave", dependencies=[Depends(only_here)], include_in_schema=False)


@router.get("")
def all_switches(hub: TheHub) -> list[dict[str, object]]:
    on = board_of(hub).positions()
    return [_told(switch, on.get(switch)) for switch in Switch]


@router.get("/{name}")
def one_switch(hub: TheHub, name: str) -> dict[str, object]:
    switch = switch_named(name)
    return _told(switch, board_of(hub).positions().get(switch))


@router.put("/{name}")
def set_switch(hub: TheHub, name: str, setting: Setting | None = None) -> dict[str, object]:
    switch = switch_named(name)
    board_of(hub).set(switch, checked(switch, setting or Setting()))
    return _told(switch, board_of(hub).positions().get(switch))


@router.delete("/{name}")
def remove_switch(hub: TheHub, name: str) -> dict[str, object]:
    switch = switch_named(name)
    board_of(hub).remove(switch)
    return _told(switch, None)


def switch_named(name: str) -> Switch:
    try:
        return Switch(name)
    except ValueError:
        raise HubError(404, f"There is no switch {name[:50]!r}. GET /__misbehave lists them") from None


def checked(switch: Switch, setting: Setting) -> Setting:
    if switch is Switch.REPO_RENAMED and not (setting.key and setting.to):
        raise HubError(400, f'{switch} needs {{"key": "owner/old", "to": "owner/new"}}')
    return setting


def setting_in(text: str) -> Setting:
    """A setting from JSON; a plain number means so many times. ValueError says what is wrong with it."""
    try:
        given = json.loads(text) if text else {}
        return Setting.model_validate({"times": given} if isinstance(given, int) else given)
    except ValidationError as error:
        first = error.errors()[0]
        raise ValueError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None


def _told(switch: Switch, position: Position | None) -> dict[str, object]:
    told: dict[str, object] = {"name": switch, "sentence": switch.sentence, "on": position is not None}
    if position is not None:
        told |= {"setting": position.setting.model_dump(exclude_defaults=True), "met": position.met}
    return told
