"""What a bot on Discord has beside the others. It brings discord.py: without a token it is not imported."""

from bot.context import Context
from bot.discord.endpoint import Endpoint
from bot.discord.first_answer import FirstAnswers
from bot.discord.gateway import Gateway
from bot.intake import Intake


class DiscordEntrances:
    """The gateway, and the endpoint for interactions over HTTP; either gives the same first answers."""

    def __init__(self, ctx: Context, intake: Intake) -> None:
        self._first = FirstAnswers(ctx, intake)
        self.gateway = Gateway(ctx, self._first)
        self.endpoint = Endpoint(self._first)

    def stop(self) -> None:
        self.gateway.stop()
        self._first.stop()
