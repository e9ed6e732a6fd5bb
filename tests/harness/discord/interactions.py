"""One interaction from the press of a key to its last answer, as the person who asked sees it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.harness.discord.callback_fields import Asked, Choice, Kind, Modal
from tests.harness.discord.messages import Message
from tests.harness.discord.places import Channel, User
from tests.harness.waiting import wait_until

FIRST_ANSWER = 3.0
"""Seconds until the person is told that the application did not respond."""
TOKEN_LIFE = 15 * 60.0


@dataclass(eq=False)
class Interaction:
    """`asked_at` and `answered_at` are Discord's time; `milliseconds` is the time to the first answer.

    `source` is the message whose button was pressed, and `said_before` how often it had spoken until then.
    `refused` is why the interaction endpoint's answer was not taken, if there is one.
    """

    id: str
    token: str
    asked: Asked
    user: User
    channel: Channel
    owners: dict[str, str]
    asked_at: float
    command: str = ""
    source: Message | None = None
    said_before: int = 0
    payload: dict[str, Any] = field(default_factory=dict, repr=False)
    kind: Kind | None = None
    answered_at: float | None = None
    original: Message | None = None
    followups: list[Message] = field(default_factory=list)
    choices: list[Choice] | None = None
    modal: Modal | None = None
    refused: str | None = None

    def acknowledged(self, seconds: float = FIRST_ANSWER) -> Kind:
        """Wait for the first answer of any kind, as long as Discord does."""
        wait_until(lambda: self.kind or self.refused, f"a first answer to {self}", seconds)
        assert self.kind, f"{self}: the application did not respond ({self.refused})"
        return self.kind

    def reply(self, seconds: float = 60) -> Message:
        """Wait for the first words: what a deferred answer became, or the message that was updated."""
        self.acknowledged()

        def words() -> Message | None:
            there = self.original
            if there is None or there.thinking:
                return None
            waits = self.kind is Kind.DEFERRED_UPDATE and len(there.revisions) == self.said_before
            return None if waits else there

        return wait_until(words, f"words after the first answer to {self}", seconds)

    def followup(self, number: int = 1, seconds: float = 60) -> Message:
        """Wait for the nth follow-up."""
        wait_until(lambda: len(self.followups) >= number, f"follow-up {number} to {self}", seconds)
        return self.followups[number - 1]

    @property
    def message(self) -> Message:
        """The first answer as it stands."""
        assert self.original, f"{self} has no message yet"
        return self.original

    @property
    def milliseconds(self) -> float:
        assert self.answered_at is not None, f"{self} was not answered"
        return (self.answered_at - self.asked_at) * 1000

    @property
    def only_by_user(self) -> bool:
        """The app is here with this person alone: at most five follow-ups."""
        return list(self.owners) == ["1"]

    def __str__(self) -> str:
        return f"{self.user.name}'s {self.command or self.asked.name.lower()} ({self.id})"
