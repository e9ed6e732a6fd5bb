"""How many looks in a row found no Job of a run that has one."""

import sqlalchemy as sa
from alembic import op

revision = "main_0009"
down_revision = "main_0008"


def upgrade() -> None:
    op.add_column("runs", sa.Column("missed", sa.Integer, nullable=False, server_default="0"))
