"""Who has a delivery in hand, so that another can take over what a dead process held."""

import sqlalchemy as sa
from alembic import op

revision = "inbox_0002"
down_revision = "inbox_0001"


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("claimed_by", sa.Text))
