"""Every sentence the bot says, as functions that return Markdown: what happened, what it means, what next.

Words of others (card texts, error lines) go through `quoted` or `inline`, so that they can neither mention
someone nor break out. The mention that commands start with is never written here: our words must not be
commands.
"""

from bot.domain.answers import in_words
from bot.domain.commands import COMMANDS
from bot.domain.links import Links
from bot.domain.markdown import clock, duration, inline, quoted
from bot.domain.models import Run, RunState
from bot.domain.snapshot import Snapshot, StepState, StepView
from worker.contract import Probe, Report, Verdict

ANSWER_MARK = "final answer"


def living(snapshot: Snapshot, links: Links) -> str:
    """The one message that changes in place, in every state of the run."""
    run = snapshot.run
    lines = [_headline(snapshot, links), "", *_body(snapshot, links), "", _living_footer(run, links)]
    return "\n".join(lines)


def answer(run: Run, links: Links) -> str:
    """The short new message at the end, so that the requester is notified."""
    verdict_line = _ready(run, links) if run.state is RunState.SUCCEEDED else _not_ready(run, links)
    return f"{verdict_line} @{run.requester.name}\n\n<sub>Run `{run.id}` · {ANSWER_MARK}</sub>"


def living_mark(run_id: str) -> str:
    """What a living message carries and no other message does."""
    return f"Run `{run_id}` · I edit this message"


def answer_mark(run_id: str) -> str:
    return f"Run `{run_id}` · {ANSWER_MARK}"


def reply_mark(decision_id: str) -> str:
    return f"<sub>`{decision_id}`"


def reply(sentence: str, decision_id: str, links: Links) -> str:
    """A short answer that no run came of."""
    return f"{sentence}\n\n{reply_mark(decision_id)} · [help]({links.help})</sub>"


def help_text() -> str:
    rows = "\n".join(f"| `{row.usage}` | {row.does} | {row.who} |" for row in COMMANDS)
    return (
        "I turn a model card into a private, tested Gradio Space in your own account. "
        "Start a line with my name and one of these:\n\n"
        f"| Mention me with | What it does | Who |\n|---|---|---|\n{rows}"
    )


def status(snapshot: Snapshot, links: Links) -> str:
    return f"{_headline(snapshot, links)} · [run page]({links.run(snapshot.run.id)})"


def nothing_here() -> str:
    return "No build was asked for in this thread yet. Mention me with `build` to start one."


SIGNS = {
    "E_ACCESS": "🚫",
    "E_EDITED": "✏️",
    "E_RATE": "⏸️",
    "E_TASK": "🤷",
    "E_TOKEN": "🔗",
    "I_ATTACH": "🔁",
    "I_WAITING": "🔗",
}


def refused(code: str, sentence: str) -> str:
    """A refusal with the sign of its kind; the words say it all without the sign."""
    return f"{SIGNS.get(code, '❓')} {sentence}"


def edited() -> str:
    return "I don't run edited comments: others can edit yours. Post the command again as a new comment."


def not_visible() -> str:
    return "I can't open that model with your account. It may be private, gated or misspelt."


def empty_model() -> str:
    return "That model has no files yet. Upload it first, then mention me with `build` again."


def reconnect(links: Links) -> str:
    return f"Your connection has ended. [Connect again]({links.sign_in}), then mention me with `build`."


def already_building(run_id: str, links: Links) -> str:
    return f"Already building this version for you: [run page]({links.run(run_id)})."


def already_waiting(run_id: str, links: Links) -> str:
    return f"Your request for this model waits for you: [connect]({links.connect(run_id)}) and it starts."


def too_many(open_runs: list[Run], limit: int, links: Links) -> str:
    pages = ", ".join(f"[{inline(run.model_id)}]({links.run(run.id)})" for run in open_runs)
    return (
        f"You have {len(open_runs)} builds open (limit {limit}): {pages}. Nothing was started. "
        "Mention me with `build` again when one has ended."
    )


def apology(decision_id: str) -> str:
    return (
        f"💥 Something broke on my side (`{decision_id}`). Nothing was started and nothing was charged. "
        "It has been noted; please try again later."
    )


def no_credits(links: Links) -> str:
    return (
        "the Hub refused the Job: there are no credits on your account. "
        f"[Add credits]({links.hub}/settings/billing), then mention me with `build`"
    )


def no_permission(reason: str) -> str:
    return f"the Hub refused to start the Job in your account: {quoted(reason)}. Connect again and retry"


def token_ended(links: Links) -> str:
    return f"your connection has ended. [Connect again]({links.sign_in}), then mention me with `build`"


def job_lost() -> str:
    return "the Job ended without a report. Mention me with `build` to retry"


def too_late() -> str:
    return "the Job went past its time limit without a report. Mention me with `build` to retry"


def hub_down() -> str:
    return "the Hub could not be reached for too long. Mention me with `build` when it is back"


def never_signed_in() -> str:
    return "nobody signed in to start it. Mention me with `build` to ask again"


def our_fault() -> str:
    return "something broke on my side. It has been noted; mention me with `build` to retry"


def _headline(snapshot: Snapshot, links: Links) -> str:
    run = snapshot.run
    model = f"[{inline(run.model_id)}]({links.model(run.model_id)})"
    match run.state:
        case RunState.WAITING_FOR_SIGN_IN:
            return f"🔗 **Connect your account to build a Space for {model}**, asked by {run.requester.name}"
        case RunState.QUEUED | RunState.LAUNCHING:
            return f"⏳ **Building a Space for {model}**, asked by {run.requester.name} · starting the Job"
        case RunState.RUNNING:
            return f"⏳ **Building a Space for {model}**, asked by {run.requester.name} · {_where(snapshot)}"
        case RunState.SUCCEEDED:
            return _ready(run, links)
        case _:
            return _not_ready(run, links)


def _where(snapshot: Snapshot) -> str:
    current = snapshot.current
    if current is None:
        return "the Job is starting"
    number = list(snapshot.steps).index(current) + 1
    return f"step {number} of {len(snapshot.steps)}: {current.title.lower()}"


def _body(snapshot: Snapshot, links: Links) -> list[str]:
    run = snapshot.run
    if run.state is RunState.WAITING_FOR_SIGN_IN:
        return [
            f"**[Connect]({links.connect(run.id)})** as `{run.requester.name}`; the build then starts by "
            "itself. It runs as a Job in your account, which you pay Hugging Face for: about $0.01."
        ]
    lines = _step_table(snapshot)
    if run.report:
        lines += ["", *_details(run.report, links)]
    return lines


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
    space = report.space_id or run.target_space
    link = f"**[{inline(space)}]({links.space(space)})**"
    match report.verdict:
        case Verdict.FULL_INFERENCE_SUCCESS:
            return f"✅ **Ready:** {link} is private and has answered {_answered(report)}."
        case Verdict.CANDIDATE:
            return f"🟡 **Built, not called yet:** {link} starts and loads the model. {quoted(report.reason)}"
        case Verdict.MANUAL_HARDWARE_REQUIRED:
            return f"🟡 **Built, needs hardware from you:** {link}. {quoted(report.reason)}"
        case _:
            return f"🟡 **Starts, but no answer was checked:** {link}. {quoted(report.reason)}"


def _answered(report: Report) -> str:
    times = [probe.seconds for probe in report.probes if probe.error is None]
    calls = "1 call" if len(times) == 1 else f"{len(times)} calls"
    return f"{calls}, the first in {duration(times[0])}" if times else "its calls"


def _not_ready(run: Run, links: Links) -> str:
    page = f"[What happened]({links.run(run.id)})"
    match run.state:
        case RunState.FAILED if run.report:
            failure = run.report.failure
            reason = quoted(failure.message if failure else run.report.reason)
            word = "Can't be built" if run.report.verdict is Verdict.TECHNICAL_BLOCKER else "Not built"
            return f"❌ **{word}:** {reason} · {page}"
        case RunState.CANCELLED:
            return f"⏹️ **Cancelled.** {page}"
        case RunState.SUPERSEDED:
            return f"⏹️ **Replaced by a newer request.** {page}"
        case RunState.EXPIRED:
            return f"⌛ **Expired:** {run.problem or never_signed_in()}. {page}"
        case _:
            return f"💥 **Could not be run:** {run.problem or our_fault()}. {page}"


def _details(report: Report, links: Links) -> list[str]:
    lines = [f"Verdict `{report.verdict}`: {quoted(report.reason)}"]
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
    page = f"[run page]({links.run(run.id)})"
    if run.state.is_final and run.report:
        page += f" · [record]({links.record(run)})"
    promise = "" if run.state.is_final else "; I won't post others until it ends"
    return f"<sub>{version}{page} · {living_mark(run.id)}{promise}.</sub>"


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 80 else f"{text[:79]}…"
