"""The names that repos once had: who asks under one of them is sent on."""

from bot.localhub.state import Hub, Record


class Moved(Record):
    """Stored under the key that a repo once had."""

    to: str
    """`repo_id_hex` of the repo."""


class RepoMoved(Exception):
    """The repo has another name now."""

    def __init__(self, old_id: str, new_id: str) -> None:
        super().__init__(f"{old_id} is now {new_id}")
        self.old_id = old_id
        self.new_id = new_id


def remember(hub: Hub, old_key: str, repo_id_hex: str) -> None:
    hub.all(Moved).put(old_key, Moved(to=repo_id_hex))


def who_was(hub: Hub, key: str) -> str | None:
    """`repo_id_hex` of the repo that once had this key."""
    moved = hub.all(Moved).get(key)
    return moved.to if moved else None
