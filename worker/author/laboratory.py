"""What the agent may do with its one Space, done for it with the token that it never sees.

The Space is made when the agent pushes first. Everything that comes back is redacted and bounded.
"""

import json
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from huggingface_hub.errors import HfHubHTTPError
from pydantic import JsonValue

from worker.author.guard import Refusal
from worker.author.workspace import Workspace
from worker.errors import Failed, failure_of
from worker.hub import Hub
from worker.redact import Redactor
from worker.space import Space, upload
from worker.space_logs import read_logs
from worker.validate.client import AppClient, Reply
from worker.writing import renamed

LONGEST_ANSWER = 12_000
"""Characters of what the agent gets to read at once: it pays for each of them."""
LOG_LINES = 120
STAMP = "restart.txt"
"""A commit that changes this file starts the Space anew; the Hub's own route refuses tokens of apps."""


@dataclass(frozen=True)
class Answer:
    """What a verb comes to: whether it was done, and the text for the agent."""

    done: bool
    text: str


@dataclass(frozen=True)
class Pushed:
    """What the Space has."""

    workspace: Workspace
    commit: str


class Laboratory:
    """One Space for one run. `place` makes it or finds it again; `check` says why not to publish.

    `unfit` is asked as well before the Space is made, for that may take scarce hardware: from the guard it
    goes to the twin, and only then to a Space. `wished` is the Space's name if nobody has it already.
    """

    def __init__(
        self,
        hub: Hub,
        run_id: str,
        place: Callable[[], Space],
        read: Callable[[], Workspace],
        check: Callable[[Workspace], tuple[Refusal, ...]],
        redactor: Redactor,
        unfit: Callable[[Workspace], str | None] = lambda _workspace: None,
        wished: str = "",
    ) -> None:
        self.pushed: Pushed | None = None
        self.space: Space | None = None
        self._hub, self._run_id = hub, run_id
        self._place, self._read, self._check = place, read, check
        self._redactor = redactor
        self._unfit, self._wished = unfit, wished
        self._lock = threading.Lock()

    def does(self, verb: str, asked: dict[str, JsonValue]) -> Answer:
        """Do what the agent asks for. Every failure is an answer with what to do next."""
        try:
            answer = self._do(verb, asked)
        except (Failed, HfHubHTTPError, OSError) as error:
            answer = Answer(False, f"{failure_of(error).message}\nTry again, or go on with the files.")
        return Answer(answer.done, _bounded(self._redactor.text(answer.text)))

    def _do(self, verb: str, asked: dict[str, JsonValue]) -> Answer:
        if verb != "push" and self.space is None:
            return Answer(False, "There is no Space yet. Write the files, then: space push")
        match verb:
            case "push":
                return self._push()
            case "status":
                return self._status()
            case "logs":
                return self._logs(of_build=asked.get("of") == "build")
            case "call":
                return self._call(asked)
            case _:
                return self._restart()

    def publish(self, workspace: Workspace) -> Pushed:
        """Put a workspace that was checked into the Space; nothing is sent where it has it already."""
        with self._lock:
            if self.pushed and self.has(workspace):
                return self.pushed
            self.space = self.space or self._place()
            message = "The app, by the coding agent of Space Factory"
            files = self.as_published(workspace).files
            commit = upload(self._hub, self.space, self._run_id, files, message)
            self.pushed = Pushed(workspace, commit)
            return self.pushed

    @property
    def commit(self) -> str | None:
        return self.pushed.commit if self.pushed else None

    def has(self, workspace: Workspace) -> bool:
        """Whether the Space has these very files."""
        return self.pushed is not None and self.pushed.workspace.files == workspace.files

    def as_published(self, workspace: Workspace) -> Workspace:
        """With the name that the Space has got, where the README tells the one that was wished for."""
        if not (self.space and self._wished):
            return workspace
        return replace(workspace, files=renamed(workspace.files, self._wished, self.space.id))

    def _push(self) -> Answer:
        workspace = self._read()
        if refusals := self._check(workspace):
            reasons = "\n".join(f"- {each}" for each in refusals)
            return Answer(False, f"Nothing was pushed. Mend this first:\n{reasons}")
        if self.space is None and (fault := self._unfit(workspace)):
            return Answer(False, f"Nothing was pushed. Beside a small copy of the model it failed:\n{fault}")
        before = self.pushed
        pushed = self.publish(workspace)
        if before is pushed:
            return Answer(True, f"The Space has these very files already, as {pushed.commit[:7]}.")
        return Answer(
            True,
            f"Pushed {len(workspace.files)} files as {pushed.commit[:7]}."
            " It builds now: space status --wait 300",
        )

    def _status(self) -> Answer:
        assert self.space
        runtime = self._hub.call(lambda: self._hub.api.get_space_runtime(self.space.id if self.space else ""))
        said = runtime.raw.get("errorMessage")
        of = runtime.raw.get("sha")
        lines = [f"stage: {runtime.stage}", f"hardware: {runtime.hardware or 'none yet'}"]
        lines += [f"commit: {str(of)[:7]}"] if of else []
        lines += [f"pushed: {self.pushed.commit[:7]}"] if self.pushed else []
        lines += [f"error: {said}"] if said else []
        return Answer(True, "\n".join(lines))

    def _logs(self, *, of_build: bool) -> Answer:
        assert self.space
        logs = read_logs(self._hub, self.space.id)
        text = logs.build if of_build else logs.run
        first = logs.first_error(of_build=of_build)
        lines = text.splitlines()[-LOG_LINES:]
        head = [f"first error: {first}", ""] if first else []
        return Answer(True, "\n".join([*head, *lines]) or "The log is empty.")

    def _call(self, asked: dict[str, JsonValue]) -> Answer:
        assert self.space
        host = self._hub.call(lambda: self._hub.api.space_info(self.space.id if self.space else "")).host
        if not host:
            return Answer(False, "The Space has no address yet: space status --wait 300")
        with tempfile.TemporaryDirectory() as folder:
            client = AppClient(host, self._hub.token, folder=Path(folder) / "answers")
            endpoint, inputs = asked.get("endpoint"), asked.get("inputs")
            if not isinstance(endpoint, str) or not isinstance(inputs, dict):
                return Answer(True, _offer(client))
            given = {name: self._given(value, Path(folder)) for name, value in inputs.items()}
            return _told(client.call(endpoint, given))

    def _given(self, value: JsonValue, folder: Path) -> JsonValue | Path:
        """An input; `{"file": PATH}` is a file of the workspace."""
        match value:
            case {"file": str() as path}:
                content = self._read().files.get(PurePosixPath(path).as_posix())
                if content is None:
                    raise Failed("no_file", f"{path} is no file of the workspace.")
                file = folder / PurePosixPath(path).name
                file.write_bytes(content)
                return file
            case _:
                return value

    def _restart(self) -> Answer:
        assert self.space
        done = self._hub.api.upload_file(
            path_or_fileobj=f"{datetime.now(UTC).isoformat()}\n".encode(),
            path_in_repo=STAMP,
            repo_id=self.space.id,
            repo_type="space",
            commit_message="Start anew",
        )
        if self.pushed:
            self.pushed = Pushed(self.pushed.workspace, done.oid)
        return Answer(True, "It starts anew: space status --wait 300")


def _offer(client: AppClient) -> str:
    """What can be called, or why nothing can."""
    try:
        return json.dumps(client.app().schema, ensure_ascii=False, indent=1)
    except Exception as error:  # an app that does not run fails in any way, and each is an answer
        return f"The app does not answer: {type(error).__name__}: {str(error)[:300]}"


def _told(reply: Reply) -> Answer:
    if reply.error:
        return Answer(False, f"The app failed after {reply.seconds} s: {reply.error}\nNext: space logs run")
    files = "".join(f"\nfile: {each.name}, {each.stat().st_size} bytes" for each in reply.files)
    return Answer(True, f"{json.dumps(reply.output, ensure_ascii=False)}{files}\nafter {reply.seconds} s")


def _bounded(text: str) -> str:
    if len(text) <= LONGEST_ANSWER:
        return text
    half = LONGEST_ANSWER // 2
    return f"{text[:half]}\n… {len(text) - 2 * half} characters left out …\n{text[-half:]}"
