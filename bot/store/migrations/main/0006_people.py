"""Sign-in links of one person's own, requests that wait for a permission, and what repos were by their id."""

import sqlalchemy as sa
from alembic import op

revision = "main_0006"
down_revision = "main_0005"


def upgrade() -> None:
    op.add_column("sign_ins", sa.Column("scopes", sa.Text, nullable=False, server_default=""))
    op.add_column("sign_ins", sa.Column("invitation", sa.Text))
    op.add_column("runs", sa.Column("needs", sa.JSON, nullable=False, server_default="[]"))
    op.add_column("runs", sa.Column("model_repo", sa.Text))
    op.add_column("runs", sa.Column("space_repo", sa.Text))
    op.create_table(
        "invitations",
        sa.Column("code_hash", sa.Text, primary_key=True),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("user_name", sa.Text, nullable=False),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("next_page", sa.Text, nullable=False),
        sa.Column("created_at", sa.Float, nullable=False),
        sa.Column("used_at", sa.Float),
    )
    op.create_table(
        "ended_connections",
        sa.Column("user_id", sa.Text, primary_key=True),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.create_table(
        "waiting_requests",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("user_id", sa.Text, nullable=False, index=True),
        sa.Column("delivery_key", sa.Text, nullable=False),
        sa.Column("part", sa.Text, nullable=False),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("created_at", sa.Float, nullable=False),
    )
