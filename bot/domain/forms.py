"""The forms of the page, made of the one table of commands: a field for each option, and back into words."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, get_args

from bot.domain import options as o
from bot.domain.commands import CommandRow, Target
from bot.domain.models import Wishes
from bot.domain.options import Option

UNSAID = frozenset({o.NOTIFY, o.ALONE})
"""What means something in a thread only."""
SELDOM = frozenset({o.REV, o.ORG, o.TRUST, o.AUTHOR_MODE, o.ARGS, o.WAIT, o.ONLY})
"""What most people never touch: behind `More`."""
NOT_SAID = ""
"""The choice of those who leave it to us."""
YES_OR_NO = ((NOT_SAID, "no"), ("yes", "yes"))


@dataclass(frozen=True)
class FormField:
    """One option as a field. `choices` are values with their words; without any it is text."""

    name: str
    label: str
    hint: str
    value: str
    choices: tuple[tuple[str, str], ...] = ()
    is_seldom: bool = False


def fields_of(
    row: CommandRow, given: Mapping[str, str], offers: Mapping[str, tuple[tuple[str, str], ...]]
) -> list[FormField]:
    """What was `given` stands in them again. `offers` are choices that are known at
    the moment only, the one of NOT_SAID first."""
    options = [each for each in row.options if each not in UNSAID]
    fields = [_field(each, given.get(each.key, ""), offers.get(each.key, ())) for each in options]
    return [*fields, _force(given)] if row.can_force else fields


def words_of(row: CommandRow, given: Mapping[str, str]) -> tuple[str, ...]:
    """The command as it would be written in a comment. Fields that it has no options for count nothing."""
    about = " ".join(given.get(target_of(row), "").split())
    keys = [each.key for each in row.options if each not in UNSAID]
    options = [f"{key}={given[key].strip()}" for key in keys if given.get(key, "").strip()]
    force = ["force"] if row.can_force and given.get("force") == "yes" else []
    return (row.name, *([about] if about else []), *force, *options)


def target_of(row: CommandRow) -> str:
    """The field that says what it is about."""
    return "space" if row.target is Target.SPACE else "model"


def _field(option: Option, value: str, offered: tuple[tuple[str, str], ...]) -> FormField:
    return FormField(
        name=option.key,
        label=_as_sentence(option.does),
        hint=option.values,
        value=value,
        choices=_choices(option, offered),
        is_seldom=option in SELDOM,
    )


def _choices(option: Option, offered: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    kind: Any = Wishes.model_fields[option.field].annotation
    usual = Wishes.model_fields[option.field].default
    if offered:
        return offered
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        others = [each.value for each in kind if each is not usual]
        return ((NOT_SAID, str(usual.value)), *((each, each) for each in others))
    if bool in {kind, *get_args(kind)}:
        return YES_OR_NO
    return ()


def _force(given: Mapping[str, str]) -> FormField:
    value = "yes" if given.get("force") == "yes" else ""
    return FormField("force", "Also if nothing has changed", "", value, YES_OR_NO, is_seldom=True)


def _as_sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}"
