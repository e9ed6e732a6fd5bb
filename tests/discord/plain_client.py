"""Discord as a plain HTTP client sees it, to send what discord.py never would."""

from dataclasses import dataclass, field
from typing import Any

import httpx2

from tests.harness.discord import DiscordServer, Interaction


@dataclass
class Plain:
    """Everything with the bot's token, unless `bare`. Refusals are pairs of status and code."""

    discord: DiscordServer
    client: httpx2.Client = field(default_factory=lambda: httpx2.Client(trust_env=False, timeout=10))

    def send(
        self, method: str, path: str, body: Any = None, *, bare: bool = False, **more: Any
    ) -> httpx2.Response:
        headers = {} if bare else {"Authorization": f"Bot {self.discord.token}"}
        if body is not None:
            more["json"] = body
        return self.client.request(method, self.discord.api + path, headers=headers, **more)

    def refused(self, method: str, path: str, body: Any = None, *, bare: bool = False) -> tuple[int, int]:
        answered = self.send(method, path, body, bare=bare)
        return answered.status_code, answered.json()["code"]

    def faults(self, method: str, path: str, body: Any) -> dict[str, list[str]]:
        """Which fields were refused, and with which codes: `{"embeds.0.title": [...]}`."""
        answered = self.send(method, path, body)
        assert (answered.status_code, answered.json()["code"]) == (400, 50035), answered.text
        return leaves(answered.json()["errors"])

    def callback(self, interaction: Interaction) -> str:
        return f"/interactions/{interaction.id}/{interaction.token}/callback"

    def webhook(self, interaction: Interaction) -> str:
        return f"/webhooks/{self.discord.application_id}/{interaction.token}"


def leaves(tree: dict[str, Any], *path: str) -> dict[str, list[str]]:
    """Codes by the dotted path of the field that is wrong."""
    found = {}
    for name, below in tree.items():
        if name == "_errors":
            found[".".join(path)] = [each["code"] for each in below]
        else:
            found |= leaves(below, *path, name)
    return found
