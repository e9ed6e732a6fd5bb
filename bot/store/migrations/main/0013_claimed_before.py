"""Which process had a run in hand before the one that has it now."""

import sqlalchemy as sa
from alembic import op

revision = "main_0013"
down_revision = "main_0012"


def upgrade() -> None:
    op.add_column("runs", sa.Column("claimed_before", sa.Text))
