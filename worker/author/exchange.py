"""One admitted request to the provider: asked, passed on as it comes, and written down however it ends."""

import json
import time
from collections.abc import AsyncIterator

import anyio
import httpx2
from pydantic import JsonValue
from starlette.responses import JSONResponse, StreamingResponse
from starlette.types import Receive, Scope, Send

from worker.author.ledger import Ledger, Use
from worker.author.streaming import Scrub, UsageReader
from worker.redact import Redactor

LARGEST_ERROR = 65_536
RETRY_HEADERS = ("retry-after", "x-request-id", "x-inference-provider")
KEPT_HEADERS = ("content-type", *RETRY_HEADERS)
NOTHING = Use(0, 0)


class Exchange:
    """Holds the request's place in the ledger until `end`."""

    def __init__(self, ledger: Ledger, number: int, size: int, token: str) -> None:
        self.reader = UsageReader(size)
        self.scrub = Scrub(token)
        self.redactor = Redactor((token,))
        self.provider = ""
        self.ledger, self._number = ledger, number
        self._begun, self._ended = time.monotonic(), False

    def end(self, status: int, use: Use, problem: str = "") -> None:
        """Write the request down; only the first time counts."""
        if not self._ended:
            self._ended = True
            seconds = time.monotonic() - self._begun
            self.ledger.close(self._number, status, seconds, use, problem=problem, provider=self.provider)

    async def ask(self, client: httpx2.AsyncClient, request: httpx2.Request) -> httpx2.Response | str:
        """The provider's answer, its body still to come; a sentence if it gave none."""
        try:
            answer = await client.send(request, stream=True)
        except httpx2.HTTPError as error:
            problem = f"The model's provider did not answer ({type(error).__name__})."
            self.end(504, NOTHING, problem)
            return problem
        except BaseException:
            self.end(0, self.reader.use(), "ended before an answer")
            raise
        self.provider = self.redactor.text(answer.headers.get("x-inference-provider", ""))[:80]
        return answer

    def kept_headers(self, answer: httpx2.Response, names: tuple[str, ...] = RETRY_HEADERS) -> dict[str, str]:
        """What the agent may hear of the answer's headers; by itself what it needs to try again."""
        return {name: self.redactor.text(answer.headers[name]) for name in names if name in answer.headers}

    async def refused(self, answer: httpx2.Response) -> str:
        """What the provider said instead of an answer."""
        said = ""
        try:
            said = _sentence_in(self.redactor.text(await _start_of(answer)))
        finally:
            self.end(answer.status_code, NOTHING, said)
            await _close(answer)
        return said


class PassedOn(StreamingResponse):
    """The provider's answer as it comes. A break becomes an event, in words on which Pi tries again."""

    def __init__(self, exchange: Exchange, answer: httpx2.Response) -> None:
        self._exchange, self._answer = exchange, answer
        super().__init__(self._bytes(), answer.status_code, exchange.kept_headers(answer, KEPT_HEADERS))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:  # whether or not the agent has waited for the first byte
            self._exchange.end(0, self._exchange.reader.use(), "the agent hung up")
            await _close(self._answer)

    async def _bytes(self) -> AsyncIterator[bytes]:
        reader, scrub = self._exchange.reader, self._exchange.scrub
        try:
            async for data in self._answer.aiter_bytes():
                reader.see(data)
                self._exchange.ledger.last_heard = time.monotonic()
                yield scrub.pass_on(data)
        except httpx2.HTTPError as error:
            problem = f"Connection lost: the model's provider broke off ({type(error).__name__})."
            self._exchange.end(502, reader.use(), problem)
            yield b"\n\ndata: " + json.dumps(error_body(502, problem)).encode() + b"\n\n"
        else:
            self._exchange.end(self._answer.status_code, reader.use())
            yield scrub.rest()


def refusal(status: int, said: str, headers: dict[str, str] | None = None) -> JSONResponse:
    """An error in the shape that OpenAI clients read."""
    return JSONResponse(error_body(status, said), status_code=status, headers=headers)


def error_body(status: int, said: str) -> dict[str, JsonValue]:
    return {"error": {"message": said, "type": "refused", "code": status}}


async def _close(answer: httpx2.Response) -> None:
    with anyio.CancelScope(shield=True):  # starlette cancels what an agent no longer waits for
        await answer.aclose()


async def _start_of(answer: httpx2.Response) -> str:
    """The beginning of an error's body, or as much of it as arrives."""
    body = b""
    try:
        async for data in answer.aiter_bytes():
            body += data
            if len(body) >= LARGEST_ERROR:
                break
    except httpx2.HTTPError:
        pass  # the status is what counts
    return body[:LARGEST_ERROR].decode(errors="replace")


def _sentence_in(text: str) -> str:
    """What an error's body says, whatever its shape."""
    try:
        match json.loads(text):
            case {"error": {"message": str(said)}} | {"error": str(said)} | {"message": str(said)}:
                return said[:500]
    except (ValueError, RecursionError):
        pass
    return " ".join(text.split())[:300] or "no reason given"
