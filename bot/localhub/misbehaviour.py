"""How this Hub misbehaves on purpose: named switches, each with what the real Hub is known to do.

Most of them concern routes and are all applied in `misbehaviour_layer`; the others are one question,
`asks(hub, Switch.X, key)`, at the place that they concern.
"""

import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from bot.localhub.state import Hub

FLUSH_AFTER = 10
"""Seconds; the real one takes 2 to 30."""


class Switch(StrEnum):
    """Named after what a client meets. `sentence` says what the real Hub does."""

    sentence: str

    def __new__(cls, name: str, sentence: str = "") -> Self:
        member = str.__new__(cls, name)
        member._value_ = name
        member.sentence = sentence
        return member

    STATUS = "status", "A route answers 5xx, once or for a while; `status` and `route` choose which."
    RATE_LIMITED = (
        "rate-limited",
        "429 with RateLimit headers: whoami is the strictest, comments have a limit of their own.",
    )
    SLOW_ANSWER = "slow-answer", "An answer begins only after `seconds`."
    SLOW_BODY = "slow-body", "The body of an answer comes in small pieces over `seconds`."
    TRUNCATED_BODY = "truncated-body", "The connection ends in the middle of the body."
    CLOSED_CONNECTION = "closed-connection", "The connection is closed instead of an answer."
    OAUTH_REFUSED = (
        "oauth-refused-on-hardware",
        "OAuth tokens get 401 on a Space's hardware, restart and sleeptime. On from the start.",
    )
    TOKEN_REVOKED = (
        "token-revoked",
        "A person's tokens are revoked: every call answers 401; `user` says whose.",
    )
    NO_CREDITS = "no-credits", "Launching a Job without credits in the namespace answers 402."
    NO_PLAN = "no-plan", "Creating a Gradio or Docker Space on free hardware without a paid plan answers 402."
    NO_PAID_HARDWARE = "no-paid-hardware", "Asking for paid hardware without a payment method answers 402."
    NO_REFRESH_TOKEN = "no-refresh-token", "The answer to a code has no refresh token."
    REPO_LATE = "repo-late", "A new repo answers 404 for `seconds`, although creating it has succeeded."
    REPO_RENAMED = "repo-renamed", "The repo `key` is now called `to`: its old addresses answer 307."
    SPACE_NO_APP_FILE = "space-no-app-file", "After an upload a Space still says NO_APP_FILE."
    SPACE_STALE_RUNNING = (
        "space-stale-running",
        "After an upload a Space still says RUNNING, with the old commit.",
    )
    SPACE_SLEEPING = "space-sleeping", "A Space without visitors says SLEEPING."
    BUCKET_LATE = (
        "bucket-flush-late",
        "What a Job writes to a mounted bucket is seen `seconds` later (2 to 30).",
    )
    BUCKET_HUNG = "bucket-flush-hung", "Nothing that is written to a mounted bucket from now on is ever seen."
    WEBHOOK_TWICE = "webhook-duplicates", "A delivery arrives twice, with nothing that tells them apart."
    WEBHOOK_REORDERED = "webhook-reordered", "A delivery arrives after the one that came after it."
    WEBHOOK_LATE = "webhook-delayed", "A delivery arrives `seconds` late."
    WEBHOOK_LOST = "webhook-lost", "A delivery never arrives."
    WEBHOOK_SUSPENDED = (
        "webhook-suspended",
        "A webhook is switched off after failures, and its owner is not asked.",
    )
    JOB_STUCK = "job-stuck-in-scheduling", "A Job stays in SCHEDULING."
    JOB_LOST = "job-lost", "A Job that was launched answers 404."
    JOB_WITHOUT_FILES = (
        "job-without-files",
        "A Job says COMPLETED, and nothing that it should have written is there.",
    )
    COMMENTS_REFUSED = (
        "comments-refused",
        "Comments and new discussions answer 403: blocked, or switched off.",
    )
    DISCUSSION_LOCKED = "discussion-locked", "A discussion is locked: comments on it answer 403."


class Setting(BaseModel):
    """How a switch is set. What is not given has the switch's own default."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    times: int | None = Field(default=None, ge=1)
    """How often it is met before it switches itself off; None: until it is removed."""
    after: int = Field(default=0, ge=0)
    """How many it lets pass first."""
    each: bool = False
    """Whether every method and path meets it `times` times, once if nothing is said; it stays on."""
    route: str | None = Field(default=None, pattern=r"^[A-Z*]+ /\S*$")
    """`POST /api/jobs/*`: `*` stands for one part of the path, or the method; `**` for any rest."""
    user: str | None = None
    """Only for this person."""
    key: str | None = None
    """Only for this repo, bucket, webhook or Job."""
    status: int | None = Field(default=None, ge=300, le=599)
    seconds: float | None = Field(default=None, ge=0, le=3600)
    to: str | None = None


@dataclass
class Position:
    """A switch that is on: since when (Unix time), and how often it has been asked and met."""

    setting: Setting
    since: float
    asked: int = 0
    met: int = 0
    requests: Counter[str] = field(default_factory=Counter)
    """How often each has asked, where they are counted apart."""


class Board:
    """The switches of one Hub that are on. They last as long as its process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._on = {Switch.OAUTH_REFUSED: Position(Setting(), time.time())}

    def set(self, switch: Switch, setting: Setting) -> None:
        with self._lock:
            self._on[switch] = Position(setting, time.time())

    def remove(self, switch: Switch) -> bool:
        with self._lock:
            return self._on.pop(switch, None) is not None

    def positions(self) -> dict[Switch, Position]:
        with self._lock:
            return dict(self._on)

    def meets(self, switch: Switch, request: str = "") -> Setting | None:
        """Count that the switch was asked for; its setting if it is this one's turn. `request` is method and
        path, where there is one."""
        with self._lock:
            position = self._on.get(switch)
            if position is None:
                return None
            position.asked += 1
            if position.asked <= position.setting.after:
                return None
            position.requests[request] += 1
            if position.setting.each:
                is_over = position.requests[request] > (position.setting.times or 1)
                return None if is_over else position.setting
            position.met += 1
            if position.met == position.setting.times:
                del self._on[switch]
            return position.setting


_boards: dict[Path, Board] = {}
"""By the folder of their Hub."""
_making = threading.Lock()


def board_of(hub: Hub) -> Board:
    with _making:
        return _boards.setdefault(hub.folder, Board())


def asks(hub: Hub, switch: Switch, key: str | None = None) -> Setting | None:
    """The switch's setting if it is on, concerns this key, and it is its turn; asking counts."""
    position = board_of(hub).positions().get(switch)
    if position is None or position.setting.key not in {None, key}:
        return None
    return board_of(hub).meets(switch)


def is_late(hub: Hub, switch: Switch, born: float, *, key: str | None = None, default: float) -> bool:
    """Whether something that exists since `born` (Unix time) is not to be seen yet. Counts nothing."""
    position = board_of(hub).positions().get(switch)
    if position is None or position.setting.key not in {None, key}:
        return False
    seconds = position.setting.seconds
    return time.time() - born < (default if seconds is None else seconds)


def hides(file: Path) -> bool:
    """Whether what was written to a file of a bucket is still on its way, so that nobody sees it yet."""
    board = next((_boards[parent] for parent in file.parents if parent in _boards), None)
    positions = board.positions() if board else {}
    if not positions.keys() & {Switch.BUCKET_LATE, Switch.BUCKET_HUNG}:
        return False
    changed = file.stat().st_mtime
    if (hung := positions.get(Switch.BUCKET_HUNG)) is not None and changed >= hung.since:
        return True
    late = positions.get(Switch.BUCKET_LATE)
    seconds = FLUSH_AFTER if late is None or late.setting.seconds is None else late.setting.seconds
    return late is not None and time.time() - changed < seconds


def fits(route: str, method: str, path: str) -> bool:
    """Whether a request is one of those that the route, as in `Setting.route`, stands for."""
    wanted, _, pattern = route.partition(" ")
    if wanted not in {"*", method}:
        return False
    parts = re.escape(pattern).replace(r"\*\*", ".*").replace(r"\*", "[^/]+")
    return re.fullmatch(parts, path) is not None
