"""POST /webhooks/discord: interactions over HTTP."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.background import BackgroundTask
from starlette.responses import JSONResponse, Response

from bot.web.discord_signature import SignedByDiscord

Answer = Callable[[dict[str, Any]], Awaitable[tuple[dict[str, Any], str | None]]]


class DiscordInteractions(SignedByDiscord):
    """`answer` raises ValueError for what is no interaction; `taken` is told of a kept delivery once the
    answer has left."""

    def __init__(
        self, public_key: str, clock: Callable[[], float], answer: Answer, taken: Callable[[str], None]
    ) -> None:
        super().__init__(public_key, clock)
        self._answer = answer
        self._taken = taken

    async def reply(self, payload: dict[str, Any]) -> Response:
        answer, key = await self._answer(payload)
        return JSONResponse(answer, background=BackgroundTask(self._taken, key) if key else None)
