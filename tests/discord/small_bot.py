"""A bot on the real discord.py, with one command for each way of answering; on a thread of its own."""

from __future__ import annotations

import asyncio
import io
import re
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

import discord
import yarl
from discord import app_commands

from tests.harness.waiting import wait_until

T = TypeVar("T")


class SmallBot(discord.Client):
    """`events` are what it has heard. It has no `on_ready`, which discord.py may call after its own end."""

    def __init__(self) -> None:
        super().__init__(
            intents=discord.Intents.default(),
            allowed_mentions=discord.AllowedMentions.none(),
            guild_ready_timeout=0.05,
        )
        self.tree = app_commands.CommandTree(self)
        self.tree.allowed_installs = app_commands.AppInstallationType(guild=True, user=True)
        self.events: list[str] = []
        self.ends_build = asyncio.Event()
        _add_commands(self)
        self.tree.add_command(settings)

    async def setup_hook(self) -> None:
        _, url, _ = await self.http.get_bot_gateway()
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(url)
        self.add_dynamic_items(CancelButton)
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Without the five seconds that shards of a big bot wait for each other."""

    async def on_resumed(self) -> None:
        self.events.append("resumed")

    async def on_message(self, message: discord.Message) -> None:
        self.events.append(f"message {message.content!r}")


class CancelButton(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=r"cancel:(?P<run>\w+):(?P<owner>\d+)"
):
    """All it knows is in its id, so that it works after a restart."""

    def __init__(self, run: str, owner: int) -> None:
        super().__init__(discord.ui.Button(label="Cancel", custom_id=f"cancel:{run}:{owner}"))
        self.run, self.owner = run, owner

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> CancelButton:
        return cls(match["run"], int(match["owner"]))

    async def interaction_check(self, interaction: discord.Interaction, /) -> bool:
        if interaction.user.id == self.owner:
            return True
        await interaction.response.send_message("Only its owner can cancel this.", ephemeral=True)
        return False

    async def callback(self, interaction: discord.Interaction) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(content=f"Cancelled {self.run}.", view=None)


def _add_commands(bot: SmallBot) -> None:
    tree = bot.tree

    @tree.command(description="Say hello")
    async def ping(interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"Pong in {interaction.locale}", ephemeral=True)

    @tree.command(description="Build a Space")
    @app_commands.describe(model="owner/name", hardware="What it runs on")
    @app_commands.choices(hardware=[app_commands.Choice(name="a CPU", value="cpu-basic")])
    async def build(interaction: discord.Interaction, model: str, hardware: str = "zero") -> None:
        await interaction.response.defer(thinking=True)
        embed = discord.Embed(title=model, description="card").set_footer(text=hardware)
        view = discord.ui.View(timeout=None)
        view.add_item(CancelButton("r1", interaction.user.id))
        view.add_item(discord.ui.Button(label="Run page", url="https://example.org/runs/r1"))
        await interaction.edit_original_response(content="Building", embed=embed, view=view)
        await interaction.followup.send(f"<@{interaction.user.id}>, only for you", ephemeral=True)

    @build.autocomplete("model")
    async def models(interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        known = ["zoo/digits", "zoo/reviews", "ada/x"]
        return [app_commands.Choice(name=each, value=each) for each in known if each.startswith(typed)]

    @tree.command(description="Hold the answer back")
    async def slow(interaction: discord.Interaction) -> None:
        await interaction.response.defer()
        await bot.ends_build.wait()
        try:
            await interaction.edit_original_response(content="late")
        except discord.HTTPException as error:
            bot.events.append(f"token: {error.code}")
            message = await interaction.original_response() if error.code != 50027 else None
            assert message is None

    @tree.command(description="For administrators")
    @app_commands.default_permissions()
    async def admin(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("at your service", ephemeral=True)


class Language(discord.ui.Select[discord.ui.View]):
    def __init__(self) -> None:
        options = [discord.SelectOption(label="French", value="fr"), discord.SelectOption(label="English")]
        super().__init__(placeholder="Language", custom_id="language", options=options)

    async def callback(self, interaction: discord.Interaction) -> None:
        await interaction.response.edit_message(content=f"You chose {self.values[0]}", view=None)


class Note(discord.ui.Modal, title="A note"):
    text: discord.ui.TextInput[discord.ui.View] = discord.ui.TextInput(label="Text", custom_id="text")

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"Noted: {self.text.value}", ephemeral=True)


settings = app_commands.Group(name="settings", description="Yours")


@settings.command(description="In which language")
async def language(interaction: discord.Interaction) -> None:
    await interaction.response.send_message(view=discord.ui.View().add_item(Language()), ephemeral=True)


@settings.command(description="Write something down")
async def note(interaction: discord.Interaction) -> None:
    await interaction.response.send_modal(Note())


@settings.command(description="Name somebody and a place")
async def about(
    interaction: discord.Interaction, who: discord.User, where: discord.TextChannel | None = None
) -> None:
    await interaction.response.send_message(
        f"{who.name} in {where}", file=discord.File(io.BytesIO(b"line 1"), "log.txt")
    )


class Running:
    """A `SmallBot` that is connected, or on its way there."""

    def __init__(self, api: str, token: str) -> None:
        discord.http.Route.BASE = api
        self.failed: BaseException | None = None
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(token,), daemon=True)
        self._thread.start()
        assert self._ready.wait(10)

    def do(self, work: Coroutine[Any, Any, T], seconds: float = 15) -> T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(seconds)

    def becomes_ready(self) -> None:
        wait_until(self.bot.is_ready, "the bot to be ready")

    def sees(self, event: str, times: int = 1) -> None:
        wait_until(lambda: self.bot.events.count(event) >= times, f"{event} (there is {self.bot.events})")

    def fails(self) -> BaseException:
        failed = wait_until(lambda: self.failed, "the bot's end")
        self._thread.join(10)
        return failed

    def stop(self) -> None:
        if self._thread.is_alive():
            self.loop.call_soon_threadsafe(lambda: self.loop.create_task(self.bot.close()))
        self._thread.join(10)
        assert not self._thread.is_alive()

    def _run(self, token: str) -> None:
        with asyncio.Runner() as runner:
            self.loop = runner.get_loop()
            runner.run(self._serve(token))

    async def _serve(self, token: str) -> None:
        self.bot = SmallBot()
        self._ready.set()
        try:
            async with self.bot:
                await self.bot.start(token)
        except Exception as error:  # the test looks at it
            self.failed = error
        await _end_what_is_left()


async def _end_what_is_left() -> None:
    """discord.py does not wait for its own handlers, and one that ends may start another."""
    while left := asyncio.all_tasks() - {asyncio.current_task()}:
        for task in left:
            task.cancel()
        await asyncio.wait(left)
