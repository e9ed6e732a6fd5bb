"""Deliveries: what was received, and what became of it."""

import sqlalchemy as sa
from alembic import op

revision = "inbox_0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "deliveries",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("event", sa.JSON, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("due_at", sa.Float, nullable=False),
        sa.Column("problem", sa.Text),
        sa.Column("taken_at", sa.Float, nullable=False),
    )
    waiting = sa.text("state = 'new'")
    op.create_index(
        "deliveries_due", "deliveries", ["due_at"], sqlite_where=waiting, postgresql_where=waiting
    )
