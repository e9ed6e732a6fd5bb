"""The interactions endpoint: the same interactions over signed HTTP, as the alternative to the gateway.

https://docs.discord.com/developers/interactions/overview#setting-up-an-endpoint
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aiohttp

from tests.harness.discord.answering import answer
from tests.harness.discord.errors import Refusal, invalid
from tests.harness.discord.interactions import FIRST_ANSWER, Interaction
from tests.harness.discord.signing import Signer

if TYPE_CHECKING:
    from tests.harness.discord.state import State


@dataclass(frozen=True)
class Answer:
    """What the application's server said to one request."""

    status: int
    body: Any
    milliseconds: float = 0


class Endpoint:
    """`url` is None while interactions go through the gateway."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.url: str | None = None
        self.signer, self.stranger = Signer(), Signer()
        self.loop: asyncio.AbstractEventLoop | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def set_to(self, url: str | None) -> None:
        """As in the developer portal: the endpoint is tried first. From a test's thread."""
        assert self.loop, "the server was not started"
        asyncio.run_coroutine_threadsafe(self.verify(url), self.loop).result(15)

    async def verify(self, url: str | None) -> None:
        """Answer a PING, and refuse one whose signature is wrong, or this is not taken as the endpoint."""
        if url is not None:
            ping = {"id": self.state.clock.snowflake(), "type": 1, "version": 1, "token": "-"}
            ping["application_id"] = self.state.application_id
            good = await self.post(url, ping)
            bad = await self.post(url, ping, signer=self.stranger)
            if (good.status, good.body) != (200, {"type": 1}) or bad.status != 401:
                message = "The specified interactions endpoint url could not be verified."
                where = ("interactions_endpoint_url",)
                raise invalid(where, "APPLICATION_INTERACTIONS_ENDPOINT_URL_INVALID", message)
        self.url = url

    def sends(
        self, payload: dict[str, Any], *, forged: bool = False, age: float = 0, tampered: bool = False
    ) -> Answer:
        """One request by hand: signed by somebody else, `age` seconds ago, or changed after it was signed."""
        assert self.loop and self.url, "there is no endpoint"
        signer = self.stranger if forged else self.signer
        work = self.post(self.url, payload, signer=signer, age=age, tampered=tampered)
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(15)

    async def post(
        self,
        url: str,
        payload: dict[str, Any],
        *,
        signer: Signer | None = None,
        age: float = 0,
        tampered: bool = False,
    ) -> Answer:
        body = json.dumps(payload).encode()
        headers = (signer or self.signer).headers(body, self.state.clock.now() - age)
        began = self.state.clock.now()
        timeout = aiohttp.ClientTimeout(total=FIRST_ANSWER)
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.post(
                url, data=body + b" " * tampered, headers=headers, allow_redirects=False
            ) as answered,
        ):
            text = await answered.text()
            taken = (self.state.clock.now() - began) * 1000
            return Answer(answered.status, _parsed(text), taken)

    def deliver(self, interaction: Interaction) -> None:
        task = asyncio.get_running_loop().create_task(self._deliver(interaction))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, interaction: Interaction) -> None:
        """What comes back in the response is the first answer; 202 says that it comes by callback."""
        assert self.url
        try:
            answered = await self.post(self.url, interaction.payload)
        except (TimeoutError, aiohttp.ClientError) as error:
            interaction.refused = f"{type(error).__name__} {error}"
            return
        if answered.status == 202:
            return
        if answered.status != 200:
            interaction.refused = f"the endpoint said {answered.status}: {answered.body}"
            return
        try:
            answer(self.state, interaction, answered.body, [])
        except Refusal as refusal:
            interaction.refused = str(refusal.body)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
