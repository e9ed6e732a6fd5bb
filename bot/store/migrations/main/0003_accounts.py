"""What accounts need besides their tokens."""

revision = "main_0003"
down_revision = "main_0002"


def upgrade() -> None:
    """Nothing yet."""
