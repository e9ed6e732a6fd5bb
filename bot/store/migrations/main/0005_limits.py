"""What keeps anyone from asking too much: uses within a window, and answers by thread."""

import sqlalchemy as sa
from alembic import op

revision = "main_0005"
down_revision = "main_0004"


def upgrade() -> None:
    op.create_table(
        "rate_hits",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.Text, nullable=False, index=True),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("ends_at", sa.Float, nullable=False, index=True),
    )
    op.create_index("decisions_of_a_thread", "decisions", ["thread", "at"])
