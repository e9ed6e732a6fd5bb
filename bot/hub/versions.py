"""What versions a model has, and what differs between two of them, seen with somebody's eyes."""

from dataclasses import dataclass

import yaml
from huggingface_hub.hf_api import RepoFile
from huggingface_hub.repocard import REGEX_YAML_BLOCK

from bot.domain.errors import HubError
from bot.domain.watching import CARD, Seen
from bot.hub.client import HubClient, hub_trouble

LARGEST_CARD = 1 << 20


@dataclass(frozen=True)
class Versions:
    """`repo_id` is the Hub's, and stays when `model_id` is renamed."""

    repo_id: str
    model_id: str
    seen: Seen


def read_versions(client: HubClient, model_id: str, card_tag: str) -> Versions:
    """Raises HubError 401, 403 or 404 where this identity can't see it."""
    with hub_trouble():
        info = client.api.model_info(model_id)
        refs = client.api.list_repo_refs(info.id)
    card_tags = info.card_data.get("tags") if info.card_data else None
    seen = Seen(
        main=str(info.sha),
        tags={tag.name: tag.target_commit for tag in refs.tags},
        has_card_tag=card_tag in (card_tags if isinstance(card_tags, list) else []),
        is_private=bool(info.private or info.gated),
    )
    return Versions(repo_id=str(info.__dict__["_id"]), model_id=info.id, seen=seen)


def contents(client: HubClient, model_id: str, revision: str) -> dict[str, str] | None:
    """From path to what its content is; None if that version is not there any more."""
    try:
        with hub_trouble():
            entries = client.api.list_repo_tree(model_id, revision=revision, recursive=True)
            return {
                entry.path: entry.lfs.sha256 if entry.lfs else entry.blob_id
                for entry in entries
                if isinstance(entry, RepoFile)
            }
    except HubError as error:
        if error.status == 404:
            return None
        raise


def card_data(client: HubClient, model_id: str, revision: str) -> object:
    """What the head of its card says; None where it has none, or none that can be read."""
    raw = client.get_bytes(f"/{model_id}/resolve/{revision}/{CARD}", LARGEST_CARD)
    head = REGEX_YAML_BLOCK.search((raw or b"").decode("utf-8", "replace"))
    try:
        return yaml.safe_load(head[2]) if head else None
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
