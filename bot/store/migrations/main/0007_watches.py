"""Watches, the runs that they start and that replace each other, and when the bot was last alive."""

import sqlalchemy as sa
from alembic import op

revision = "main_0007"
down_revision = "main_0006"


def upgrade() -> None:
    op.add_column("runs", sa.Column("superseded_by", sa.Text))
    op.add_column("runs", sa.Column("watch_id", sa.Text))
    op.create_index("runs_of_watch", "runs", ["watch_id", "created_at"])
    op.create_index("runs_ended", "runs", ["ended_at"])
    op.create_table(
        "watches",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("requester_id", sa.Text, nullable=False, index=True),
        sa.Column("requester_name", sa.Text, nullable=False),
        sa.Column("thread", sa.Text, nullable=False),
        sa.Column("repo_id", sa.Text, nullable=False),
        sa.Column("model_id", sa.Text, nullable=False),
        sa.Column("wishes", sa.JSON, nullable=False),
        sa.Column("seen", sa.JSON, nullable=False),
        sa.Column("paused", sa.Text),
        sa.Column("since", sa.Float, nullable=False),
        sa.Column("due_at", sa.Float, nullable=False, index=True),
        sa.Column("tries", sa.Integer, nullable=False),
    )
    op.create_table(
        "moments",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("at", sa.Float, nullable=False),
    )
