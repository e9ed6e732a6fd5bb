"""The list of runs: filtered by an address that can be shared, and page by page."""

from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, field_validator

from bot.context import Context
from bot.domain.discretion import may_see
from bot.domain.models import Run, RunState
from bot.domain.people import Person
from bot.domain.retention import DAY
from bot.store.history import OPEN, Search
from bot.web.browser import Ctx, Visitor
from bot.web.render import page

EACH_PAGE = 25
LONGEST = 100
STATES = (OPEN, *(state.value for state in RunState if state.is_final))
OWN = "own"

router = APIRouter(include_in_schema=False)


class Filters(BaseModel):
    """What can't be read of an address filters nothing: nobody meets an error over a list."""

    state: str = ""
    model: str = ""
    since: str = ""
    until: str = ""
    whose: str = ""

    @field_validator("state", "whose")
    @classmethod
    def _known(cls, value: str) -> str:
        return value if value in {*STATES, OWN} else ""

    @field_validator("model")
    @classmethod
    def _bounded(cls, value: str) -> str:
        return value.strip()[:LONGEST]

    @field_validator("since", "until")
    @classmethod
    def _a_day(cls, value: str) -> str:
        return value if _day(value) is not None else ""

    def address(self, **more: str) -> str:
        return f"/runs?{urlencode(self.model_dump(exclude_defaults=True) | more)}"


class Asked(Filters):
    before: str = ""
    """Only runs older than this one."""


@router.get("/runs")
def runs(request: Request, ctx: Ctx, visitor: Visitor, asked: Annotated[Asked, Query()]) -> Response:
    filters = Filters.model_validate(asked.model_dump(exclude={"before"}))
    search = _search(filters, _seen(asked.before, ctx, visitor), visitor)
    found = ctx.history.find(search, EACH_PAGE + 1)
    has_older = len(found) > EACH_PAGE
    values = {
        "runs": found[:EACH_PAGE],
        "filters": filters,
        "is_filtered": bool(filters.model_dump(exclude_defaults=True)),
        "states": STATES,
        "newest": filters.address() if search.older_than else None,
        "older": filters.address(before=found[EACH_PAGE - 1].id) if has_older else None,
    }
    return page(request, "runs.html", values)


def _search(filters: Filters, last: Run | None, visitor: Person | None) -> Search:
    until = _day(filters.until)
    return Search(
        visitor_id=visitor.user_id if visitor else "",
        only_own=filters.whose == OWN and visitor is not None,
        state=filters.state,
        model=filters.model,
        since=_day(filters.since),
        until=None if until is None else until + DAY,
        older_than=last,
    )


def _seen(run_id: str, ctx: Context, visitor: Person | None) -> Run | None:
    """The last run of the page before."""
    run = ctx.runs.get(run_id)
    return run if run and may_see(run, visitor) else None


def _day(text: str) -> float | None:
    """When a day begins, UTC; None for what is no date."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).timestamp()
    except ValueError:
        return None
