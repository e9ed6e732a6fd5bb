"""The one table of commands: what there is to ask for, who may ask, and what it takes.

It feeds the parser, the help replies, the web page, the Discord tree and the tests. A new command is a row
here and a file in `handlers/`.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain import options as o
from bot.domain.options import Option


class Who(StrEnum):
    ANYONE = "anyone"
    CONNECTED = "anyone who has connected their account"
    REQUESTER = "whoever asked for the run"
    STOPPER = "whoever asked for the run, and people who may write to this repo"
    WATCHER = "whoever watches it, and people who may write to this repo"
    WRITER = "people who may write to this repo"
    SELF = "you, for your own account"


class Target(StrEnum):
    """What a command may name; without it, it is about the thread's repo or the latest run there."""

    NONE = "nothing"
    MODEL = "a model: `owner/model`, `owner/model@version` or its address"
    SPACE = "a Space: `owner/space` or its address"
    RUN = "a run: `r_…` or its page's address"
    VERB = "a command"


@dataclass(frozen=True)
class CommandRow:
    """What a command is. `scopes` are the least its requester must have granted."""

    name: str
    does: str
    who: Who
    examples: tuple[str, ...]
    target: Target = Target.NONE
    options: tuple[Option, ...] = ()
    can_force: bool = False
    spends: bool = False
    takes_apps: bool = False
    """Whether `blueprint:cad` may stand for the model."""
    scopes: tuple[str, ...] = ()

    @property
    def usage(self) -> str:
        words = {
            Target.NONE: "",
            Target.MODEL: " [owner/model]",
            Target.SPACE: " [owner/space]",
            Target.RUN: " [run]",
            Target.VERB: " [command]",
        }
        return f"{self.name}{words[self.target]}{' [force]' if self.can_force else ''}"


JOB = ("contribute-repos", "jobs")
ABOUT_A_BUILD = (
    *(o.REV, o.SPACE_NAME, o.ORG, o.MODE, o.HARDWARE, o.FALLBACK, o.BUDGET, o.NOTIFY, o.TRUST),
    *(o.AUTHOR, o.AUTHOR_MODE, o.AUTHOR_MODEL),
)
COMMANDS = (
    CommandRow(
        name="build",
        does="build a private, tested Space for this model in your account",
        who=Who.CONNECTED,
        examples=(
            "build",
            "build owner/model",
            "build hardware=zero-a10g budget=$0.50",
            "build blueprint:cad",
        ),
        target=Target.MODEL,
        takes_apps=True,
        options=ABOUT_A_BUILD,
        can_force=True,
        spends=True,
        scopes=JOB,
    ),
    CommandRow(
        name="rebuild",
        does="bring your Space for this model up to date, judged beside it first",
        who=Who.CONNECTED,
        examples=("rebuild", "rebuild owner/model force"),
        target=Target.MODEL,
        options=tuple(each for each in ABOUT_A_BUILD if each not in {o.SPACE_NAME, o.ORG}),
        can_force=True,
        spends=True,
        scopes=JOB,
    ),
    CommandRow(
        name="plan",
        does="say what would be built, on which hardware and for how much; builds nothing",
        who=Who.CONNECTED,
        examples=("plan", "plan owner/model@v2"),
        target=Target.MODEL,
        options=(o.REV, o.HARDWARE, o.FALLBACK, o.BUDGET, o.NOTIFY),
        spends=True,
        scopes=JOB,
    ),
    CommandRow(
        name="validate",
        does="call a Space of yours with test inputs and judge its answers",
        who=Who.CONNECTED,
        examples=("validate", 'validate you/your-space api=/generate kwargs={"prompt": "a cat"}'),
        target=Target.SPACE,
        options=(o.API, o.ARGS, o.KWARGS, o.TYPE, o.WAIT, o.BUDGET, o.NOTIFY),
        spends=True,
        scopes=JOB,
    ),
    CommandRow(
        name="watch",
        does="bring your Space for this model up to date by itself, whenever there is a new version",
        who=Who.CONNECTED,
        examples=("watch", "watch on=both max=2/day budget=$0.50", "watch owner/model only=v*"),
        target=Target.MODEL,
        options=(o.ON, o.ONLY, o.MOST, o.MODE, o.HARDWARE, o.FALLBACK, o.BUDGET, o.NOTIFY, o.TRUST, o.ALONE),
        scopes=(*JOB, "webhooks"),
    ),
    CommandRow(
        name="unwatch",
        does="stop doing that; people who may write to this repo can stop every watch that speaks in it",
        who=Who.WATCHER,
        examples=("unwatch", "unwatch owner/model"),
        target=Target.MODEL,
    ),
    CommandRow(
        name="status",
        does="show how the latest run in this thread is going",
        who=Who.ANYONE,
        examples=("status",),
        target=Target.RUN,
    ),
    CommandRow(
        name="cancel",
        does="stop the run",
        who=Who.STOPPER,
        examples=("cancel",),
        target=Target.RUN,
    ),
    CommandRow(
        name="retry",
        does="run it again with the same wishes",
        who=Who.REQUESTER,
        examples=("retry", "retry hardware=t4-small budget=$1"),
        target=Target.RUN,
        options=(o.MODE, o.HARDWARE, o.FALLBACK, o.BUDGET, o.NOTIFY, o.TRUST),
        spends=True,
        scopes=JOB,
    ),
    CommandRow(
        name="rollback",
        does="put your Space back to what it was before the last rebuild",
        who=Who.REQUESTER,
        examples=("rollback",),
        target=Target.RUN,
        scopes=("contribute-repos",),
    ),
    CommandRow(
        name="logs",
        does="show the last lines of the run's log",
        who=Who.REQUESTER,
        examples=("logs",),
        target=Target.RUN,
    ),
    CommandRow(
        name="why",
        does="explain what I decided about your last request here",
        who=Who.ANYONE,
        examples=("why",),
    ),
    CommandRow(
        name="quiet",
        does="make me silent in this repo; people can still build its model elsewhere",
        who=Who.WRITER,
        examples=("quiet",),
    ),
    CommandRow(
        name="unquiet",
        does="let me answer in this repo again",
        who=Who.WRITER,
        examples=("unquiet",),
    ),
    CommandRow(
        name="connect",
        does="get the link that connects your account",
        who=Who.SELF,
        examples=("connect",),
    ),
    CommandRow(
        name="disconnect",
        does="erase your tokens and what I keep about you",
        who=Who.SELF,
        examples=("disconnect",),
    ),
    CommandRow(
        name="help",
        does="show what I can do, or everything about one command",
        who=Who.ANYONE,
        examples=("help", "help build"),
        target=Target.VERB,
    ),
    CommandRow(
        name="ping",
        does="say whether I and the Hub are well, and how long the queue is",
        who=Who.ANYONE,
        examples=("ping",),
    ),
)
BY_NAME = {row.name: row for row in COMMANDS}
ON_DISCORD = (
    CommandRow(
        name="settings",
        does="show your settings, or change them",
        who=Who.CONNECTED,
        examples=("settings", "settings notify=outcomes budget=$0.50"),
        options=(o.NOTIFY, o.BUDGET, o.HARDWARE),
    ),
)
"""What there is on Discord only: on the Hub the account page does it."""
BY_NAME_ON_DISCORD = BY_NAME | {row.name: row for row in ON_DISCORD}
