"""`SpaceFactory`: a bot, called with somebody's key. Every call is safe to repeat."""

import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any, TypeVar, Unpack

from pydantic import BaseModel

from .options import BuildOptions, PlanOptions, RebuildOptions, RetryOptions, ValidateOptions, WatchOptions
from .problems import Refused, TooLate, Unreachable
from .shapes import Event, Me, Request, Run, Watch
from .wire import LONGEST_WAIT, Broken, Wire

REOPENINGS = 9
"""Of a stream, in a row without a word: some minutes, in which a bot starts again."""

T = TypeVar("T", bound=BaseModel)


class SpaceFactory:
    """`url` is the bot's address; `key` is one of the account page, or `hub_token` a token of Hugging Face
    that may start Jobs. ValueError if they would travel readable. Use it as a context, or `close` it."""

    def __init__(self, url: str, *, key: str | None = None, hub_token: str | None = None) -> None:
        headers = {"x-api-key": key} if key else {}
        if hub_token:
            headers["Authorization"] = f"Bearer {hub_token}"
        self._wire = Wire(url, headers)

    def __enter__(self) -> "SpaceFactory":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._wire.close()

    def build(self, model: str, **options: Unpack[BuildOptions]) -> Request:
        """A private, tested Space for this model in your account. `request.run` is what to follow."""
        return self.ask("build", {"model": model, **options})

    def rebuild(self, model: str, **options: Unpack[RebuildOptions]) -> Request:
        """Bring your Space for this model up to date, judged beside it first."""
        return self.ask("rebuild", {"model": model, **options})

    def plan(self, model: str, **options: Unpack[PlanOptions]) -> Request:
        """What would be built, on which hardware and for how much; builds nothing."""
        return self.ask("plan", {"model": model, **options})

    def validate(self, space: str, **options: Unpack[ValidateOptions]) -> Request:
        """Call a Space of yours with test inputs and judge its answers."""
        return self.ask("validate", {"space": space, **options})

    def watch(self, model: str, **options: Unpack[WatchOptions]) -> Request:
        return self.ask("watch", {"model": model, **options})

    def unwatch(self, model: str) -> Request:
        return self.ask("unwatch", {"model": model})

    def cancel(self, run_id: str) -> Request:
        return self.ask(f"runs/{run_id}/cancel")

    def retry(self, run_id: str, **options: Unpack[RetryOptions]) -> Request:
        """The same again, with other options where some are given."""
        return self.ask(f"runs/{run_id}/retry", {**options})

    def rollback(self, run_id: str) -> Request:
        """Put a rebuilt Space back to what it was before."""
        return self.ask(f"runs/{run_id}/rollback")

    def ask(self, path: str, body: dict[str, Any] | None = None) -> Request:
        """Have a command done, once however often it has to be sent. Refused with the bot's own sentence."""
        headers = {"Idempotency-Key": uuid.uuid4().hex}
        answer = self._wire.send("POST", path, json=body, headers=headers)
        request = Request.model_validate_json(answer.content)
        pause = 1.0
        while request.state == "waiting":
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_WAIT)
            request = self._read(Request, f"requests/{request.id}")
        if request.state == "refused":
            raise Refused(200, request.code or "", request.sentence, request.id)
        return request

    def me(self) -> Me:
        """Whom this key or token speaks for."""
        return self._read(Me, "me")

    def run(self, run_id: str) -> Run:
        return self._read(Run, f"runs/{run_id}")

    def runs(self, **filters: str | int) -> list[Run]:
        """Your own, newest first; `state`, `model`, `limit` and `before` choose."""
        return [Run.model_validate(each) for each in self._json("runs", **filters)["runs"]]

    def events(self, run_id: str, after: int = 0) -> list[Event]:
        found = self._json(f"runs/{run_id}/events", after=after)["events"]
        return [Event.model_validate(each) for each in found]

    def logs(self, run_id: str, lines: int = 100) -> list[str]:
        return list(self._json(f"runs/{run_id}/logs", lines=lines)["lines"])

    def watches(self) -> list[Watch]:
        return [Watch.model_validate(each) for each in self._json("watches")["watches"]]

    def follow(self, run_id: str, seconds: float = float("inf")) -> Iterator[Run]:
        """The run each time it has changed, until it is over. A stream that breaks is opened again; TooLate
        after so many seconds."""
        ends, tries = time.monotonic() + seconds, 0
        while True:
            try:
                for run in self._streamed(run_id):
                    tries = 0
                    if run:
                        yield run
                    if run and run.is_over:
                        return
                    if time.monotonic() > ends:
                        raise TooLate(run_id, seconds)
            except Broken as trouble:
                tries += 1
                if tries > REOPENINGS:
                    raise Unreachable(str(trouble)) from None
            time.sleep(min(2.0**tries, LONGEST_WAIT))

    def wait(
        self, run_id: str, seconds: float = float("inf"), changed: Callable[[Run], None] | None = None
    ) -> Run:
        """The run when it is over; `changed` is told of each change before."""
        run = None
        for run in self.follow(run_id, seconds):
            if changed:
                changed(run)
        assert run is not None
        return run

    def _streamed(self, run_id: str) -> Iterator[Run | None]:
        """None where nothing has changed."""
        for kind, data in self._wire.listen(f"runs/{run_id}/stream"):
            yield Run.model_validate_json(data) if kind == "run" else None

    def _read(self, kind: type[T], path: str) -> T:
        return kind.model_validate_json(self._wire.send("GET", path).content)

    def _json(self, path: str, **query: str | int) -> Any:
        return self._wire.send("GET", path, params=query).json()
