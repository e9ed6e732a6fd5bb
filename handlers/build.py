"""`build`: a private, tested Space for this model, in the account of whoever asked."""

from bot.context import Context
from bot.domain.commands import Command
from bot.runs.admit import admit
from handlers.asked import Asked


def handle(command: Command, asked: Asked, ctx: Context) -> None:
    """The run speaks for itself from here on: its living message is the answer."""
    admit(
        ctx,
        delivery_key=asked.delivery_key,
        requester=asked.requester,
        thread=asked.thread,
        model_id=command.target or asked.thread.repo,
    )
