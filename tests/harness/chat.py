"""World and Discord together: the bot has both entrances, and people have accounts in both places."""

from __future__ import annotations

from pathlib import Path

from bot.domain.models import Run, RunState
from tests.harness.discord import Channel, DiscordServer, Guild, Interaction, Message
from tests.harness.discord import Person as OnDiscord
from tests.harness.discord_calls import FINAL, LIVING
from tests.harness.people import Person
from tests.harness.waiting import wait_until
from tests.harness.world import World


class Chat:
    """A guild "workshop" with the bot; ada and bob are on Discord by the same names."""

    def __init__(self, folder: Path, **settings: object) -> None:
        self.discord = DiscordServer().start()
        self.guild: Guild = self.discord.guild("workshop")
        self.channel: Channel = self.guild.channels[0]
        self.ada = self.discord.person("ada")
        self.bob = self.discord.person("bob", nickname="@everyone")
        given = {
            "discord_token": self.discord.token,
            "discord_application_id": self.discord.application_id,
            "discord_client_secret": self.discord.client_secret,
            "discord_public_key": self.discord.public_key,
            "discord_api": self.discord.api,
        }
        self.world = World(folder, **(given | settings))
        self.discord.state.oauth.redirects.append(f"{self.world.url}/discord/callback")
        if self.world.settings.discord_gateway:
            self.discord.connects()
        wait_until(self.discord.state.commands.all, "the commands")

    def link_of(self, asked: Interaction) -> str:
        """The link that an unlinked person was given."""
        message = asked.reply()
        assert message.ephemeral
        return message.link("Connect")

    def follows(self, link: str, who: OnDiscord, on_hub: Person) -> str:
        """The whole way in one browser; returns the words of the last page, before the confirmation."""
        page = on_hub.browser.open(link)
        if "Go on to Discord" in page.text:
            page = on_hub.browser.submit("Go on to Discord")
        if page.url.path == "/oauth2/authorize" and "/login" in page.text and "username" in page.text:
            page = on_hub.browser.submit("/login", username=who.name)
        if page.url.path == "/oauth2/authorize":
            page = on_hub.browser.submit("decision", decision="allow")
        if page.url.path == "/login":
            page = on_hub.browser.submit("username", username=on_hub.name)
        if page.url.path == "/oauth/authorize":
            page = on_hub.browser.submit("decision", decision="allow")
        return page.text

    def links(self, who: OnDiscord, on_hub: Person) -> None:
        """Their two accounts are linked from now on."""
        self.follows(self.link_of(who.slash("connect")), who, on_hub)
        page = on_hub.browser.submit("/discord/confirm")
        assert "Your accounts are connected" in page.text
        assert "is connected with" in who.next_message(who.dm).text

    def leaves_discord(self, on_hub: Person) -> None:
        """Log out of Discord in this browser."""
        on_hub.browser.forgets("discord_session")

    def operated_by(self, who: OnDiscord) -> None:
        """From now on; the operator sets it and starts the bot again."""
        self.world.settings = self.world.settings.model_copy(update={"discord_operators": (who.id,)})
        self.world.restarts()
        self.discord.connects()

    def run(self) -> Run:
        """The newest run."""
        return wait_until(lambda: next(iter(self.world.runs()), None), "a run")

    def run_reaches(self, state: RunState, seconds: float = 120) -> Run:
        return wait_until(lambda: self.run() if self.run().state is state else None, f"{state}", seconds)

    def run_ends(self, seconds: float = 180) -> Run:
        return wait_until(lambda: self.run() if self.run().is_settled else None, "the run's end", seconds)

    def told_of(self, run: Run) -> tuple[int, int]:
        """How many living messages and how many final answers of it the channel has."""
        said = [each.text for each in self.bob.sees(self.channel) if run.id in each.text]
        return sum(LIVING in text for text in said), sum(FINAL in text for text in said)

    def says(self, message: Message, words: str, seconds: float = 60) -> None:
        """Wait until this message says that."""
        wait_until(lambda: words in message.text, f"{words!r}, not {message.text!r}", seconds)

    def close(self) -> None:
        self.world.close()
        self.discord.stop()
