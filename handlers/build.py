"""`build`: a private, tested Space for this model, in the account of whoever asked."""

from bot.context import Context
from bot.domain import messages
from bot.domain.discretion import is_discreet
from bot.domain.errors import TokenGone, UserError
from bot.domain.models import DiscussionRef, Requester, Run
from bot.domain.parser import Command
from bot.hub.spaces import find_space
from bot.runs.admit import Request, admit
from handlers.asked import Asked, Outcome
from handlers.owner import is_of_here, may_build_here
from worker.contract import Kind, Verdict


def handle(command: Command, asked: Asked, ctx: Context) -> Outcome:
    """The run speaks for itself from here on: its living message is the answer."""
    return start(ctx, request_of(command, asked, ctx, Kind.BUILD), force=command.wishes.force)


def request_of(command: Command, asked: Asked, ctx: Context, kind: Kind) -> Request:
    """What is asked for, within what the repo's owner allows."""
    model_id = command.target or this_model(asked)
    loudest = may_build_here(asked, ctx)
    wishes = command.wishes
    if "notify" not in command.given:
        wishes = wishes.model_copy(update={"notify": ctx.preferences.of(asked.requester.id).notify})
    return Request(
        delivery_key=asked.delivery_key,
        requester=asked.requester,
        thread=asked.thread,
        kind=kind,
        scopes=command.row.scopes,
        model_id=model_id,
        seen=asked.model if is_of_here(command, asked) else None,
        wishes=wishes.model_copy(update={"notify": wishes.notify.at_most(loudest)}),
    )


def start(ctx: Context, request: Request, *, force: bool) -> Outcome:
    """Admit it, unless the same version was built before and its Space is still there."""
    run = admit(ctx, request, before=None if force else nothing_new)
    return Outcome(None, run_id=run.id)


def latest_space(ctx: Context, requester: Requester, model_id: str) -> Run | None:
    """The newest build of this model that has a Space which is still there."""
    run = ctx.runs.succeeded_for(requester.id, model_id)
    if run is None or run.report is None or not run.report.space_id:
        return None
    try:
        with ctx.accounts.acting_for(requester.id) as (hub, _):
            there = find_space(hub, run.report.space_id, run.space_repo)
    except TokenGone:
        return None
    return run if there else None


def nothing_new(ctx: Context, run: Run) -> None:
    """UserError if this version was built and answered already."""
    done = latest_space(ctx, run.requester, run.model_id)
    if done and done.model_repo not in {None, run.model_repo}:
        return
    if done and done.report and done.sha == run.sha and done.report.verdict is Verdict.FULL_INFERENCE_SUCCESS:
        discreet = is_discreet(run, run.thread)
        raise UserError("I_SAME", messages.nothing_new(done, ctx.links, discreet=discreet), done.id)


def this_model(asked: Asked) -> str:
    if isinstance(asked.thread, DiscussionRef):
        return asked.thread.repo
    raise UserError("E_OPT", messages.which_model())
