"""Discord: who is who, and where an answer is awaited."""

revision = "main_0004"
down_revision = "main_0003"


def upgrade() -> None:
    """Nothing yet."""
