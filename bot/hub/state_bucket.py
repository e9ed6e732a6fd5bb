"""The bot's own private bucket, over the Hub's API: files by name, each there wholly or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from huggingface_hub.utils.tqdm import disable_progress_bars

from bot.domain.errors import HubError, HubUnavailable
from bot.hub.client import HubClient, hub_trouble


class StateBucket:
    """`name` is `owner/bucket`; the client is the bot's."""

    def __init__(self, client: HubClient, name: str) -> None:
        disable_progress_bars()
        self._api = client.api
        self._name = name

    def is_private(self) -> bool:
        """Made if it is not there. HubError where the bot may not use it."""
        with hub_trouble():
            self._api.create_bucket(self._name, private=True, exist_ok=True)
            return self._api.bucket_info(self._name).private

    def is_there_privately(self) -> bool | None:
        """None if it is not there, or this token can't see it."""
        try:
            with hub_trouble():
                return self._api.bucket_info(self._name).private
        except HubError as error:
            if error.status in {401, 403, 404}:
                return None
            raise

    def names(self) -> list[str]:
        """Of all files, sorted."""
        with hub_trouble():
            tree = self._api.list_bucket_tree(self._name, recursive=True)
            return sorted(each.path for each in tree if each.type == "file")

    def fetch(self, name: str, into: Path) -> None:
        with _transfer():
            self._api.download_bucket_files(self._name, [(name, into)])
        if not into.exists():
            raise HubUnavailable("the file is not there any more")

    def put(self, file: Path, name: str, delete: list[str]) -> None:
        """Add one file and delete those."""
        with _transfer():
            self._api.batch_bucket_files(self._name, add=[(file, name)], delete=delete)


@contextmanager
def _transfer() -> Iterator[None]:
    """The library that moves the bytes has a trouble of its own, which may pass."""
    try:
        with hub_trouble():
            yield
    except RuntimeError as error:
        trouble = HubUnavailable(f"the bucket's content could not be moved ({type(error).__name__})")
    else:
        return
    raise trouble from None
