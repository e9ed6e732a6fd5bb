"""A plan where no blueprint fits: the nearest one as a start, and what the model needs all the same.

The blueprint only says where the agent begins and how the app is called; the app need not resemble it.
"""

from collections.abc import Mapping

from pydantic import JsonValue

from worker.blueprints import Blueprint
from worker.card import Card
from worker.contract import AnswerType
from worker.errors import Blocked, Blocker
from worker.estimate import Estimate
from worker.hardware import Choice, Obstacle, Wishes, choose
from worker.hardware_offers import Offer
from worker.loader import loader_of
from worker.memory import estimate, family_of
from worker.plan import Plan, examples_of, settings_of
from worker.selection import closest, gaps, weights_of

LONGEST_REASON = 400


def plan_from_nearest(
    card: Card,
    blueprints: tuple[Blueprint, ...],
    offers: tuple[Offer, ...],
    wishes: Wishes,
    *,
    types: Mapping[str, str] | None = None,
) -> Plan:
    """Raises Blocked where there is nothing to load, or no hardware that would do."""
    near = closest(card, blueprints)
    loader, _ = loader_of(card)
    needs = estimate(card, loader, family_of(card.pipeline_tag), types=types)
    if near is None or not needs.files:
        message = f"{card.model_id} has no weights that could be found, so there is nothing to show."
        raise Blocked(Blocker(code="missing_weights", message=message, tried="Its list of files was read."))
    choice = choose(needs, offers, wishes)
    if choice.obstacle not in {None, Obstacle.NOT_ALLOWED}:
        raise Blocked(Blocker(code=str(choice.obstacle), message=choice.reason, tried=_refused(choice)))
    same_task = card.pipeline_tag in near.pipeline_tags
    start = near if same_task else near.model_copy(update={"answer": AnswerType.ANY})
    return Plan(
        blueprint=start,
        reason=_reason(near, card),
        settings=_settings(card, near, needs, choice),
        examples=examples_of(card, near.content),
        mounted=card.gated or card.private,
        estimate=needs,
        choice=choice,
        to_be_written=True,
    )


def _settings(card: Card, near: Blueprint, needs: Estimate, choice: Choice) -> dict[str, JsonValue]:
    """What the nearest app reads, as far as this model has it."""
    if weights_of(near, card.files):
        return settings_of(card, near, needs, choice)
    settings: dict[str, JsonValue] = {"weights": next(iter(needs.files))}
    if near.gpu:
        settings["duration"] = near.duration
    return settings


def _reason(near: Blueprint, card: Card) -> str:
    lacks = "; ".join(gaps(near, card)) or "the card asks for more than it shows"
    return f"No blueprint fits; the nearest is {near.name}, but {lacks}."[:LONGEST_REASON]


def _refused(choice: Choice) -> str:
    return "; ".join(f"{each.flavor}: {each.reason}" for each in choice.refusals) or "No hardware is offered."
