"""`Thread`: what every place that people wait in can do."""

from typing import Protocol


class Thread(Protocol):
    def find(self, marker: str, but: str | None = None) -> str | None:
        """The id of our message that carries this marker, so that nothing is said twice; never `but`."""

    def post(self, text: str) -> str:
        """Say something new; returns the message's id."""

    def remove(self, message_id: str) -> None:
        """Take back a message of ours."""

    def edit(self, message_id: str, text: str) -> bool:
        """Change a message of ours in place. False: it is not there any more."""
