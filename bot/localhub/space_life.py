"""The life of Spaces: which version is being launched, which one serves, and what takes its place."""

import time
from dataclasses import dataclass, field

from bot.localhub.hardware import DEFAULT
from bot.localhub.processes import GRACE
from bot.localhub.repos import Repo
from bot.localhub.space_builder import Failed
from bot.localhub.space_launch import GivenUp, Launch
from bot.localhub.space_records import Space, Stage, change, sleeps_after, space_of
from bot.localhub.state import Hub


@dataclass
class Life:
    """What goes on with one Space. Changed only under the Hub's lock, together with the record."""

    hub: Hub
    launching: Launch | None = None
    serving: Launch | None = None
    visited: float = field(default_factory=time.monotonic)
    """When the app was last asked for something, or began to serve."""

    def begin(self, repo: Repo) -> None:
        """Launch the head of the repo. What is being launched is given up; what serves goes on until then."""
        with self.hub.lock:
            outdone = self.launching
            self.launching = Launch(
                self.hub, repo, on_start=self._started, on_ready=self._ready, on_failure=self._failed
            )
            if self.serving is not None:
                change(self.hub, repo, stage=Stage.RUNNING_BUILDING, error=None)
            else:
                change(self.hub, repo, stage=Stage.BUILDING, error=None, sha=None, hardware=None)
            self.launching.start()
        if outdone is not None:
            outdone.give_up()

    def detach(self) -> list[Launch]:
        """Forget the launches, so that they change nothing any more; they are the caller's to end."""
        with self.hub.lock:
            launches = [launch for launch in (self.launching, self.serving) if launch is not None]
            self.launching = self.serving = None
            return launches

    def _started(self, launch: Launch) -> None:
        """The launch is built and starts its app."""
        with self.hub.lock:
            self._check(launch)
            if self.serving is not None:
                self.serving.muted = True
                change(self.hub, launch.repo, stage=Stage.RUNNING_APP_STARTING)
            else:
                change(self.hub, launch.repo, stage=Stage.APP_STARTING)

    def _ready(self, launch: Launch) -> None:
        """The launch answers: it serves from now on."""
        with self.hub.lock:
            self._check(launch)
            replaced, self.serving, self.launching = self.serving, launch, None
            self.visited = time.monotonic()
            hardware = space_of(self.hub, launch.repo).requested_hardware or DEFAULT
            head = launch.repo.head
            change(self.hub, launch.repo, stage=Stage.RUNNING, sha=head, hardware=hardware, error=None)
        if replaced is not None:
            replaced.give_up()

    def _failed(self, launch: Launch, failure: Failed) -> None:
        """The launch, or the app it had started, has ended by itself. The record names the commit it was."""
        replaced = None
        with self.hub.lock:
            if launch is self.launching:
                replaced, self.serving, self.launching = self.serving, None, None
                self._record_failure(launch, failure)
            elif launch is self.serving:
                self.serving = None
                if self.launching is not None:
                    change(self.hub, launch.repo, stage=Stage.BUILDING, sha=None, hardware=None)
                else:
                    self._record_failure(launch, failure)
        if replaced is not None:
            replaced.give_up()

    def _record_failure(self, launch: Launch, failure: Failed) -> None:
        change(
            self.hub,
            launch.repo,
            stage=failure.stage,
            error=failure.message,
            sha=launch.repo.head,
            hardware=None,
        )

    def _check(self, launch: Launch) -> None:
        if launch is not self.launching:
            raise GivenUp


_lives: dict[str, Life] = {}
"""By the hex id of the Space's repo."""


def begin(hub: Hub, repo: Repo) -> None:
    """Launch the head of the Space's repo in the background."""
    with hub.lock:
        life = _lives.setdefault(repo.repo_id_hex, Life(hub))
    # Of two pushes at once, the one that tells us last need not be the later one.
    life.begin(hub.all(Repo).get(repo.key) or repo)


def visit(hub: Hub, repo: Repo) -> Launch | None:
    """Someone asks for the app: the version that answers now. A Space that sleeps is woken."""
    with hub.lock:
        if life := _lives.get(repo.repo_id_hex):
            life.visited = time.monotonic()
        space = hub.all(Space).get(repo.repo_id_hex)
        if space is not None and space.stage is Stage.SLEEPING:
            begin(hub, repo)
    return serving(repo)


def put_to_sleep(hub: Hub, repo: Repo) -> None:
    """End the app if it runs undisturbed and nobody has come for as long as the Space stays awake."""
    with hub.lock:
        life, space = _lives.get(repo.repo_id_hex), hub.all(Space).get(repo.repo_id_hex)
        limit = sleeps_after(space) if space is not None else None
        if life is None or space is None or space.stage is not Stage.RUNNING or limit is None:
            return
        if repo.sdk == "static" or time.monotonic() - life.visited < limit:
            return
        del _lives[repo.repo_id_hex]
        launches = life.detach()
        change(hub, repo, stage=Stage.SLEEPING, sha=None, hardware=None)
    _end_launches(launches)


def serving(repo: Repo) -> Launch | None:
    """The version that answers for the Space now."""
    life = _lives.get(repo.repo_id_hex)
    return life.serving if life is not None else None


def goes_on(repo: Repo) -> bool:
    """Whether some version is being launched or serves."""
    life = _lives.get(repo.repo_id_hex)
    return life is not None and (life.launching is not None or life.serving is not None)


def end(repo: Repo) -> None:
    """End all that goes on with the Space; returns when nothing is left. The record stays as it is."""
    life = _lives.pop(repo.repo_id_hex, None)
    _end_launches(life.detach() if life is not None else [])


def end_all(hub: Hub) -> None:
    """As `end`, for all Spaces of a Hub. Their records stay, so that the next start launches them again."""
    ours = {key: life for key, life in _lives.items() if life.hub is hub}
    for key in ours:
        del _lives[key]
    _end_launches([launch for life in ours.values() for launch in life.detach()])


def _end_launches(launches: list[Launch]) -> None:
    for launch in launches:
        launch.give_up()
    for launch in launches:
        launch.join(GRACE + 3)
