"""Alembic's entry: runs one room's migrations on the connection that `database.py` hands over."""

from alembic import context

config = context.config
room = config.attributes["room"]
context.configure(
    connection=config.attributes["connection"],
    version_table=f"{room}_version",
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
