"""The commands as Discord offers them, made from the one table."""

from typing import Any

from bot.domain.commands import BY_NAME, COMMANDS, ON_DISCORD, CommandRow, Target
from bot.domain.messages_discord import ABOUT_REPOS, does
from bot.domain.options import Option

STRING, BOOLEAN, NUMBER = 3, 5, 10
GUILD_AND_USER = [0, 1]
EVERYWHERE = [0, 1, 2]
LONGEST = 100
TARGETS = {Target.MODEL: "model", Target.SPACE: "space", Target.RUN: "run", Target.VERB: "command"}

KIND: dict[str, Any] = {
    "type": STRING,
    "name": "kind",
    "description": "What it is about",
    "required": True,
    "choices": [{"name": each, "value": each} for each in ("user", "repo", "guild")],
}
WHO = {
    "type": STRING,
    "name": "who",
    "description": "A Hugging Face name, owner/model, or an id on Discord",
    "required": True,
}
ADMIN: dict[str, Any] = {
    "type": 1,
    "name": "admin",
    "description": "For operators of this bot",
    "options": [
        {
            "type": 1,
            "name": "pause",
            "description": "Start nothing new",
            "options": [
                {"type": STRING, "name": "reason", "description": "What people are told", "required": True}
            ],
        },
        {"type": 1, "name": "resume", "description": "Start again", "options": []},
        {
            "type": 1,
            "name": "deny",
            "description": "Do nothing any more for a person, on a repo or in a server",
            "options": [
                KIND,
                WHO,
                {"type": STRING, "name": "reason", "description": "What people are told", "required": True},
            ],
        },
        {"type": 1, "name": "allow", "description": "End what was denied", "options": [KIND, WHO]},
    ],
    "integration_types": GUILD_AND_USER,
    "contexts": [1],
}
"""Offered in direct messages only, where nobody else sees that it is there."""


def commands() -> list[dict[str, Any]]:
    """The whole tree, as the API takes it."""
    rows = [row for row in (*COMMANDS, *ON_DISCORD) if row.name not in ABOUT_REPOS]
    return [*(_command(row) for row in rows), ADMIN]


def _command(row: CommandRow) -> dict[str, Any]:
    options = [*_target(row), *map(_option, row.options)]
    if row.can_force:
        options.append(_described("force", "do it even if nothing is new", BOOLEAN))
    return {
        "type": 1,
        "name": row.name,
        "description": _short(does(row)),
        "options": options,
        "integration_types": GUILD_AND_USER,
        "contexts": EVERYWHERE,
    }


def _target(row: CommandRow) -> list[dict[str, Any]]:
    name = TARGETS.get(row.target)
    if name is None:
        return []
    option = _described(name, row.target.value.replace("`", ""), STRING)
    match row.target:
        case Target.MODEL:
            return [option | {"required": True, "autocomplete": True}]
        case Target.VERB:
            return [option | {"choices": _choices(list(BY_NAME))}]
        case _:
            return [option]


def _option(option: Option) -> dict[str, Any]:
    described = _described(option.key, option.does, NUMBER if option.field in DOLLARS else STRING)
    if option.field in DOLLARS:
        return described | {"min_value": 0.01, "max_value": 100}
    if " / " in option.values:
        return described | {"choices": _choices(option.values.split(" / "))}
    return described | {"choices": _choices(["yes"])} if option.values == "`yes`" else described


DOLLARS = frozenset({"budget"})


def _described(name: str, does: str, kind: int) -> dict[str, Any]:
    return {"type": kind, "name": name, "description": _short(does)}


def _choices(values: list[str]) -> list[dict[str, str]]:
    return [{"name": value, "value": value} for value in values]


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
