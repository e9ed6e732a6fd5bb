"""The buttons under a run's message. What they do stands in their id, signed, and outlives restarts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import discord

from bot.domain.discretion import is_discreet
from bot.domain.links import Links
from bot.domain.models import Run, RunState
from bot.store.vault import Vault

PRESSED = re.compile(r"^run:(cancel|retry):(r_[0-9a-f]{16}):([0-9a-f]{32})$")
SHORT = 32
"""Characters of the signature that are kept: an id holds a hundred."""


@dataclass(frozen=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True)
class Press:
    label: str
    custom_id: str
    is_dangerous: bool


Button = Link | Press


def buttons_of(run: Run, links: Links, vault: Vault) -> list[Button]:
    """Open Space, Run page, and Cancel or Retry."""
    found: list[Button] = []
    is_named = not is_discreet(run, run.thread)
    if is_named and run.state is RunState.SUCCEEDED and run.report and run.report.space_id:
        found.append(Link("Open Space", links.space(run.report.space_id)))
    found.append(Link("Run page", links.run(run.id)))
    if not run.state.is_final:
        found.append(Press("Cancel", _custom_id("cancel", run.id, vault), is_dangerous=True))
    elif run.state is not RunState.SUCCEEDED:
        found.append(Press("Retry", _custom_id("retry", run.id, vault), is_dangerous=False))
    return found


def pressed(custom_id: str, vault: Vault) -> tuple[str, str] | None:
    """The verb and the run of a button of ours; None if we did not make it."""
    found = PRESSED.match(custom_id)
    if found is None or not vault.is_signature(_purpose(found[1], found[2]), found[3], SHORT):
        return None
    return found[1], found[2]


def view_of(buttons: Sequence[Button]) -> discord.ui.View | None:
    """As discord.py sends it. Stopped at once: presses come to us as interactions, not to the view."""
    if not buttons:
        return None
    view = discord.ui.View(timeout=None)
    view.stop()
    for button in buttons:
        view.add_item(_item(button))
    return view


def _item(button: Button) -> discord.ui.Button[discord.ui.View]:
    match button:
        case Link(label, url):
            return discord.ui.Button(label=label, url=url)
        case Press(label, custom_id, is_dangerous):
            style = discord.ButtonStyle.danger if is_dangerous else discord.ButtonStyle.primary
            return discord.ui.Button(label=label, custom_id=custom_id, style=style)


def _custom_id(verb: str, run_id: str, vault: Vault) -> str:
    return f"run:{verb}:{run_id}:{vault.sign(_purpose(verb, run_id))[:SHORT]}"


def _purpose(verb: str, run_id: str) -> str:
    return f"discord button:{verb}:{run_id}"
