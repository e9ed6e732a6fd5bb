"""Who will read the answer: everyone in the channel, or only the person who asked. In doubt, only they."""

from collections.abc import Sequence

from bot.context import Context
from bot.discord.interaction import Interaction
from bot.domain.commands import BY_NAME, Target
from bot.domain.errors import HubError, HubUnavailable, TokenGone, UserError
from bot.domain.parser import Command, command_of
from bot.hub.models import read_model
from worker.contract import app_of

FRESH_SECONDS = 30.0
MOST_KEPT = 1000


class Visibility:
    """That a model is public is remembered for half a minute; that one is not, never."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._public: dict[str, float] = {}

    def may_speak_of(self, words: Sequence[str], asked: Interaction) -> bool:
        """Whether a run that comes of this may be shown in the channel: we may write there, and the model is
        public."""
        row = BY_NAME.get(words[0])
        if not asked.may_post or row is None or not row.spends:
            return False
        try:
            command = command_of(list(words))
        except UserError:
            return False
        match row.target:
            case Target.MODEL:
                return command.target is not None and self._is_public(command.target)
            case Target.RUN:
                return self._is_own_public_run(command, asked)
            case _:
                return False

    def _is_public(self, model_id: str) -> bool:
        if app_of(model_id):
            return True
        now = self._ctx.clock()
        if self._public.get(model_id, float("-inf")) > now - FRESH_SECONDS:
            return True
        try:
            is_public = not read_model(self._ctx.bot_hub, model_id).is_private
        except (HubError, HubUnavailable, TokenGone):
            return False
        if len(self._public) >= MOST_KEPT:
            self._public.clear()
        if is_public:
            self._public[model_id] = now
        return is_public

    def _is_own_public_run(self, command: Command, asked: Interaction) -> bool:
        link = self._ctx.discord_links.of(asked.user_id)
        if link is None:
            return False
        runs = self._ctx.runs
        run = runs.get(command.target) if command.target else runs.latest_by(link.hub_id)
        return run is not None and not run.is_private and run.requester.id == link.hub_id
