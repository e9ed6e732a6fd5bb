"""How the factory is: what waits, how long things take, how they end, and whether the Hub answers."""

import threading

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.context import Context
from bot.domain.figures import shares, spread
from bot.domain.models import RunState
from bot.domain.retention import DAY
from bot.store.deliveries import DeliveryState
from bot.store.history import Course
from bot.web.browser import Ctx
from bot.web.metrics import reason_of
from bot.web.render import page
from handlers.ping import hub_is_well
from worker.contract import Kind

DAYS = 30
FRESH_SECONDS = 60.0
ANSWERS = {True: "answers", False: "does not answer", None: "not asked yet"}

router = APIRouter(include_in_schema=False)


class HubHealth:
    """Whether the Hub answers us, asked once a minute whoever looks at the page."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._lock = threading.Lock()
        self._at = float("-inf")
        self._is_well = False

    def is_well(self) -> bool:
        with self._lock:
            self._look()
            return self._is_well

    def known(self) -> bool | None:
        """As it was last; None before anybody has asked."""
        return self._is_well if self._at > float("-inf") else None

    def refresh(self) -> None:
        """Ask again if that is due, unless somebody does."""
        if self._lock.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._lock.release()

    def _look(self) -> None:
        if self._ctx.clock() - self._at > FRESH_SECONDS:
            self._is_well, self._at = hub_is_well(self._ctx), self._ctx.clock()


@router.get("/status")
def status(request: Request, ctx: Ctx) -> Response:
    courses = ctx.history.courses(ctx.clock() - DAYS * DAY)
    ended = [each for each in courses if each.state.is_final]
    health: HubHealth = request.app.state.hub_health
    values = {
        "days": DAYS,
        "hub_is_well": health.is_well(),
        "dependencies": dependencies(ctx, is_hub_well=health.known()),
        "pause": ctx.preferences.switch("pause"),
        "up": ctx.clock() - ctx.started_at,
        "queue": _queue(ctx, courses),
        "spreads": _spreads(courses),
        "ends": shares(each.state.value for each in ended),
        "reasons": shares(reason_of(each) or each.state.value for each in ended),
    }
    return page(request, "status.html", values)


def dependencies(ctx: Context, *, is_hub_well: bool | None) -> dict[str, str]:
    """How each thing is that we depend on, in words. Whoever has got so far has a database."""
    discord = ctx.discord.is_there
    return {
        "database": ANSWERS[True],
        "hub": ANSWERS[is_hub_well],
        "discord": "off" if discord is None else ANSWERS[discord],
    }


def _queue(ctx: Context, courses: list[Course]) -> list[tuple[str, int]]:
    count = {state: sum(each.state is state for each in courses) for state in RunState}
    return [
        ("Jobs running", count[RunState.RUNNING]),
        ("Runs about to start", count[RunState.QUEUED] + count[RunState.LAUNCHING]),
        ("Runs that wait for a sign-in", count[RunState.WAITING_FOR_SIGN_IN]),
        ("Deliveries waiting", ctx.deliveries.count(DeliveryState.NEW)),
        ("Deliveries parked for a person", ctx.deliveries.count(DeliveryState.PARKED)),
    ]


def _spreads(courses: list[Course]) -> list[tuple[str, object]]:
    """How long what took, a wait for a sign-in included."""
    found = [("Waiting, from the request to the launch of its Job", _waits(courses))]
    for kind in Kind:
        well = [each for each in courses if each.kind is kind and each.state is RunState.SUCCEEDED]
        found.append((f"A {kind} that succeeded, from the launch of its Job", _lengths(well)))
        found.append((f"A {kind} that succeeded, from the request", _whole(well)))
    return [(words, measured) for words, times in found if (measured := spread(times))]


def _waits(courses: list[Course]) -> list[float]:
    return [each.launched_at - each.created_at for each in courses if each.launched_at]


def _lengths(courses: list[Course]) -> list[float]:
    return [each.ended_at - each.launched_at for each in courses if each.launched_at and each.ended_at]


def _whole(courses: list[Course]) -> list[float]:
    return [each.ended_at - each.created_at for each in courses if each.launched_at and each.ended_at]
