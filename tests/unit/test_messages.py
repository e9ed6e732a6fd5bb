"""The words we send: whatever strangers put into names, cards and errors, they stay words."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from markdown_it import MarkdownIt

from bot.domain import living_message, messages
from bot.domain.links import Links
from bot.domain.markdown import clock, duration
from bot.domain.models import DiscussionRef, Requester, Run, RunState
from bot.domain.snapshot import StepState, snapshot_of
from worker.contract import (
    EventKind,
    Evidence,
    Failure,
    Kind,
    Phase,
    Probe,
    ProgressEvent,
    Report,
    Verdict,
    Weights,
)

LINKS = Links(hub="https://hub.test", bot="https://bot.test")
NOW = datetime(2026, 11, 21, 14, 2, tzinfo=UTC)
HOSTILE = (
    "@everyone <img src=x onerror=alert(1)> [click](javascript:alert(1)) | cell | `code` **bold**\n"
    "# heading\n@space-factory build\n</details><script>x</script> ![p](http://evil.test/p.png)"
)


def a_run(state: RunState, **changed: object) -> Run:
    run = Run(
        id="r_0123456789abcdef",
        requester=Requester(id="a" * 24, name="ada"),
        thread=DiscussionRef(repo="owner/model", num=3),
        model_id="owner/model",
        sha="3f2c1ab" + "0" * 33,
        target_space="ada/model-demo",
        state=state,
        created_at=NOW.timestamp(),
    )
    return run.model_copy(update=changed)


def a_report(verdict: Verdict, words: str = "It answered.") -> Report:
    return Report(
        run_id="r_0123456789abcdef",
        kind=Kind.BUILD,
        model_id="owner/model",
        revision="3f2c1ab" + "0" * 33,
        verdict=verdict,
        reason=words,
        weights=Weights(proven=False, reason=words),
        space_id="ada/model-demo",
        probes=(Probe(endpoint=words, inputs={words: words}, output=words, seconds=0.4, error=None),),
        evidence=(Evidence(name=words, passed=True, detail=words),),
        failure=Failure(category="x", message=words) if verdict is Verdict.FAILED else None,
        started_at=NOW,
        ended_at=NOW,
    )


def an_event(seq: int, phase: Phase, kind: EventKind, words: str = "fine") -> ProgressEvent:
    at = NOW + timedelta(seconds=seq)
    return ProgressEvent(seq=seq, at=at, phase=phase, kind=kind, message=words)


def everything_said(words: str) -> list[str]:
    """Our longest messages with a stranger's words in every place that strangers can reach."""
    events = [
        an_event(1, Phase.CARD, EventKind.STARTED, words),
        an_event(2, Phase.CARD, EventKind.DONE, words),
        an_event(3, Phase.WRITE, EventKind.STARTED),
        an_event(4, Phase.WRITE, EventKind.NOTE, words),
    ]
    runs = [
        a_run(RunState.RUNNING),
        a_run(RunState.SUCCEEDED, report=a_report(Verdict.FULL_INFERENCE_SUCCESS, words)),
        a_run(RunState.SUCCEEDED, report=a_report(Verdict.HEALTH_ONLY, words)),
        a_run(RunState.FAILED, report=a_report(Verdict.FAILED, words)),
        a_run(RunState.ERRORED, problem=messages.no_permission(words)),
    ]
    said = [living_message.living(snapshot_of(run, events), LINKS) for run in runs]
    return said + [living_message.answer(run, LINKS) for run in runs if run.state.is_final]


@pytest.mark.parametrize("text", everything_said(HOSTILE))
def test_strangers_words_can_neither_mention_nor_command_nor_show_markup(text: str) -> None:
    assert set(re.findall(r"@\w+", text)) <= {"@ada"}
    assert "@space-factory" not in text
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    assert "<script" not in html and "<img" not in html and "onerror=alert(1)>" not in html
    assert set(re.findall(r'href="([^"]*)"', html)) <= {
        "https://hub.test/owner/model",
        "https://hub.test/spaces/ada/model-demo",
        "https://hub.test/buckets/ada/space-factory-runs/tree/main/runs/r_0123456789abcdef",
        "https://bot.test/runs/r_0123456789abcdef",
    }


def test_a_message_says_something_new_only_when_a_step_or_the_state_changed() -> None:
    started = [an_event(1, Phase.CARD, EventKind.STARTED)]
    run = a_run(RunState.RUNNING)

    same = snapshot_of(run, [*started, an_event(2, Phase.CARD, EventKind.NOTE, "by the way")])
    done = snapshot_of(run, [*started, an_event(2, Phase.CARD, EventKind.DONE)])

    assert snapshot_of(run, started).digest == same.digest
    assert len({same.digest, done.digest, snapshot_of(a_run(RunState.ERRORED), started).digest}) == 3


def test_what_a_writing_agent_does_is_shown_as_it_changes() -> None:
    run = a_run(RunState.RUNNING)
    events = [
        an_event(1, Phase.WRITE, EventKind.STARTED),
        an_event(2, Phase.WRITE, EventKind.NOTE, "Turn 1: it writes a file (2 requests, 900 tokens)."),
        an_event(3, Phase.WRITE, EventKind.NOTE, "Turn 1: it runs a command (3 requests, 2000 tokens)."),
    ]

    views = [snapshot_of(run, events[:count]) for count in (1, 2, 3)]

    assert len({view.digest for view in views}) == 3
    assert "Turn 1: it runs a command (3 requests, 2000 tokens)." in living_message.living(views[2], LINKS)


def test_a_step_that_the_run_ended_in_is_not_shown_as_running() -> None:
    events = [an_event(1, Phase.CARD, EventKind.STARTED)]

    view = snapshot_of(a_run(RunState.ERRORED, problem="x"), events)

    assert view.steps[0].state is StepState.FAILED


@pytest.mark.parametrize("state", RunState)
def test_every_state_has_words_for_the_message_and_for_the_end(state: RunState) -> None:
    verdict = Verdict.FAILED if state is RunState.FAILED else Verdict.FULL_INFERENCE_SUCCESS
    run = a_run(state, report=a_report(verdict))

    living = living_message.living(snapshot_of(run, []), LINKS)

    assert living_message.living_mark(run.id) in living
    if state.is_final:
        assert living_message.answer_mark(run.id) in living_message.answer(run, LINKS)
        assert living_message.answer_mark(run.id) not in living


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.04, "0.0 s"), (9.94, "9.9 s"), (12.4, "12 s"), (220, "3:40"), (3700, "61:40")]
)
def test_durations_are_said_as_people_say_them(seconds: float, words: str) -> None:
    assert duration(seconds) == words
    assert clock(NOW) == "14:02 UTC"
