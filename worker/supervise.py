"""Carries one build to an end: its own, the budget's, or a signal's. The record is complete in every case.

The road runs in a thread of its own, because a call that hangs cannot be interrupted: it is left behind, its
journal is closed, and the process ends.
"""

import signal
import threading
from contextlib import suppress
from dataclasses import replace
from enum import StrEnum
from queue import Empty, SimpleQueue
from types import FrameType

from worker.build import Build
from worker.contract import EventKind, Failure, Report
from worker.hub import Hub
from worker.journal import Journal, RunIsOver
from worker.pipeline import end_with, run_build
from worker.record import write_record
from worker.space_logs import read_logs
from worker.validate.gate import decide

RESERVE = 20.0
"""Seconds of a large budget kept for the record; a small one keeps a fifth."""


class Ending(StrEnum):
    ROAD = "road"
    SIGNAL = "signal"
    OUT_OF_TIME = "out_of_time"


def supervise(build: Build) -> tuple[Report, Ending]:
    """Run the build within its budget. Must be called in the main thread, which gets the signals."""
    # SimpleQueue, because its put may be called from a signal handler at any moment.
    endings: SimpleQueue[Ending] = SimpleQueue()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        endings.put(Ending.SIGNAL)

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    threading.Thread(target=_walk, args=(build, endings), name="road", daemon=True).start()
    ending = _first(endings, _seconds_for_the_road(build.spec.budget_seconds))
    return _finish(build, ending), ending


def _walk(build: Build, endings: SimpleQueue[Ending]) -> None:
    try:
        run_build(build)
    except RunIsOver:
        pass  # this thread was left behind
    except Exception as error:  # a record without a reason would be worse
        with suppress(RunIsOver):
            end_with(build, build.journal.current, error)
    finally:
        endings.put(Ending.ROAD)


def _first(endings: "SimpleQueue[Ending]", within: float) -> Ending:
    try:
        return endings.get(timeout=within)
    except Empty:
        return Ending.OUT_OF_TIME


def _seconds_for_the_road(budget: int) -> float:
    return budget - min(RESERVE, budget / 5)


def _finish(build: Build, ending: Ending) -> Report:
    if ending is not Ending.ROAD:
        # The thread that is left behind may go on for a while: it keeps the original, and cannot write.
        build.journal.take_over()
        build = replace(build)
        _interrupt(build, ending)
    decision = decide(build.findings())
    build.journal.verdict_is(decision.verdict)
    report = build.report(decision)
    write_record(build, report)
    _say_how_it_ended(build.journal, report)
    build.journal.close()
    return report


def _say_how_it_ended(journal: Journal, report: Report) -> None:
    """For whoever reads the Job's log; its last line has all of it for the bot."""
    journal.log("end", "verdict", f"{report.verdict}: {report.reason}")
    if report.space_url:
        proven = "proven" if report.weights.proven else "not proven"
        journal.log("end", "weights", f"{proven}: {report.weights.reason}")
        journal.log("end", "space", report.space_url)


def _interrupt(build: Build, ending: Ending) -> None:
    """Say why the road was left, and keep the Space's logs where there is time to fetch them."""
    phase = build.journal.current
    match ending:
        case Ending.SIGNAL:
            failure = Failure(category="cancelled", message=f"The Job was ended in the phase {phase}.")
        case _:
            message = f"The budget of {build.spec.budget_seconds} s was used up in the phase {phase}."
            failure = Failure(category="out_of_time", message=message)
    build.failure = failure
    build.journal.ended(phase, EventKind.FAILED, failure.message)
    if ending is Ending.OUT_OF_TIME and build.commit and build.space:
        build.logs = read_logs(Hub(build.token), build.space.id)
