"""The only way from the agent to a model: a proxy on loopback that holds the real token in its place.

The agent has a key that is good for this run, this proxy, one path and the chosen models.
"""

import hmac
import json
import secrets
from collections.abc import Collection

import httpx2
from pydantic import JsonValue
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from worker.author.asking import NotAllowed, cleaned, output_asked
from worker.author.exchange import Exchange, PassedOn, refusal
from worker.author.ledger import Ledger, Spent
from worker.author.loopback import Loopback, whole_body

HUGGING_FACE = "https://router.huggingface.co/v1"
LARGEST_REQUEST = 8 * 1024 * 1024
QUIET_SECONDS = 120.0
"""A provider that says nothing for so long has stalled."""
WHOLE_ANSWER = httpx2.Timeout(600, connect=10)
"""An answer in one piece is not heard of before it is whole."""


class Router(Loopback):
    """A proxy for the length of a `with` block.

    `bill_to` is the organisation that pays; empty is the owner of the token.
    """

    def __init__(
        self,
        token: str,
        *,
        models: Collection[str],
        ledger: Ledger,
        upstream: str = HUGGING_FACE,
        bill_to: str = "",
        quiet_seconds: float = QUIET_SECONDS,
    ) -> None:
        self.key = f"run-{secrets.token_urlsafe(24)}"
        self.models = frozenset(models)
        self.ledger = ledger
        self.refused_for = ""
        """Why the last 402 was one: the run's budget or the account's credits. Empty if there was none."""
        self._token = token
        headers = {"authorization": f"Bearer {token}", "accept-encoding": "identity"}
        headers["content-type"] = "application/json"
        if bill_to:
            headers["x-hf-bill-to"] = bill_to
        self._timeout = httpx2.Timeout(quiet_seconds, connect=10)
        self._client = httpx2.AsyncClient(
            base_url=upstream,
            headers=headers,
            follow_redirects=False,
        )
        super().__init__(self._app(), "router", beside=self._client)

    @property
    def address(self) -> str:
        """What an OpenAI client calls its base URL."""
        return f"http://127.0.0.1:{self.port}/v1"

    def _app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/v1/chat/completions", self._complete, methods=["POST"]),
                Route("/v1/models", self._list, methods=["GET"]),
            ],
            exception_handlers={404: _closed, 405: _closed},
        )

    async def _list(self, request: Request) -> Response:
        if not self._knows(request):
            return refusal(401, "That is not this run's key.")
        listed = [{"id": model, "object": "model"} for model in sorted(self.models)]
        return JSONResponse({"object": "list", "data": listed})

    async def _complete(self, request: Request) -> Response:
        if not self._knows(request):
            return refusal(401, "That is not this run's key.")
        try:
            body = await whole_body(request, LARGEST_REQUEST)
            asked = json.loads(body)
            wanted = cleaned(asked, self.models)
            number, output = await run_in_threadpool(self.ledger.admit, len(body), output_asked(asked))
        except ClientDisconnect:
            return refusal(400, "The request did not arrive whole.")
        except Spent as spent:
            self.refused_for = f"The budget ended the turn: {spent}."
            return refusal(402, self.refused_for)
        except (NotAllowed, ValueError, RecursionError) as error:
            return refusal(400, f"Refused: {str(error)[:300]}.")
        exchange = Exchange(self.ledger, number, len(body), self._token)
        return await self._ask(exchange, {**wanted, "max_tokens": output})

    def _knows(self, request: Request) -> bool:
        shown = request.headers.get("authorization", "").encode()
        return hmac.compare_digest(shown, f"Bearer {self.key}".encode())

    async def _ask(self, exchange: Exchange, wanted: dict[str, JsonValue]) -> Response:
        patience = self._timeout if wanted.get("stream") else WHOLE_ANSWER
        request = self._client.build_request(
            "POST", "chat/completions", content=json.dumps(wanted), timeout=patience
        )
        answer = await exchange.ask(self._client, request)
        if isinstance(answer, str):
            return refusal(504, answer)
        if answer.is_success:
            return PassedOn(exchange, answer)
        said = await exchange.refused(answer)
        if answer.status_code == 402:
            self.refused_for = f"Inference Providers asks for payment: {said}"
        status = answer.status_code if answer.is_error else 502  # a redirect
        return refusal(status, said, exchange.kept_headers(answer))


async def _closed(_request: Request, _error: Exception) -> Response:
    return refusal(403, "Only POST /v1/chat/completions is open to the agent.")
