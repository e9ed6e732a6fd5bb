"""The living message and the final answer of a run, in every state it can be in, as Markdown.

Words of others (card texts, error lines) go through `quoted` or `inline`, so that they can neither mention
someone nor break out.
"""

import re
from collections.abc import Sequence

from bot.domain import messages, messages_account
from bot.domain.answers import in_words
from bot.domain.discretion import as_told_in, is_discreet, veiled
from bot.domain.links import Links
from bot.domain.markdown import clock, duration, inline, quoted
from bot.domain.models import Run, RunState, ThreadRef
from bot.domain.money import in_dollars
from bot.domain.snapshot import Snapshot, StepState, StepView
from worker.contract import Kind, Phase, Probe, Report, Verdict

ANSWER_MARK = "final answer"
LIVING = re.compile(r"Run `(r_[0-9a-f]{16})` · I edit this message")
ANSWERED = re.compile(rf"Run `(r_[0-9a-f]{{16}})` · {ANSWER_MARK}")


def living(snapshot: Snapshot, links: Links, ends_at: float | None = None) -> str:
    """The one message that changes in place, in every state of the run. `ends_at` is when the requester's
    connection ends, if that is soon."""
    told = as_told_in(snapshot.run.thread, snapshot)
    warned = ends_at and told.run.state is not RunState.WAITING_FOR_SIGN_IN
    note = ["", messages_account.ends_soon(ends_at, links)] if ends_at and warned else []
    lines = [_headline(told, links), "", *_body(told, links), *note, "", _living_footer(told.run, links)]
    return "\n".join(lines)


def answer(run: Run, links: Links, newer: str | None = None) -> str:
    """The short new message at the end, so that the requester is notified. `newer` is the model's commit by
    now, where it is another one."""
    told = veiled(run) if is_discreet(run, run.thread) else run
    verdict_line = _ready(told, links) if run.state is RunState.SUCCEEDED else _not_ready(told, links)
    changed = f"\n\n{messages.changed_meanwhile(run.kind, run.sha or '', newer)}" if newer else ""
    return f"{verdict_line} @{run.requester.name}{changed}\n\n<sub>{_cost(run)}{answer_mark(run.id)}</sub>"


def living_mark(run_id: str) -> str:
    """What a living message carries and no other message does."""
    return f"Run `{run_id}` · I edit this message"


def answer_mark(run_id: str) -> str:
    return f"Run `{run_id}` · {ANSWER_MARK}"


def runs_spoken_of(said: Sequence[tuple[str, str]]) -> tuple[dict[str, str], set[str]]:
    """Out of ids and texts of messages of ours: the living messages by their run, and the runs that have
    their final answer."""
    living = {found[1]: message_id for message_id, text in said if (found := LIVING.search(text))}
    return living, {found[1] for _, text in said if (found := ANSWERED.search(text))}


def status(snapshot: Snapshot, links: Links, place: ThreadRef) -> str:
    """The first line of the living message, for who asks in that place how it goes."""
    line = _headline(as_told_in(place, snapshot), links)
    page = links.run(snapshot.run.id)
    return line if page in line else f"{line} · [run page]({page})"


def _headline(snapshot: Snapshot, links: Links) -> str:
    run = snapshot.run
    doing = f"{_doing(run)} {_subject(run, links)}"
    match run.state:
        case RunState.WAITING_FOR_SIGN_IN:
            what = f"{_wish(run)} {_subject(run, links)}"
            first = "One more permission" if run.needs else "Connect your account"
            return f"🔗 **{first} to {what}**, asked by {run.requester.name}"
        case RunState.QUEUED | RunState.LAUNCHING:
            return f"⏳ **{doing}**, asked by {run.requester.name} · starting the Job"
        case RunState.RUNNING:
            return f"⏳ **{doing}**, asked by {run.requester.name} · {_where(snapshot)}"
        case RunState.SUCCEEDED:
            return _ready(run, links)
        case _:
            return _not_ready(run, links)


def _doing(run: Run) -> str:
    match run.kind:
        case Kind.PLAN:
            return "Planning a Space for"
        case Kind.VALIDATE:
            return "Calling and judging the Space"
        case Kind.HELLO:
            return "Checking the account of"
        case _:
            return "Rebuilding the Space for" if run.rebuild_of else "Building a Space for"


def _wish(run: Run) -> str:
    match run.kind:
        case Kind.PLAN:
            return "plan a Space for"
        case Kind.VALIDATE:
            return "have its answers judged:"
        case Kind.HELLO:
            return "have it checked:"
        case _:
            return "rebuild the Space for" if run.rebuild_of else "build a Space for"


def _subject(run: Run, links: Links) -> str:
    match run.kind:
        case Kind.VALIDATE if run.target_space:
            return f"[{inline(run.target_space)}]({links.space(run.target_space)})"
        case Kind.HELLO:
            return inline(run.requester.name)
        case kind if not run.model_id:
            what = "Space" if kind is Kind.VALIDATE else "model"
            return (
                f"the {what} you named" if run.state is RunState.WAITING_FOR_SIGN_IN else f"a private {what}"
            )
        case _ if run.app:
            return inline(run.model_id)
        case _:
            return f"[{inline(run.model_id)}]({links.model(run.model_id)})"


def _where(snapshot: Snapshot) -> str:
    current = snapshot.current
    if current is None:
        return "the Job is starting"
    number = list(snapshot.steps).index(current) + 1
    return f"step {number} of {len(snapshot.steps)}: {current.title.lower()}"


def _body(snapshot: Snapshot, links: Links) -> list[str]:
    run = snapshot.run
    if run.state is RunState.WAITING_FOR_SIGN_IN:
        return [_what_it_waits_for(run, links)]
    lines = _step_table(snapshot)
    if run.report and (run.model_id or run.target_space):
        lines += ["", *_details(run, run.report)]
    return lines


def _what_it_waits_for(run: Run, links: Links) -> str:
    """The link is the requester's own; the build starts by itself after it."""
    gated = "This model is gated. " if "gated-repos" in run.needs else ""
    why = f"{gated}I need to {messages_account.in_short(run.needs)} for it. " if run.needs else ""
    ended = f"{run.problem} " if run.problem else ""
    verb = "Allow it" if run.needs else "Connect again" if run.problem else "Connect"
    return (
        f"{ended}{why}**[{verb}]({links.connect(run.id, run.needs)})** as `{run.requester.name}`; the link "
        "is yours alone, and the build then starts by itself. It runs as a Job in your account, which you "
        "pay Hugging Face for: about $0.01 for a small model, and never more than "
        f"{in_dollars(run.wishes.budget or 0)}."
    )


def _step_table(snapshot: Snapshot) -> list[str]:
    if snapshot.current is None:
        return []
    rows = [f"| {step.title} | {_step_words(step)} | {_step_time(step)} |" for step in snapshot.steps]
    return ["| Step | State | Time |", "|---|---|---|", *rows]


def _step_words(step: StepView) -> str:
    match step.state:
        case StepState.WAITING:
            return "waiting"
        case StepState.RUNNING:
            return f"running{': ' + quoted(step.message) if step.message else ''}"
        case StepState.DONE:
            return f"done{': ' + quoted(step.message) if step.message else ''}"
        case StepState.FAILED:
            return f"failed{': ' + quoted(step.message) if step.message else ''}"


def _step_time(step: StepView) -> str:
    if step.seconds is not None:
        return duration(step.seconds)
    if step.state is StepState.RUNNING and step.started_at:
        return f"since {clock(step.started_at)}"
    return ""


def _ready(run: Run, links: Links) -> str:
    report = run.report
    assert report is not None
    if run.kind is Kind.PLAN:
        plan = quoted(_planned(report)) or f"It is on the [run page]({links.run(run.id)})."
        return f"📋 **Plan for {_subject(run, links)}:** {plan} Nothing was built."
    return (
        f"✅ **Your account is ready:** {quoted(report.reason)}"
        if run.kind is Kind.HELLO
        else _built(run, report, links)
    )


def _built(run: Run, report: Report, links: Links) -> str:
    space = report.space_id or run.target_space
    page = f"the Space ([run page]({links.run(run.id)}))"
    link = f"**[{inline(space)}]({links.space(space)})**" if space else page
    match report.verdict:
        case Verdict.FULL_INFERENCE_SUCCESS:
            if run.kind is Kind.VALIDATE:
                return f"✅ **It works:** {link} has answered {_answered(report)}."
            return f"✅ **Ready:** {link} is private and has answered {_answered(report)}."
        case Verdict.CANDIDATE:
            return f"🟡 **Built, not called yet:** {link} starts and loads the model. {quoted(report.reason)}"
        case Verdict.MANUAL_HARDWARE_REQUIRED:
            return f"🟡 **Built, needs hardware from you:** {link}. {quoted(report.reason)}"
        case _:
            return f"🟡 **Starts, but no answer was checked:** {link}. {quoted(report.reason)}"


def _planned(report: Report) -> str:
    """What was decided, in the words of the phase that decided it."""
    words = [each.message for each in report.phases if each.phase is Phase.PLAN]
    return words[-1] if words and words[-1] else report.reason


def _answered(report: Report) -> str:
    times = [probe.seconds for probe in report.probes if probe.error is None]
    calls = "1 call" if len(times) == 1 else f"{len(times)} calls"
    return f"{calls}, the first in {duration(times[0])}" if times else "its calls"


def _not_ready(run: Run, links: Links) -> str:
    page = f"[What happened]({links.run(run.id)})"
    problem = run.problem.rstrip(".") if run.problem else None
    match run.state:
        case RunState.FAILED if run.report:
            failure = run.report.failure
            reason = quoted(failure.message if failure else run.report.reason)
            said = f"{_failed_words(run)}:** {reason} ·" if reason else f"{_failed_words(run)}.**"
            return f"❌ **{said} {page}"
        case RunState.CANCELLED:
            by = f" by {inline(run.cancelled_by)}" if run.cancelled_by else ""
            return f"⏹️ **Cancelled{by}.** {problem + '. ' if problem else ''}{page}"
        case RunState.SUPERSEDED:
            return f"⏹️ **Replaced by {run.superseded_by or 'a newer request'}.** {page}"
        case RunState.EXPIRED:
            return f"⌛ **Expired:** {problem or messages.never_signed_in()}. {page}"
        case _:
            return f"💥 **Could not be run:** {problem or messages.our_fault()}. {page}"


def _failed_words(run: Run) -> str:
    assert run.report
    blocked = run.report.verdict is Verdict.TECHNICAL_BLOCKER
    match run.kind:
        case Kind.VALIDATE:
            return "It could not be checked" if blocked else "It does not work"
        case Kind.HELLO:
            return "Your account is not ready"
        case Kind.PLAN:
            return "Can't be built"
        case _:
            word = "Can't be built" if blocked else "Not built"
            kept = ", and your Space stays as it was" if run.rebuild_of else ""
            return f"{word}{kept}"


def _details(run: Run, report: Report) -> list[str]:
    lines = [f"Verdict `{report.verdict}`: {quoted(report.reason)}"]
    if run.kind in {Kind.PLAN, Kind.HELLO}:
        return lines
    weights = "proven" if report.weights.proven else f"not proven ({quoted(report.weights.reason)})"
    lines.append(f"Weights: {weights}")
    if report.probes:
        calls = "\n".join(f"- {_probe(probe)}" for probe in report.probes)
        lines.append(f"<details><summary>What was asked and answered</summary>\n\n{calls}\n\n</details>")
    return ["\n\n".join(lines)]


def _probe(probe: Probe) -> str:
    asked = ", ".join(f"{quoted(key)} = {inline(_short(value))}" for key, value in probe.inputs.items())
    came = f"error: {quoted(probe.error)}" if probe.error else inline(_short(in_words(probe.output)))
    return f"{inline(probe.endpoint)} {asked} → {came} in {duration(probe.seconds)}"


def _living_footer(run: Run, links: Links) -> str:
    version = f"Version `{run.sha[:7]}` · " if run.sha else ""
    cost = _cost(run)
    page = f"[run page]({links.run(run.id)})"
    if run.state.is_final and run.report:
        page += f" · [record]({links.record(run)})"
    promise = "" if run.state.is_final else "; I won't post others until it ends"
    return f"<sub>{version}{cost}{page} · {living_mark(run.id)}{promise}.</sub>"


def _cost(run: Run) -> str:
    """What the Job may cost, and has cost so far; nothing where none ran or its price is not known."""
    spent = run.cost(run.ended_at or run.heard_at or 0)
    if spent is None and run.state in {RunState.QUEUED, RunState.LAUNCHING}:
        return f"at most {in_dollars(run.wishes.budget or 0)} · "
    if spent is None or spent < 0:
        return ""
    words = "cost" if run.ended_at else "cost so far"
    return f"{words} {in_dollars(spent)} of at most {in_dollars(run.wishes.budget or 0)} · "


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 80 else f"{text[:79]}…"
