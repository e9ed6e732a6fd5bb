"""`plan`: what would be built, on which hardware and for how much; nothing is built."""

from bot.context import Context
from bot.domain.parser import Command
from handlers.asked import Asked, Outcome
from handlers.build import request_of, start
from worker.contract import Kind


def handle(command: Command, asked: Asked, ctx: Context) -> Outcome:
    return start(ctx, request_of(command, asked, ctx, Kind.PLAN), force=True)
