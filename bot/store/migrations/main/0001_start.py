"""Accounts with their sealed tokens, sign-ins under way, browser sessions, runs and what workers reported."""

import sqlalchemy as sa
from alembic import op

revision = "main_0001"
down_revision = None


def upgrade() -> None:
    _people()
    _runs()


def _people() -> None:
    op.create_table(
        "accounts",
        sa.Column("user_id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("access_token", sa.LargeBinary, nullable=False),
        sa.Column("expires_at", sa.Float, nullable=False),
        sa.Column("refresh_token", sa.LargeBinary),
        sa.Column("connected_at", sa.Float, nullable=False),
        sa.Column("used_at", sa.Float),
    )
    op.create_table(
        "sign_ins",
        sa.Column("state_hash", sa.Text, primary_key=True),
        sa.Column("browser_hash", sa.Text, nullable=False),
        sa.Column("verifier", sa.LargeBinary, nullable=False),
        sa.Column("next_page", sa.Text, nullable=False),
        sa.Column("created_at", sa.Float, nullable=False),
    )
    op.create_table(
        "sessions",
        sa.Column("id_hash", sa.Text, primary_key=True),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("created_at", sa.Float, nullable=False),
    )


def _runs() -> None:
    op.create_table(
        "runs",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("requester_id", sa.Text, nullable=False),
        sa.Column("requester_name", sa.Text, nullable=False),
        sa.Column("thread_repo", sa.Text, nullable=False),
        sa.Column("thread_num", sa.Integer, nullable=False),
        sa.Column("model_id", sa.Text, nullable=False),
        sa.Column("sha", sa.Text),
        sa.Column("is_private", sa.Boolean, nullable=False),
        sa.Column("target_space", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("job_id", sa.Text),
        sa.Column("message_id", sa.Text),
        sa.Column("answer_id", sa.Text),
        sa.Column("shown", sa.Text, nullable=False),
        sa.Column("shown_at", sa.Float, nullable=False),
        sa.Column("report", sa.JSON),
        sa.Column("problem", sa.Text),
        sa.Column("created_at", sa.Float, nullable=False),
        sa.Column("launched_at", sa.Float),
        sa.Column("heard_at", sa.Float),
        sa.Column("looked_at", sa.Float),
        sa.Column("ended_at", sa.Float),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("due_at", sa.Float),
        sa.Column("asked", sa.Integer, nullable=False),
        sa.Column("claimed_by", sa.Text),
        sa.Column("claimed_until", sa.Float, nullable=False),
    )
    is_open = sa.text("due_at IS NOT NULL")
    op.create_index("runs_due", "runs", ["due_at"], sqlite_where=is_open, postgresql_where=is_open)
    op.create_index("runs_of_requester", "runs", ["requester_id", "created_at"])
    op.create_index("runs_in_thread", "runs", ["thread_repo", "thread_num", "created_at"])
    op.create_table(
        "run_events",
        sa.Column("run_id", sa.Text, sa.ForeignKey("runs.id"), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("phase", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
    )
