"""What `make demo` prints: line by line into a pipe, redrawn on a terminal, and how it ended in both."""

import io
from datetime import timedelta

from rich.console import Console

from bot.demo.screen import Screen
from bot.domain.living_message import living
from bot.domain.models import Run, RunState, Wishes
from bot.domain.snapshot import snapshot_of
from tests.harness.waiting import wait_until
from tests.unit.test_messages import LINKS, NOW, a_run
from worker.contract import (
    EventKind,
    Kind,
    Phase,
    PhaseTimes,
    ProgressEvent,
    Report,
    Verdict,
    Weights,
)

PLAN = "Blueprint text-classification-onnx. The task is text-classification, and its weights are in ONNX."


def screen(*, terminal: bool) -> tuple[Screen, io.StringIO]:
    printed = io.StringIO()
    found = Screen()
    found.console = Console(
        file=printed, force_terminal=terminal, width=80, height=24, highlight=False, color_system=None
    )
    return found, printed


def a_paid_run(**changes: object) -> Run:
    run = a_run(RunState.RUNNING, launched_at=NOW.timestamp(), usd_per_minute=0.0001)
    return run.model_copy(update={"wishes": Wishes(budget=1.0), **changes})


def message(note: str, run: Run | None = None) -> str:
    events = [
        ProgressEvent(seq=1, at=NOW, phase=Phase.PLAN, kind=EventKind.STARTED, message="Choosing."),
        ProgressEvent(seq=2, at=NOW, phase=Phase.PLAN, kind=EventKind.DONE, message=PLAN),
        ProgressEvent(seq=3, at=NOW, phase=Phase.START, kind=EventKind.STARTED, message=note),
    ]
    return living(snapshot_of(run or a_paid_run(heard_at=NOW.timestamp() + 60), events), LINKS)


def a_report(weights: Weights) -> Report:
    return Report(
        run_id="r_1",
        kind=Kind.BUILD,
        model_id="zoo/reviews",
        revision="a" * 40,
        verdict=Verdict.FULL_INFERENCE_SUCCESS,
        reason="The Space was called and answered.",
        weights=weights,
        phases=(PhaseTimes(phase=Phase.START, started_at=NOW, ended_at=NOW + timedelta(seconds=12)),),
        started_at=NOW,
        ended_at=NOW + timedelta(seconds=20),
    )


def test_a_pipe_gets_each_change_once_with_what_the_step_under_way_says() -> None:
    shown, printed = screen(terminal=False)

    with shown.live():
        for note in ("The Space is BUILDING.", "The Space is BUILDING.", "The Space is RUNNING."):
            shown.show_message(message(note))

    lines = printed.getvalue().splitlines()
    assert [line.rpartition(" · ")[2] for line in lines] == [
        "The Space is BUILDING.",
        "The Space is RUNNING.",
    ]
    assert all("step 5 of 6: start" in line and "\\" not in line for line in lines)


def test_a_small_terminal_has_room_for_the_whole_message_with_a_line_for_each_step() -> None:
    shown, printed = screen(terminal=True)
    for number in range(6):
        shown.act(f"act {number}")
    shown.show_message(message("The Space is BUILDING."))

    with shown.live():
        wait_until(lambda: "I edit this message" in printed.getvalue(), "the first frame")
        frame = printed.getvalue()

    assert "Blueprint text" in frame
    assert "in ONNX" not in frame
    assert "BUILDING" in frame
    assert "I edit this message" in frame
    assert frame.rstrip().splitlines()[-1].strip() != "..."
    assert len(frame.splitlines()) <= 24


def test_at_its_end_a_terminal_keeps_the_acts_only() -> None:
    shown, printed = screen(terminal=True)
    shown.act("alice wrote")
    shown.show_message(message("The Space is BUILDING."))

    with shown.live():
        before = len(printed.getvalue())

    left = printed.getvalue()[before:]
    assert "alice wrote" in left
    assert "living message" not in left


def test_the_end_names_the_verdict_the_proof_the_cost_and_the_time() -> None:
    ended = {"state": RunState.CANCELLED, "ended_at": NOW.timestamp() + 600}
    proven = Weights(proven=True, reason="Beside the model itself, other weights changed the answer.")
    for terminal in (True, False):
        shown, printed = screen(terminal=terminal)

        shown.outcome(a_report(proven), message("", a_paid_run(**ended)))

        lines = [line.strip() for line in printed.getvalue().splitlines() if line.strip()]
        assert lines == [
            "✅       full_inference_success",
            "The Space was called and answered.",
            "weights  proven: Beside the model itself, other weights changed the answer.",
            "cost     $0.001 of at most $1.00",
            "took     20 s: start 12 s",
        ]


def test_a_cost_too_small_to_show_is_not_shown_as_nothing() -> None:
    shown, printed = screen(terminal=False)
    ended = a_paid_run(state=RunState.CANCELLED, ended_at=NOW.timestamp() + 60)

    shown.outcome(a_report(Weights(proven=False, reason="No twin could be made.")), message("", ended))

    assert "cost     under $0.001 of at most $1.00" in printed.getvalue()
    assert "weights  not proven: No twin could be made." in printed.getvalue()
