"""Nothing is kept longer than stated: every table's rows end by themselves, or with their owner."""

from pathlib import Path

import pytest
from sqlalchemy import Boolean, Column, Engine, Float, Integer, LargeBinary, Table, select

from bot.assembly import build_context
from bot.context import Context
from bot.domain import retention
from bot.domain.messages_account import KEPT
from bot.store.database import open_database
from bot.store.retention import RULES
from bot.store.tables import inbox_tables, main_tables
from bot.upkeep import Upkeep
from handlers.disconnect import erase
from tests.harness.waiting import wait_until
from tests.safety.test_t12_t17_loops_and_floods import small_settings

ADA, NOW = "a" * 24, 1_800_000_000.0
NOT_ABOUT_PEOPLE = {"switches", "moments", "leases"}
"""The operator's, and the processes' own: ended by the command or the process that made them."""
OF_NOBODY = {
    "repo": "owner/model",
    "thread": "hub:owner/model#1",
    "event": {},
    "wishes": {},
    "needs": [],
    "seen": {"main": "0" * 40},
    "paused": "gone",
}
TABLES = [*main_tables.sorted_tables, *inbox_tables.sorted_tables]


class Kept:
    """A bot's two databases, with one row about ada in each table."""

    def __init__(self, folder: Path) -> None:
        self.now = NOW
        given = small_settings(folder)
        self.ctx: Context = build_context(given, lambda: self.now)
        self.rooms: dict[int, Engine] = {
            id(main_tables): open_database(given.main_database, "main"),
            id(inbox_tables): open_database(given.inbox_database, "inbox"),
        }
        for table in TABLES:
            with self.rooms[id(table.metadata)].begin() as connection:
                sealed = self.ctx.vault.seal("token", ADA)
                row = {each.name: _value(each, sealed) for each in table.columns}
                connection.execute(table.insert().values(row))

    def rows(self, table: Table) -> list[str]:
        with self.rooms[id(table.metadata)].connect() as connection:
            return [str(row) for row in connection.execute(select(table))]


def _value(column: Column[object], sealed: bytes) -> object:
    """What a row about ada could hold there."""
    named = {**OF_NOBODY, "expires_at": NOW + 20 * retention.RUN, "state": "done", "notify": "all"}
    typed = {Float: NOW, Integer: 1, Boolean: True, LargeBinary: sealed}
    return named.get(column.name, typed.get(type(column.type), ADA))


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path)


def test_every_table_ends_with_time_or_with_its_owner(kept: Kept) -> None:
    erase(ADA, kept.ctx)
    with_owner = {table.name for table in TABLES if not any(ADA in row for row in kept.rows(table))}
    kept.now += 10 * retention.RUN
    kept.ctx.retention.forget_the_old(kept.now)

    left = {table.name for table in TABLES if any(ADA in row for row in kept.rows(table))}

    assert left <= NOT_ABOUT_PEOPLE, "a new table needs a rule in bot/store/retention.py, or in erase()"
    assert {
        "accounts",
        "sessions",
        "user_settings",
        "decisions",
        "discord_links",
        "invitations",
    } <= with_owner


@pytest.mark.parametrize("name", RULES)
def test_a_row_stays_as_long_as_stated_and_no_longer(kept: Kept, name: str) -> None:
    rule = RULES[name]
    if name == "discord_links":
        kept.ctx.accounts.disconnect(ADA)
    kept.now += rule.seconds - 1
    kept.ctx.retention.forget_the_old(kept.now)
    assert kept.rows(rule.table) or not rule.seconds

    kept.now += 2
    kept.ctx.retention.forget_the_old(kept.now)

    assert kept.rows(rule.table) == []


def test_what_waits_or_runs_is_never_old(kept: Kept) -> None:
    for table, state in ((main_tables.tables["runs"], "running"), (inbox_tables.tables["deliveries"], "new")):
        with kept.rooms[id(table.metadata)].begin() as connection:
            ended = {"ended_at": None} if "ended_at" in table.c else {}
            connection.execute(table.update().values(state=state, **ended))
    kept.now += 10 * retention.RUN
    kept.ctx.retention.forget_the_old(kept.now)

    assert kept.rows(main_tables.tables["runs"]) and kept.rows(inbox_tables.tables["deliveries"])
    assert kept.rows(main_tables.tables["run_events"])


def test_upkeep_forgets_by_itself(kept: Kept) -> None:
    for table in reversed(TABLES):  # what upkeep would carry on is not of interest here
        if table.name in {"runs", "deliveries", "watches", "run_events"}:
            with kept.rooms[id(table.metadata)].begin() as connection:
                connection.execute(table.delete())
    kept.now += retention.SESSION + 1
    upkeep = Upkeep(kept.ctx, 0.01, kept.ctx.engine.deliver)
    upkeep.start()
    try:
        wait_until(lambda: not kept.rows(main_tables.tables["sessions"]), "the sessions' end")
    finally:
        upkeep.stop()


def test_the_pages_state_the_periods_that_are_enforced() -> None:
    stated = " ".join(how_long for _, how_long in KEPT)

    for period in (
        retention.RUN, retention.DECISION, retention.DELIVERY, retention.SESSION, retention.IDLE_ACCOUNT
    ):  # fmt: skip
        assert retention.in_words(period) in stated
    assert [retention.in_words(each) for each in (600, 86400, 3600, 90 * 86400, 30)] == [
        "10 minutes", "a day", "an hour", "90 days", "30 seconds",
    ]  # fmt: skip
