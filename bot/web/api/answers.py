"""The shapes of what the API answers, and how they are made of rows. Times are UTC."""

from datetime import UTC, datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from bot.context import Context
from bot.domain import living_message
from bot.domain.events import ApiAsked
from bot.domain.models import ApiRef, Run, RunState, decision_id_for
from bot.domain.snapshot import StepState, snapshot_of
from bot.domain.watching import Watch
from worker.contract import Kind, Phase, Report, Verdict


class Answer(BaseModel):
    """Its docstrings are the descriptions of /api/openapi.json."""

    model_config = ConfigDict(use_attribute_docstrings=True)


class RequestState(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"


class RequestAnswer(Answer):
    """A command that was taken, and what came of it."""

    id: str
    command: str
    state: RequestState
    code: str | None = None
    """`OK`, `I_…` where nothing new was needed, `E_…` where it was refused; none while it waits."""
    sentence: str = ""
    """For people, in Markdown. Empty where a run speaks for itself."""
    run: str | None = None
    """The run that came of it, or that has what was asked for already."""


class PhaseAnswer(Answer):
    phase: Phase
    title: str
    state: StepState
    started_at: datetime | None
    seconds: float | None
    message: str


class RunLinks(Answer):
    page: str
    api: str
    model: str | None
    space: str | None
    job: str | None
    record: str
    connect: str | None
    """Where its requester has to go before it can start."""


class RunAnswer(Answer):
    """A run as it is now."""

    id: str
    kind: Kind
    state: RunState
    is_over: bool
    sentence: str
    """How it is, for people, in Markdown."""
    requester: str
    model: str | None
    revision: str | None
    target_space: str
    space: str | None
    """The Space that came of it."""
    verdict: Verdict | None
    problem: str | None
    """Why it could not run, or what it waits for."""
    asked_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    cost_usd: float | None
    """Of its Job so far; none where no Job ran or its price is not known."""
    phases: list[PhaseAnswer]
    report: Report | None
    """The worker's own, once it has ended: reason, weights, probes, evidence."""
    links: RunLinks


class WatchAnswer(Answer):
    model: str
    since: datetime
    paused: str | None
    """Why it does nothing at the moment."""


def request_answer(event: ApiAsked, ctx: Context) -> RequestAnswer:
    """As it stands now; if it waited for its author to allow more, what came of it then."""
    while ctx.deliveries.is_known((later := event.model_copy(update={"again": event.again + 1})).key):
        event = later
    decision = ctx.decisions.get(decision_id_for(event.key))
    if decision is None:
        return RequestAnswer(id=event.request_id, command=event.words[0], state=RequestState.WAITING)
    state = RequestState.REFUSED if decision.code.startswith("E_") else RequestState.DONE
    return RequestAnswer(
        id=event.request_id,
        command=event.words[0],
        state=state,
        code=decision.code,
        sentence=decision.sentence,
        run=decision.run_id,
    )


def run_answer(run: Run, ctx: Context) -> RunAnswer:
    view = snapshot_of(run, ctx.run_events.of(run.id))
    report = run.report
    return RunAnswer(
        id=run.id,
        kind=run.kind,
        state=run.state,
        is_over=run.state.is_final,
        sentence=living_message.status(view, ctx.links, ApiRef(user_id=run.requester.id)),
        requester=run.requester.name,
        model=run.model_id or None,
        revision=run.sha,
        target_space=run.target_space,
        space=report.space_id if report else None,
        verdict=report.verdict if report else None,
        problem=run.problem,
        asked_at=_moment(run.created_at),
        started_at=_moment(run.launched_at) if run.launched_at else None,
        ended_at=_moment(run.ended_at) if run.ended_at else None,
        cost_usd=run.cost(ctx.clock()),
        phases=[PhaseAnswer.model_validate(step, from_attributes=True) for step in view.steps],
        report=report,
        links=_links(run, ctx),
    )


def watch_answer(watch: Watch) -> WatchAnswer:
    return WatchAnswer(model=watch.model_id, since=_moment(watch.since), paused=watch.paused)


def _links(run: Run, ctx: Context) -> RunLinks:
    links, report = ctx.links, run.report
    waits = run.state is RunState.WAITING_FOR_SIGN_IN
    return RunLinks(
        page=links.run(run.id),
        api=f"{links.bot}/api/runs/{run.id}",
        model=links.model(run.model_id) if run.model_id else None,
        space=links.space(report.space_id) if report and report.space_id else None,
        job=links.job(run),
        record=links.record(run),
        connect=links.connect(run.id, run.needs) if waits else None,
    )


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
