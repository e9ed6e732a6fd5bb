"""Until when somebody renews an account's tokens: one process at a time."""

import sqlalchemy as sa
from alembic import op

revision = "main_0003"
down_revision = "main_0002"


def upgrade() -> None:
    column = sa.Column("refreshing_until", sa.Float, nullable=False, server_default="0")
    op.add_column("accounts", column)
