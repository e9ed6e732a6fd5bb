"""Models by the beginning of their name, as somebody sees them."""

from bot.hub.client import HubClient, hub_trouble


def find_models(
    client: HubClient, words: str, *, author: str | None = None, limit: int = 25, public_only: bool = False
) -> list[str]:
    """Ids of models, most downloaded first; of one author, or of anybody."""
    with hub_trouble():
        found = client.api.list_models(author=author, search=words or None, sort="downloads", limit=limit)
        return [model.id for model in found if not (public_only and model.private is not False)]
