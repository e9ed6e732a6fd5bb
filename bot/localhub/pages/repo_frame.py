"""What the head of every page of a repo shows."""

from typing import Any

from bot.localhub.discussions import discussions_of
from bot.localhub.repos import Repo
from bot.localhub.state import Hub


def address_of(repo: Repo) -> str:
    """The path of the repo's own page."""
    return f"/{repo.kind.prefix}{repo.id}"


def frame_of(hub: Hub, repo: Repo) -> dict[str, Any]:
    open_ones = [one for one in discussions_of(hub, repo) if one.status == "open"]
    return {"repo": repo, "address": address_of(repo), "open_discussions": len(open_ones)}
