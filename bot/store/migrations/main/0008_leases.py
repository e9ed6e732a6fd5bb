"""What one of several processes holds for a short time, and renews while it lives."""

import sqlalchemy as sa
from alembic import op

revision = "main_0008"
down_revision = "main_0007"


def upgrade() -> None:
    op.create_table(
        "leases",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("until", sa.Float, nullable=False),
    )
