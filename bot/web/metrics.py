"""GET /metrics for Prometheus: what waits, how runs went, and how long things took. It names nobody."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from bot.context import Context
from bot.domain.models import RunState
from bot.domain.retention import DAY
from bot.store.deliveries import DeliveryState
from bot.store.history import Course

WINDOW = 30 * DAY
"""Figures about runs are about those that were asked for since then."""
BUCKETS = (1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600)
"""Seconds."""
REASON = re.compile(r"^[a-z][a-z0-9_]{0,39}\Z")
MOST_REASONS = 40
OTHER = "other"


class Figures(Collector):
    """Made of the rows anew each time, so that several processes tell the same."""

    def __init__(self, ctx: Context, *, hub_is_well: bool | None) -> None:
        self._ctx = ctx
        self._hub_is_well = hub_is_well

    def collect(self) -> Iterator[Metric]:
        ctx = self._ctx
        courses = ctx.history.courses(ctx.clock() - WINDOW)
        waiting = {
            state.value: ctx.deliveries.count(state) for state in (DeliveryState.NEW, DeliveryState.PARKED)
        }
        yield _gauge("deliveries", "Deliveries waiting or parked", "state", waiting)
        opened = Counter(each.state.value for each in courses if not each.state.is_final)
        yield _gauge("open_runs", "Runs that are not over", "state", opened)
        yield _ended(courses)
        yield _times("start_seconds", "From asking to the Job's start", _starts(courses))
        yield _times("run_seconds", "From the Job's start to the end", _lengths(courses))
        yield _gauge("up", "Whether what it depends on answers", "dependency", self._up())
        paused = {"pause": ctx.preferences.switch("pause") is not None}
        yield _gauge("switch", "What the operator has turned on", "name", paused)

    def _up(self) -> dict[str, int]:
        """Without what was not asked yet, or is not used."""
        asked = {"hub": self._hub_is_well, "discord": self._ctx.discord.is_there}
        return {name: int(is_well) for name, is_well in asked.items() if is_well is not None}


def exposition(ctx: Context, *, hub_is_well: bool | None) -> bytes:
    registry = CollectorRegistry()
    registry.register(Figures(ctx, hub_is_well=hub_is_well))
    return generate_latest(registry)


def _gauge(name: str, words: str, label: str, values: Mapping[str, int]) -> Metric:
    family = GaugeMetricFamily(f"space_factory_{name}", words, labels=[label])
    for value, number in values.items():
        family.add_metric([value], number)
    return family


def _ended(courses: Iterable[Course]) -> Metric:
    words = "Runs of the last 30 days that are over, by the worker's verdict or kind of failure"
    family = GaugeMetricFamily("space_factory_runs", words, labels=["kind", "state", "reason"])
    ended = Counter((each.kind, each.state, reason_of(each)) for each in courses if each.state.is_final)
    rare: Counter[tuple[str, RunState]] = Counter()
    for number, ((kind, state, reason), count) in enumerate(ended.most_common()):
        if number < MOST_REASONS:
            family.add_metric([kind, state, reason], count)
        else:
            rare[kind, state] += count
    for (rare_kind, end), count in rare.items():
        family.add_metric([rare_kind, end, OTHER], count)
    return family


def reason_of(course: Course) -> str:
    """A worker is its requester's: what it says is a word here, or nothing."""
    return course.reason if REASON.match(course.reason) else ""


def _times(name: str, words: str, times: Sequence[tuple[str, float]]) -> Metric:
    family = HistogramMetricFamily(f"space_factory_{name}", words, labels=["kind"])
    for kind in sorted({kind for kind, _ in times}):
        mine = [seconds for each, seconds in times if each == kind]
        buckets = [(str(float(most)), sum(seconds <= most for seconds in mine)) for most in BUCKETS]
        family.add_metric([kind], [*buckets, ("+Inf", len(mine))], sum(mine))
    return family


def _starts(courses: Iterable[Course]) -> list[tuple[str, float]]:
    return [(each.kind, each.launched_at - each.created_at) for each in courses if each.launched_at]


def _lengths(courses: Iterable[Course]) -> list[tuple[str, float]]:
    return [
        (each.kind, each.ended_at - each.launched_at)
        for each in courses
        if each.launched_at and each.ended_at
    ]
