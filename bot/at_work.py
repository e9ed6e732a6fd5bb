"""What works beside the web server: intake, engine, upkeep, Discord, copies, and the beat of a replica."""

import fcntl
from contextlib import ExitStack
from typing import TYPE_CHECKING

import handlers
from bot.context import Context
from bot.hand_over import HandOver
from bot.intake import Intake, deliver
from bot.replicas import Replicas
from bot.runs.advance import advance
from bot.safekeeping import Safekeeping
from bot.settings import Settings
from bot.upkeep import Upkeep

if TYPE_CHECKING:
    from bot.discord.entrances import DiscordEntrances


class AlreadyRunningError(Exception):
    """Another process holds this data folder: SQLite serves one bot, and PostgreSQL serves several."""


class AtWork:
    """Starts and stops with the server; lets go of `lock` at the very end."""

    def __init__(self, ctx: Context, settings: Settings, lock: ExitStack, keeper: Safekeeping | None) -> None:
        self._ctx, self._lock, self._keeper = ctx, lock, keeper
        self.intake = Intake(ctx.deliveries, ctx.clock)
        self.hand_over = HandOver(self.intake, ctx.engine.deliver)
        self.discord = _on_discord(ctx, settings, self.intake)
        self._upkeep = Upkeep(ctx, settings.upkeep_seconds, self.hand_over.take)
        listen = (
            self.discord.gateway.listen if self.discord and settings.discord_gateway else lambda _on: None
        )
        self._replicas = Replicas(ctx, listen) if settings.database_url else None

    def start(self) -> None:
        if self._replicas:
            self._replicas.appear()
        else:
            self._ctx.claims.start_over(self._ctx.started_at)
            self._ctx.deliveries.start_over(self._ctx.started_at)
        self._begin()
        if self.discord:
            self.discord.gateway.start()
        if self._replicas:
            self._replicas.start()
        if self._keeper:
            self._keeper.start()

    def stop(self) -> None:
        """The entrances first; what is under way may end, and what is left is found by the next start."""
        if self._replicas:
            self._replicas.step_down()
        if self.discord:
            self.discord.stop()
        for entrance in (self._upkeep, self.intake, self.hand_over):
            entrance.stop()
        self._ctx.engine.stop()
        if self._replicas:
            self._replicas.leave()
        if self._keeper:
            self._keeper.stop()
        self._ctx.close_databases()
        self._lock.close()

    def _begin(self) -> None:
        ctx = self._ctx
        ctx.watches.all_due(ctx.started_at)
        self.intake.start()
        ctx.engine.start(
            deliver=lambda key: deliver(key, ctx, handlers.handle, handlers.apologise),
            tick=lambda run_id: advance(run_id, ctx),
            look=lambda watch_id: handlers.look(watch_id, ctx),
        )
        self.hand_over.start()
        self._upkeep.start()


def _on_discord(ctx: Context, settings: Settings, intake: Intake) -> "DiscordEntrances | None":
    if not settings.discord_token.get_secret_value():
        return None
    from bot.discord.entrances import (
        DiscordEntrances,
    )  # and discord.py, which no other bot need hold in memory

    return DiscordEntrances(ctx, intake)


def sole_use(settings: Settings) -> ExitStack:
    """Hold the data folder while the embedded database is used: two processes on one would do work twice."""
    held = ExitStack()
    if settings.database_url:
        return held
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    lock = held.enter_context((settings.data_dir / "lock").open("w"))
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        held.close()
        raise AlreadyRunningError(
            f"Another bot uses {settings.data_dir}. Stop it, or set DATA_DIR to another folder."
        ) from None
    return held
