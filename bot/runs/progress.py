"""What the worker tells: each report is kept once, then the run is looked at."""

from bot.context import Context
from worker.contract import ReportCall


def report_key(ctx: Context, run_id: str) -> str:
    """The key this run's worker reports with: made from the vault's key, stored nowhere."""
    return ctx.vault.sign(f"report:{run_id}")


def is_report_key(ctx: Context, run_id: str, key: str) -> bool:
    return ctx.vault.is_signature(f"report:{run_id}", key)


def take_report(ctx: Context, call: ReportCall) -> None:
    """Keep the events and the final report, whatever was sent before and in whatever order."""
    ctx.run_events.add(call.run_id, call.events)
    ctx.runs.hear(call.run_id, ctx.clock(), call.report, call.job_id)
    ctx.look_at(call.run_id)
