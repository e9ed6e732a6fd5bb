"""`Thread`: what every place that people wait in can do."""

from typing import Protocol


class Thread(Protocol):
    def find(self, marker: str) -> str | None:
        """The id of our message that carries this marker, so that nothing is said twice."""

    def post(self, text: str) -> str:
        """Say something new; returns the message's id."""

    def edit(self, message_id: str, text: str) -> bool:
        """Change a message of ours in place. False: it is not there any more."""
