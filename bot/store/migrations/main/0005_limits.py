"""What keeps anyone from asking too much."""

revision = "main_0005"
down_revision = "main_0004"


def upgrade() -> None:
    """Nothing yet."""
