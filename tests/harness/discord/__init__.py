"""Discord on loopback: the only stand-in for Discord in the tests, for the real, unmodified discord.py.

It speaks REST (`/api/v10`), the gateway (version 10), signed HTTP interactions and OAuth, and is stricter
than Discord: a field it does not know is refused, and what it lacks answers 501 with its name.

**How a product is pointed at it.** One setting, `DISCORD_API`, default `https://discord.com/api/v10`. It is
put to use in one place, before anything connects; product and tests do the same:

    discord.http.Route.BASE = settings.discord_api

    class Bot(discord.Client):
        async def setup_hook(self) -> None:
            _, url, _ = await self.http.get_bot_gateway()
            discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(url)

The second half is needed because `discord.Client` never asks `/gateway/bot` where the gateway is (only
`AutoShardedClient` does, and it too falls back to `DEFAULT_GATEWAY` after an invalid session). `setup_hook`
runs after the login and before the connection. Asking is what Discord's documentation wants, so there is no
`if local`. OAuth uses the same base: `{DISCORD_API}/oauth2/authorize` for the browser,
`{DISCORD_API}/oauth2/token` for the server. A process that only answers HTTP interactions needs `Route.BASE`
alone.

**How a test reads.**

    with DiscordServer() as discord:
        workshop = discord.guild("workshop")
        ada = discord.person("ada", locale="fr")
        ...                                             # start the bot with discord.api and discord.token
        discord.connects()
        asked = ada.slash("build", model="zoo/x")       # in_=workshop.channels[0] if it matters
        assert "Building" in asked.reply().text
        ada.clicks(asked.message, "Cancel").reply()
        assert [each.value for each in ada.types("build", model="zo")] == ["zoo/x"]

**Switches.** `discord.gateway.drops() | asks_to_reconnect() | invalidates() | closes(code)`,
`discord.rate_limits.refuses(route, retry_after=)`, `discord.troubles.answers(502) | delays(s) | drops()`,
`discord.passes(minutes=16)`, `channel.takes_from_bot(Permission.SEND_MESSAGES)`, `discord.deletes(channel)`,
`discord.endpoint.set_to(url)`, `discord.endpoint.sends(payload, forged=True | age=600 | tampered=True)`.
`discord.webhook_events.set_to(url)` has the application told who installs and removes it.
`discord.journal` has every request.
"""

from tests.harness.discord.interactions import Interaction
from tests.harness.discord.messages import Message
from tests.harness.discord.people import Person
from tests.harness.discord.permissions import Permission
from tests.harness.discord.places import Channel, Guild
from tests.harness.discord.server import DiscordServer

__all__ = ["Channel", "DiscordServer", "Guild", "Interaction", "Message", "Permission", "Person"]
