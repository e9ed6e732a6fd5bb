"""One launch of a Space: from its turn to build, over an app that answers, to the end of that app."""

import logging
import secrets
import shutil
import threading
from collections import deque
from collections.abc import Callable

from bot.localhub import processes, volumes
from bot.localhub.repos import Repo
from bot.localhub.space_app import await_health, free_port, reason_of_end
from bot.localhub.space_builder import Built, Failed, app_environment, build, command_environment
from bot.localhub.space_records import Stage, build_log, folder_of, run_log
from bot.localhub.state import Hub, now

AT_ONCE = 2
"""Builds at the same time; the others wait in BUILDING."""
LAST_LINES = 20
POLL = 0.2
_turns = threading.BoundedSemaphore(AT_ONCE)


class GivenUp(Exception):
    """This launch is no longer wanted: there is a newer one, or the Space is to stop."""


class Launch(threading.Thread):
    """Brings the head of a repo to life, and stays with it until it ends or is given up.

    `on_start` and `on_ready` are told how far it is, `on_failure` why it ended by itself.
    """

    def __init__(
        self,
        hub: Hub,
        repo: Repo,
        *,
        on_start: "Callable[[Launch], None]",
        on_ready: "Callable[[Launch], None]",
        on_failure: "Callable[[Launch, Failed], None]",
    ) -> None:
        super().__init__(name=f"space {repo.id}", daemon=True)
        self.repo = repo
        self.folder = folder_of(hub, repo) / f"{repo.head[:12]}-{secrets.token_hex(2)}"
        self.built: Built | None = None
        self.port: int | None = None
        """Where the app listens; None for a static Space."""
        self.muted = False
        """Whether a newer launch writes the run log now."""
        self._hub = hub
        self._on_start, self._on_ready, self._on_failure = on_start, on_ready, on_failure
        self._process: processes.Process | None = None
        self._lock = threading.Lock()
        self._unwanted = threading.Event()
        self._last_lines: deque[str] = deque(maxlen=LAST_LINES)

    def give_up(self) -> None:
        """End it, whatever it is doing. Returns at once; `join` waits for the end."""
        with self._lock:
            self._unwanted.set()
            if self._process is not None:
                self._process.terminate()

    def run(self) -> None:
        try:
            self.built = self._build_in_turn()
            self._on_start(self)
            if self.built.python is not None:
                self._run_app(self.built)
            else:
                self._on_ready(self)
                self._unwanted.wait()
        except GivenUp:
            pass
        except Failed as failure:
            self._on_failure(self, failure)
        except Exception as error:
            # Whatever happened, a Space must not stay BUILDING for ever.
            logging.getLogger(__name__).exception("Space %s could not be launched", self.repo.id)
            self._on_failure(self, Failed(Stage.RUNTIME_ERROR, f"The Hub could not run the Space: {error}"))
        finally:
            self._clean_up()

    def _build_in_turn(self) -> Built:
        while not _turns.acquire(timeout=POLL):
            self._check()
        try:
            return self._build()
        finally:
            _turns.release()

    def _build(self) -> Built:
        log = build_log(self._hub, self.repo)
        environment = command_environment(self._hub, self.repo)

        def say(line: str) -> None:
            if not self._unwanted.is_set():
                log.write(f"{line}\n")

        def run(command: list[str]) -> int:
            return self._spawn(command, environment, say).wait()

        self._check()
        log.clear()
        return build(self._hub, self.repo, self.folder, run, say)

    def _run_app(self, built: Built) -> None:
        """Start the app and stay until it ends. Raises Failed when that was not asked for."""
        log = run_log(self._hub, self.repo)
        log.clear()
        log.write(f"===== Application Startup at {now()} =====\n\n")

        def say(line: str) -> None:
            self._last_lines.append(f"{line}\n")
            if not self.muted:
                log.write(f"{line}\n")

        self.port = free_port()
        environment = app_environment(self._hub, self.repo, built, self.port)
        process = self._spawn(built.command, environment, say)
        await_health(process, self.port, built.config.startup_seconds, self._last_lines)
        self._on_ready(self)
        raise Failed(Stage.RUNTIME_ERROR, reason_of_end(process.wait(), self._last_lines))

    def _spawn(
        self, command: list[str], environment: dict[str, str], say: Callable[[str], None]
    ) -> processes.Process:
        with self._lock:
            self._check()
            self._process = processes.start(command, cwd=self.folder, env=environment, on_line=say)
            return self._process

    def _check(self) -> None:
        if self._unwanted.is_set():
            raise GivenUp

    def _clean_up(self) -> None:
        if self._process is not None:
            self._process.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
        volumes.unmount(self.folder.with_name(f"{self.folder.name}-volumes"))
