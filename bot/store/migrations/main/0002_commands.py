"""Runs of every kind and from every place, what was decided about each request, and people's settings."""

import sqlalchemy as sa
from alembic import op

revision = "main_0002"
down_revision = "main_0001"


def upgrade() -> None:
    _runs()
    _decisions()
    _settings()


def _runs() -> None:
    op.add_column("runs", sa.Column("kind", sa.Text, nullable=False, server_default="build"))
    op.add_column("runs", sa.Column("wishes", sa.JSON, nullable=False, server_default="{}"))
    op.add_column("runs", sa.Column("rebuild_of", sa.Text))
    op.add_column("runs", sa.Column("cancelled_by", sa.Text))
    op.add_column("runs", sa.Column("usd_per_minute", sa.Float))
    op.add_column("runs", sa.Column("thread", sa.Text, nullable=False, server_default=""))
    op.execute("UPDATE runs SET thread = 'hub:' || thread_repo || '#' || thread_num")
    op.drop_index("runs_in_thread", "runs")
    op.drop_column("runs", "thread_repo")
    op.drop_column("runs", "thread_num")
    op.create_index("runs_in_thread", "runs", ["thread", "created_at"])


def _decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("requester_id", sa.Text, nullable=False),
        sa.Column("thread", sa.Text, nullable=False),
        sa.Column("verb", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("sentence", sa.Text, nullable=False),
        sa.Column("run_id", sa.Text),
        sa.Column("said", sa.Boolean, nullable=False),
    )
    op.create_index("decisions_about", "decisions", ["requester_id", "thread", "at"])
    op.create_index("decisions_at", "decisions", ["at"])


def _settings() -> None:
    op.create_table(
        "quiet_repos",
        sa.Column("repo", sa.Text, primary_key=True),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.create_table(
        "user_settings",
        sa.Column("user_id", sa.Text, primary_key=True),
        sa.Column("notify", sa.Text, nullable=False),
        sa.Column("budget", sa.Float, nullable=False),
        sa.Column("monthly_budget", sa.Float, nullable=False),
        sa.Column("hardware", sa.Text),
    )
    op.create_table(
        "switches",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )
