"""The entrance over HTTP: a checked payload in, the answer's JSON out. The web room checks and carries it."""

from typing import Any

from bot.discord.first_answer import Choices, Deferral, FirstAnswers, Pong, Refusal
from bot.discord.interaction import Interaction, from_payload

EPHEMERAL = 64
PONG, MESSAGE, DEFERRED, COMPLETED = 1, 4, 5, 8


class UnreadableInteraction(ValueError):
    """No interaction that we know; the message names what is wrong, and no value."""


class Endpoint:
    def __init__(self, first: FirstAnswers) -> None:
        self._first = first

    async def __call__(self, payload: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
        """What to answer, and the key of the delivery to carry on once the answer has left."""
        if payload.get("type") == PONG:
            return {"type": PONG}, None
        match await self._first.to(_read(payload)):
            case Deferral(key, is_ephemeral):
                return {"type": DEFERRED, "data": {"flags": EPHEMERAL if is_ephemeral else 0}}, key
            case Choices(values):
                choices = [{"name": each, "value": each} for each in values]
                return {"type": COMPLETED, "data": {"choices": choices}}, None
            case Refusal(sentence):
                said = {"content": sentence, "flags": EPHEMERAL, "allowed_mentions": {"parse": []}}
                return {"type": MESSAGE, "data": said}, None
            case Pong():
                return {"type": PONG}, None


def _read(payload: dict[str, Any]) -> Interaction:
    try:
        return from_payload(payload)
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableInteraction(type(error).__name__) from None
