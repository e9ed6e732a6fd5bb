"""Every sentence the bot says, as functions that return Markdown: what happened, what it means, what next.

Words of others (card texts, error lines) go through `quoted` or `inline`, so that they can neither mention
someone nor break out. The mention that commands start with is never written here: our words must not be
commands.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.domain.commands import COMMANDS, CommandRow, Target
from bot.domain.links import Links
from bot.domain.markdown import clock, inline, long_duration, quoted, tamed_line, tamed_word
from bot.domain.models import Run
from worker.contract import APP_PREFIX, App, Kind


def reply_mark(decision_id: str) -> str:
    return f"<sub>`{decision_id}`"


def reply(sentence: str, decision_id: str, links: Links) -> str:
    """A short answer that no run came of."""
    return f"{sentence}\n\n{reply_mark(decision_id)} · [help]({links.help})</sub>"


def help_text(links: Links) -> str:
    rows = "\n".join(f"| `{row.usage}` | {row.does} | {row.who} |" for row in COMMANDS)
    return (
        "I turn a model card into a private, tested Gradio Space in your own account. "
        "Start a line with my name and one of these:\n\n"
        f"| Mention me with | What it does | Who |\n|---|---|---|\n{rows}\n\n"
        f"Options and examples: `help build`, or the [help page]({links.help})."
    )


def help_on(row: CommandRow) -> str:
    """Everything about one command."""
    lines = [f"`{row.usage}`: {row.does}. For {row.who}."]
    if row.target is not Target.NONE:
        lines.append(f"It may name {row.target}.")
    if row.options:
        options = "\n".join(f"| `{each.key}=` | {each.values} | {each.does} |" for each in row.options)
        lines.append(f"| Option | Values | What it does |\n|---|---|---|\n{options}")
    examples = " · ".join(f"`{each}`" for each in row.examples)
    return "\n\n".join([*lines, f"Examples: {examples}"])


def nothing_here() -> str:
    return "No build was asked for here yet. Mention me with `build` to start one."


def no_such_run() -> str:
    return (
        "I know no such run, or it is of a private model and not yours. Without an id it is your latest one "
        "here."
    )


def which_model() -> str:
    return "Which model? Name it as `owner/model`."


def which_space() -> str:
    return "Which Space? Name it: `validate owner/space`."


def not_your_run(verb: str, owner: str) -> str:
    return (
        f"Only {inline(owner)} can `{verb}` this run: it is theirs, and so is its bill. Nothing was changed. "
        "For one of your own, mention me with `build`."
    )


def already_over(run: Run, links: Links) -> str:
    return f"That run is over already: [run page]({links.run(run.id)}). Nothing was stopped."


def cancelling(run: Run, links: Links) -> str:
    return f"⏹️ Stopping it. Its message will say when it is over: [run page]({links.run(run.id)})."


def job_not_stopped(job: str | None) -> str:
    where = f"[Stop it yourself]({job})" if job else "Look at your Jobs on Hugging Face"
    return f"I could not stop its Job, because your connection does not let me. {where}"


def no_space_yet(model_id: str) -> str:
    return f"You have no Space of mine for {inline(model_id)} yet. Mention me with `build` to get one."


def nothing_new(run: Run, links: Links, *, discreet: bool = False) -> str:
    assert run.report and run.report.space_id
    space = (
        "your Space" if discreet else f"[{inline(run.report.space_id)}]({links.space(run.report.space_id)})"
    )
    if run.app:
        return f"You have it already: {space}. `build {run.model_id} force` makes another one."
    version = (run.sha or "")[:7]
    return f"Nothing new since `{version}`: {space} is of this version. `build force` builds it again."


def changed_meanwhile(kind: Kind, built: str, newer: str) -> str:
    again = "plan" if kind is Kind.PLAN else "rebuild"
    return (
        f"The model has changed since you asked: this is about `{built[:7]}`, and `{newer[:7]}` is the "
        f"newest. Mention me with `{again}` for that one."
    )


def nothing_to_roll_back() -> str:
    return "There is nothing to go back to: this run replaced no earlier version of a Space."


def space_is_gone(space_id: str | None) -> str:
    """`space_id` is None where it may not be named."""
    space = inline(space_id) if space_id else "Your Space"
    return f"{space} is not there any more, or not visible to me. Nothing was changed."


def rolled_back(space_id: str | None, commit: str, links: Links, *, changed: bool) -> str:
    """`space_id` is None where it may not be named."""
    space = f"[{inline(space_id)}]({links.space(space_id)})" if space_id else "Your Space"
    if not changed:
        return f"✅ {space} is at `{commit[:7]}` already. Nothing was changed."
    return f"↩️ {space} is back at `{commit[:7]}`, as one new commit. It starts again by itself."


def logs(run: Run, lines: Sequence[str], links: Links) -> str:
    page = f"[run page]({links.run(run.id)})"
    if not lines:
        return f"The log of this run is on its {page}."
    text = "\n".join(f"    {tamed_line(line)}" for line in lines)
    return f"The last {len(lines)} lines; all of it is on the {page}:\n\n{text}"


def nothing_decided() -> str:
    return "I have decided nothing about you here yet."


def why(verb: str, code: str, sentence: str, at: float, run: Run | None, links: Links) -> str:
    asked = f"your `{verb}`" if verb else "your last comment with commands"
    when = f"{clock(datetime.fromtimestamp(at, UTC))} on {datetime.fromtimestamp(at, UTC):%-d %B}"
    if run:
        return (
            f"About {asked} at {when}: it became a run, `{run.state}` now: [run page]({links.run(run.id)})."
        )
    reasons = {
        "OK": "it was done",
        "E_QUIET": "the owner of this repo wants me silent here",
        "I_ANSWERED": "my answer stands here, and what I knew besides is lost",
    }
    reason = reasons.get(code, sentence)
    return f"About {asked} at {when} (`{code}`): {reason}"


def quiet_now(repo: str) -> str:
    return f"🤫 I'll be silent in {inline(repo)} from now on. `unquiet` lets me answer again."


def unquiet_now(repo: str) -> str:
    return f"I answer in {inline(repo)} again."


def writers_only(verb: str, links: Links, *, connected: bool) -> str:
    sentence = f"Only people who may write to this repo can use `{verb}`."
    if connected:
        return sentence
    return f"{sentence} If you can through an organisation, [connect]({links.sign_in}) so that I can see it."


def owner_says_no(repo: str) -> str:
    return (
        f"The owner of {inline(repo)} lets only some people ask for builds here. "
        "You can ask in a discussion of a model of your own: name this one there."
    )


def only_on_a_model(verb: str) -> str:
    return f"`{verb}` is about a model's repo: write it in a discussion there."


def pong(up: float, open_runs: int, *, hub_is_well: bool, paused: str | None) -> str:
    hub = "Hub ok" if hub_is_well else "the Hub does not answer me"
    builds = f"builds are paused: {quoted(paused)}" if paused else f"{open_runs} runs open"
    return f"🏓 Up {long_duration(up)} · {builds} · {hub}"


def paused(reason: str) -> str:
    return f"Builds are paused: {quoted(reason)}. Nothing was started; please ask again later."


def denied(kind: str, reason: str) -> str:
    what = {"user": "doesn't let me work for you", "repo": "doesn't let me work on this repo"}.get(
        kind, "doesn't let me work in this server"
    )
    return f"The operator of this bot {what}: {quoted(reason)}. Nothing was started."


def budget_too_small(cap: float, least: float) -> str:
    return (
        f"Your cap is ${cap:.4g}, and a Job needs about ${least:.4f} to get anywhere. Nothing was started. "
        "Name a higher `budget=`."
    )


def month_is_spent(spent: float, limit: float, links: Links) -> str:
    return (
        f"Your Jobs cost ${spent:.2f} this month, and your own limit is ${limit:.2f}. Nothing was started. "
        f"[Change the limit]({links.account})."
    )


def too_often(most: int) -> str:
    return (
        f"You asked {most} times within an hour, which is as often as I answer one person. Nothing was "
        "started. I am silent to you until some of that hour has passed."
    )


def too_often_here(most: int) -> str:
    return f"I was asked {most} times here within an hour, which is enough. Nothing was started."


SIGNS = {
    "E_ACCESS": "🚫",
    "E_BUDGET": "💳",
    "E_DENIED": "🚫",
    "E_EDITED": "✏️",
    "E_PAUSED": "⏸️",
    "E_RATE": "⏸️",
    "E_ROLE": "🚫",
    "E_SCOPE": "🔗",
    "E_SECRET": "🔑",
    "E_TASK": "🤷",
    "E_TOKEN": "🔗",
    "I_ATTACH": "🔁",
    "I_NONE": "🌱",
    "I_SAME": "✅",
    "I_WAITING": "🔗",
}


def refused(code: str, sentence: str) -> str:
    """A refusal with the sign of its kind; the words say it all without the sign."""
    return f"{SIGNS.get(code, '❓')} {sentence}"


def secret_in_public() -> str:
    return (
        "That looks like a secret, so nothing ran and I kept nothing of it. Others may have read it: revoke "
        "it now, and delete what you wrote. I never need a token from you."
    )


def too_many_commands(most: int) -> str:
    return f"That is more than {most} commands in one comment. Nothing ran."


def no_command() -> str:
    return (
        "I was mentioned without a command, so nothing was started. Put `build` behind my name for a "
        "private, tested Space of this model, or `help` for all that I can do."
    )


def one_build() -> str:
    return "Only one command of a comment may start a Job. Nothing was started: post them one by one."


def unknown_verb(verb: str, close: str | None) -> str:
    hint = f"Did you mean `{close}`?" if close else "Write `help` for what I can do."
    return f"I don't know `{tamed_word(verb)}`. {hint} Nothing was started: write it in a new comment."


def only_a_model(model: str) -> str:
    return (
        f"Nothing was started. To build that model, write `build {model}` behind my name, in a new comment."
    )


def too_many_words(row: CommandRow, word: str) -> str:
    return (
        f"I can't place `{tamed_word(word)}`: `{row.name}` is written as `{row.usage}`. Nothing was started."
    )


def unknown_option(row: CommandRow, key: str, close: str | None) -> str:
    said = f"`{row.name}` has no option `{tamed_word(key)}=`."
    if close:
        return f"{said} Did you mean `{close}=`? Nothing was started."
    keys = ", ".join(f"`{each.key}=`" for each in row.options)
    return f"{said} It has {keys or 'none'}. Nothing was started."


def unfit_value(key: str, value: str, fits: str) -> str:
    return f"`{key}={tamed_word(value)}` doesn't fit: it takes {fits}. Nothing was started."


def not_a_model(row: CommandRow, word: str) -> str:
    return f"`{tamed_word(word)}` is not a model's name. Write `{row.name} owner/model`."


def unknown_app() -> str:
    known = ", ".join(f"`{APP_PREFIX}{each}`" for each in App)
    return f"There is no such blueprint. What can be built without a model: {known}."


def no_app_for(row: CommandRow, app: App) -> str:
    return (
        f"`{row.name}` is for models. For this one, `build {APP_PREFIX}{app}` makes a Space, and"
        f" `build {APP_PREFIX}{app} force` another."
    )


def not_a_space(word: str) -> str:
    return f"`{tamed_word(word)}` is not a Space's name. Write `validate owner/space`."


def not_a_run(row: CommandRow, word: str) -> str:
    said = f"`{tamed_word(word)}` is not a run's id."
    return f"{said} Write `{row.name} r_…`, or just `{row.name}` for the latest."


def edited() -> str:
    return "I don't run edited comments: others can edit yours. Post the command again as a new comment."


def not_visible(revision: str = "main") -> str:
    version = "" if revision == "main" else f" Has it a version `{tamed_word(revision)}`?"
    return (
        "I can't open that model with your account, so nothing was started. Is it misspelt? If it is gated, "
        f"accept its terms on its page first. A private one is closed to me unless I made it.{version}"
    )


def another_model() -> str:
    return (
        "The model of that name is another one now: its repo was made anew since that run. Nothing was "
        "started. If it is the one you want, mention me with `build`."
    )


def empty_model() -> str:
    return "That model has no files yet. Upload it first, then mention me with `build` again."


def already_building(run_id: str, links: Links) -> str:
    return f"Already building this version for you: [run page]({links.run(run_id)})."


def already_waiting(run: Run, links: Links) -> str:
    link = links.connect(run.id, run.needs)
    return f"Your request for this model waits for you: [connect]({link}) and it starts."


def too_many(open_runs: list[Run], limit: int, links: Links) -> str:
    # Of a private model, or of one that was not seen yet, the name is not for everyone who reads this.
    names = [inline(run.model_id) if run.model_id and not run.is_private else "another" for run in open_runs]
    pages = ", ".join(f"[{name}]({links.run(run.id)})" for name, run in zip(names, open_runs, strict=True))
    return (
        f"You have {len(open_runs)} builds open (limit {limit}): {pages}. Nothing was started. "
        "Mention me with `build` again when one has ended, or with `cancel` to stop one."
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


def job_lost() -> str:
    return "the Job ended without a report. Mention me with `build` to retry"


def job_missing(looks: int) -> str:
    return (
        f"its Job is not in your account any more: I looked {looks} times, by its id and by its label, and "
        "it left no report. If you did not delete it, mention me with `build` to retry"
    )


def too_late() -> str:
    return "the Job went past its time limit without a report. Mention me with `build` to retry"


def hub_down() -> str:
    return "the Hub could not be reached for too long. Mention me with `build` when it is back"


def never_signed_in() -> str:
    return "nobody signed in to start it. Mention me with `build` to ask again"


def our_fault() -> str:
    return "something broke on my side. It has been noted; mention me with `build` to retry"
