"""Brings tables up to date with Alembic, which is imported with this file and by no other of the bot."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from bot.store.versions import MIGRATIONS


def bring_up_to_date(connection: Connection, room: str) -> None:
    """`room` is a folder of migrations."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("version_locations", str(MIGRATIONS / room))
    config.set_main_option("path_separator", "newline")
    config.attributes["connection"] = connection
    config.attributes["room"] = room
    command.upgrade(config, "head")
