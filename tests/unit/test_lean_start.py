"""What a bot does not need is not imported: it would stay in memory for as long as the bot runs."""

import subprocess
import sys
from pathlib import Path

from bot.store.database import close_databases, open_database
from tests.harness.local_hub import ROOT

STARTED = """
import sys
import bot.serve
from bot.store.database import open_database
from bot.threads.discord_line import DiscordLine

open_database(sys.argv[1], "main")
DiscordLine("https://discord.invalid", "", listens=True, seconds=1)
print(*sorted(sys.modules))
"""
"""All of `serve`, a database, and a line to Discord that nobody starts."""


def imported_with(database: str) -> set[str]:
    command = [sys.executable, "-c", STARTED, database]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_a_bot_without_discord_whose_tables_are_up_to_date_imports_neither_discord_py_nor_alembic(
    tmp_path: Path,
) -> None:
    database = f"sqlite:///{tmp_path}/main.sqlite"
    close_databases(open_database(database, "main"))

    imported = imported_with(database)

    assert {"bot.app", "sqlalchemy"} <= imported
    assert imported.isdisjoint({"discord", "aiohttp", "alembic"})


def test_a_new_database_gets_its_tables_with_alembic(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/main.sqlite"

    assert "alembic" in imported_with(database)
