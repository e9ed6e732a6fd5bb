"""Databases as earlier versions left them: migrated so far, and no further."""

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from bot.store.versions import MIGRATIONS


def config_for(engine: Engine, room: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("version_locations", str(MIGRATIONS / room))
    config.set_main_option("path_separator", "newline")
    config.attributes["room"] = room
    return config


def migrate(engine: Engine, room: str, revision: str) -> None:
    config = config_for(engine, room)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def revisions(engine: Engine, room: str) -> list[str]:
    """Oldest first."""
    walked = ScriptDirectory.from_config(config_for(engine, room)).walk_revisions()
    return [each.revision for each in walked][::-1]
