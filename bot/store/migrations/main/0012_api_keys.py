"""Keys with which people's scripts use the API. Only their hashes."""

import sqlalchemy as sa
from alembic import op

revision = "main_0012"
down_revision = "main_0009"


def upgrade() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("key_hash", sa.Text, nullable=False, unique=True),
        sa.Column("user_id", sa.Text, nullable=False, index=True),
        sa.Column("user_name", sa.Text, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("created_at", sa.Float, nullable=False),
        sa.Column("used_at", sa.Float, nullable=False),
    )
