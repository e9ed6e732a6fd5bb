"""Discord: who is who, links under way, requests that wait for one, and where answers stand."""

import sqlalchemy as sa
from alembic import op

revision = "main_0004"
down_revision = "main_0003"


def upgrade() -> None:
    _who_is_who()
    _answers()


def _who_is_who() -> None:
    op.create_table(
        "discord_links",
        sa.Column("discord_id", sa.Text, primary_key=True),
        sa.Column("discord_name", sa.Text, nullable=False),
        sa.Column("hub_id", sa.Text, nullable=False, index=True),
        sa.Column("hub_name", sa.Text, nullable=False),
        sa.Column("linked_at", sa.Float, nullable=False),
    )
    op.create_table(
        "discord_tickets",
        sa.Column("ticket_hash", sa.Text, primary_key=True),
        sa.Column("discord_id", sa.Text, nullable=False),
        sa.Column("created_at", sa.Float, nullable=False),
    )
    op.create_table(
        "discord_proofs",
        sa.Column("browser_hash", sa.Text, primary_key=True),
        sa.Column("ticket_hash", sa.Text, nullable=False),
        sa.Column("state_hash", sa.Text),
        sa.Column("verifier", sa.LargeBinary, nullable=False),
        sa.Column("discord_id", sa.Text),
        sa.Column("discord_name", sa.Text),
        sa.Column("created_at", sa.Float, nullable=False),
    )
    op.create_table(
        "discord_requests",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("discord_id", sa.Text, nullable=False, index=True),
        sa.Column("event", sa.JSON, nullable=False),
        sa.Column("created_at", sa.Float, nullable=False),
    )


def _answers() -> None:
    op.create_table(
        "discord_answers",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("run_id", sa.Text, nullable=False, index=True),
        sa.Column("decision_id", sa.Text, nullable=False, index=True),
        sa.Column("interaction_id", sa.Text, nullable=False),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("is_ephemeral", sa.Boolean, nullable=False),
        sa.Column("token", sa.LargeBinary),
        sa.Column("created_at", sa.Float, nullable=False),
    )
    op.create_table(
        "discord_said",
        sa.Column("mark", sa.Text, primary_key=True),
        sa.Column("message_id", sa.Text, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )
