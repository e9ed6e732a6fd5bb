"""The door between the agent and its Space: a few verbs on loopback, one key, and a limit for each.

Every call is told to the run's record, those that are refused as well.
"""

import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from pydantic import JsonValue
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from worker.author.laboratory import Answer, Laboratory
from worker.author.loopback import Loopback, whole_body

LARGEST_REQUEST = 64 * 1024
Told = Callable[[dict[str, JsonValue]], None]
"""Gets each call as it ends: the verb, whether it was done, what was said, how long it took."""


@dataclass(frozen=True)
class Limit:
    """How often a verb may be used."""

    most: int
    apart: float
    """Seconds between two uses."""


LIMITS = {
    "push": Limit(25, 10),
    "status": Limit(2000, 0.5),
    "logs": Limit(120, 2),
    "call": Limit(60, 1),
    "restart": Limit(6, 30),
}


class Broker(Loopback):
    """Serves a laboratory for the length of a `with` block."""

    def __init__(self, laboratory: Laboratory, tell: Told, limits: dict[str, Limit] | None = None) -> None:
        self.key = f"space-{secrets.token_urlsafe(24)}"
        self._laboratory, self._tell = laboratory, tell
        self._limits = limits or LIMITS
        self._used: dict[str, list[float]] = {verb: [] for verb in self._limits}
        self._lock = threading.Lock()
        app = Starlette(routes=[Route("/{verb}", self._answer, methods=["POST"])])
        super().__init__(app, "space-broker")

    @property
    def environment(self) -> dict[str, str]:
        """What the `space` command needs to find the door; good for this run and this machine."""
        return {"SPACE_BROKER": f"http://127.0.0.1:{self.port}", "SPACE_BROKER_KEY": self.key}

    async def _answer(self, request: Request) -> Response:
        shown = request.headers.get("authorization", "").encode()
        if not hmac.compare_digest(shown, f"Bearer {self.key}".encode()):
            return JSONResponse({"done": False, "text": "That is not this run's key."}, 401)
        try:
            asked = await _asked(request)
        except (ValueError, RecursionError, ClientDisconnect):
            return JSONResponse({"done": False, "text": "The request is no JSON object that is short."}, 400)
        answer = await run_in_threadpool(self._do, request.path_params["verb"], asked)
        return JSONResponse({"done": answer.done, "text": answer.text})

    def _do(self, verb: str, asked: dict[str, JsonValue]) -> Answer:
        begun = time.monotonic()
        answer = self._refused(verb) or self._laboratory.does(verb, asked)
        self._tell(
            {
                "verb": verb[:40],
                "done": answer.done,
                "said": answer.text[:400],
                "seconds": round(time.monotonic() - begun, 2),
            }
        )
        return answer

    def _refused(self, verb: str) -> Answer | None:
        """Why it is not even tried."""
        limit = self._limits.get(verb)
        if limit is None:
            return Answer(False, f"There is no such verb. There are: {', '.join(self._limits)}.")
        with self._lock:
            used = self._used[verb]
            wait = used[-1] + limit.apart - time.monotonic() if used else 0
            if len(used) >= limit.most:
                return Answer(False, f"`space {verb}` was used {limit.most} times, which is all of them.")
            if wait > 0:
                return Answer(False, f"Too soon: wait {wait:.0f} s before the next `space {verb}`.")
            used.append(time.monotonic())
        return None


async def _asked(request: Request) -> dict[str, JsonValue]:
    asked = json.loads(await whole_body(request, LARGEST_REQUEST) or b"{}")
    if not isinstance(asked, dict):
        raise ValueError("no object")  # noqa: TRY004 - of the text, like the one before
    return asked
