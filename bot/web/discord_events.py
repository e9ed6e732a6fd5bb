"""POST /webhooks/discord/events: what Discord tells of by itself. Whoever removes our app ends the link.

https://docs.discord.com/developers/events/webhook-events
"""

import re
from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from bot.web.discord_signature import SignedByDiscord

DEAUTHORIZED = "APPLICATION_DEAUTHORIZED"
PING, EVENT = 0, 1


class DiscordEvents(SignedByDiscord):
    """`left` is told of the Discord id of somebody who removed our app."""

    def __init__(self, public_key: str, clock: Callable[[], float], left: Callable[[str], None]) -> None:
        super().__init__(public_key, clock)
        self._left = left

    async def reply(self, payload: dict[str, Any]) -> Response:
        match payload:
            case {"type": int(kind)} if kind == PING:
                pass
            case {"type": int(kind), "event": {"type": str(name), "data": {"user": {"id": str(who)}}}} if (
                kind == EVENT and re.fullmatch(r"[0-9]{1,20}", who)
            ):
                if name == DEAUTHORIZED:
                    await run_in_threadpool(self._left, who)
            case {"type": int(kind)} if kind == EVENT:
                pass  # of a kind that we did not ask for
            case _:
                raise ValueError("no event")
        return Response(status_code=204)
