"""The sentences that are only said on Discord, and on the pages that link an account there."""

from collections.abc import Sequence

from bot.domain.commands import COMMANDS, ON_DISCORD, CommandRow
from bot.domain.links import Links
from bot.domain.markdown import inline, quoted
from bot.domain.models import Notify

ABOUT_REPOS = frozenset({"quiet", "unquiet"})
"""Commands that mean nothing outside a model's own discussions."""
OTHERWISE = {"status": "show how your last five runs are going"}
"""What a command does there, where it is not what it does in a thread of the Hub."""
MOST_LINKED = 3
"""Discord accounts of one account of the Hub."""


def help_text(links: Links) -> str:
    rows = [row for row in (*COMMANDS, *ON_DISCORD) if row.name not in ABOUT_REPOS]
    lines = "\n".join(f"| `/{row.name}` | {does(row)} |" for row in rows)
    return (
        "I turn a model card into a private, tested Gradio Space in your own account on Hugging Face.\n\n"
        f"| Command | What it does |\n|---|---|\n{lines}\n\n"
        f"Options and examples: `/help` with a command, or the [help page]({links.help})."
    )


def does(row: CommandRow) -> str:
    return OTHERWISE.get(row.name, row.does)


def unknown_button() -> str:
    return "This button is none of mine, or too old. Use `/status` to see how your run is going."


def answered_directly(run_id: str | None, links: Links) -> str:
    otherwise = f"the [run page]({links.run(run_id)}) has it all" if run_id else "allow them, and ask again"
    return (
        "This is not for everyone's eyes here, or I may not write in this channel: I write to you directly. "
        f"If you take no direct messages, {otherwise}."
    )


def link_first(verb: str, ticket: str, links: Links, *, waits: bool) -> str:
    went_on = f" Your `/{verb}` then goes on by itself." if waits else ""
    return (
        f"🔗 [Connect]({links.discord_connect(ticket)}) your Discord account with Hugging Face first: the "
        f"button is yours alone, and good for ten minutes.{went_on}\n\n"
        "You will be asked to let me make Spaces (and touch only those I made) and run Jobs, which Hugging "
        "Face bills to you: about $0.01 for a small model."
    )


def linked_already(name: str, ticket: str, links: Links) -> str:
    return (
        f"✅ You are connected as {inline(name)} on Hugging Face. `/disconnect` ends it.\n\n"
        f"To connect another account instead: [Connect]({links.discord_connect(ticket)})."
    )


def not_connected_here() -> str:
    return "You are not connected. I keep nothing that could act for you."


def last_runs(lines: Sequence[str], links: Links) -> str:
    """One's own runs, the newest first."""
    listed = "\n".join(f"- {line}" for line in lines)
    return f"Your last {len(lines)} runs, the newest first ([all]({links.bot}/runs)):\n\n{listed}"


def started_quietly(notify: Notify, run_id: str, links: Links) -> str:
    page = f"[run page]({links.run(run_id)})"
    if notify is Notify.NONE:
        return f"👍 Started. I'll say nothing more, as you wished: the {page} has it all."
    return f"👍 Started. I'll say how it ended; until then there is the {page}."


def linked_now(hub_name: str, before: str | None) -> str:
    """Told to the Discord account itself."""
    was = f" Until now it was {inline(before)}." if before and before != hub_name else ""
    return (
        f"🔗 Your Discord account is connected with {inline(hub_name)} on Hugging Face now.{was} "
        "If this was not you, use `/disconnect` and change your passwords."
    )


def another_linked(hub_name: str, discord_name: str) -> str:
    """Told to the other Discord accounts of the same account of the Hub."""
    return (
        f"🔗 Another Discord account, {inline(discord_name)}, is connected with {inline(hub_name)} now, "
        "as yours is. If this was not you, use `/disconnect`."
    )


def moved_away(hub_name: str, discord_name: str) -> str:
    """Told to those that stay with the account that was left."""
    return f"🔗 The Discord account {inline(discord_name)} is not connected with {inline(hub_name)} any more."


def settings_are(notify: Notify, budget: float, monthly: float, hardware: str | None) -> str:
    return (
        f"Your settings: notify `{notify}` · at most ${budget:.2f} a run and ${monthly:.2f} a month · "
        f"hardware {inline(hardware) if hardware else 'chosen for each model'}."
    )


def operators_only() -> str:
    return "Only operators of this bot can do that."


def paused_now(reason: str) -> str:
    return f"⏸️ Builds are paused: {quoted(reason)}. `/admin resume` ends it; what runs goes on."


def resumed_now() -> str:
    return "▶️ Builds start again."


def denied_now(kind: str, who: str, name: str, reason: str) -> str:
    known_as = "" if name == who else f" (known as {inline(name)})"
    return (
        f"🚫 I don't work for the {kind} {inline(who)}{known_as} any more: {quoted(reason)}. Whoever it "
        "concerns is told so once a day; what runs goes on. `/admin allow` ends it."
    )


def allowed_now(kind: str, who: str) -> str:
    return f"▶️ I work for the {kind} {inline(who)} again."


def was_not_denied(kind: str, who: str) -> str:
    return f"The {kind} {inline(who)} was not denied. Nothing was changed."


def nobody_of_that_name(kind: str, who: str) -> str:
    named = {
        "user": "a name or id on Hugging Face, or a Discord id",
        "repo": "`owner/model`",
    }.get(kind, "the id of a Discord server")
    return f"I know no {kind} {inline(who)}: give me {named}. Nothing was changed."


def no_reason() -> str:
    return "Say why: people are told."
