"""A deployment's Space and webhook: how they are, and each change that brings them to how they should be."""

import hashlib
import hmac
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from huggingface_hub import SpaceStage, WebhookInfo, WebhookWatchedItem
from huggingface_hub.hf_api import RepoFile
from huggingface_hub.utils._paths import filter_repo_objects

from bot.domain.errors import HubError
from bot.hub.client import HubClient, hub_trouble

PUSHED = ("Dockerfile", ".dockerignore", "README.md", "pyproject.toml", "requirements/*.lock",
          "bot/*", "handlers/*", "worker/*")  # fmt: skip
LEFT_OUT = ("*__pycache__*", "bot/demo/*", "bot/localhub/*")
AS_MADE = frozenset({"README.md", ".gitattributes"})
OURS = "title: Space Factory"
"""In the README of a Space that this made."""
BROKEN = frozenset(
    {
        *(SpaceStage.BUILD_ERROR, SpaceStage.CONFIG_ERROR, SpaceStage.RUNTIME_ERROR, SpaceStage.NO_APP_FILE),
        *(SpaceStage.PAUSED, SpaceStage.STOPPED),
    }
)


class DeployedSpace:
    """`client` is its owner's."""

    def __init__(self, client: HubClient, space_id: str) -> None:
        self._client = client
        self._id = space_id

    def is_there(self) -> bool:
        with hub_trouble():
            return self._client.api.repo_exists(self._id, repo_type="space")

    def is_ours(self) -> bool:
        """Whether we made it, or it holds nothing yet."""
        with hub_trouble():
            files = self._client.api.list_repo_files(self._id, repo_type="space")
        if set(files) <= AS_MADE:
            return True
        readme = self._client.get_bytes(f"/spaces/{self._id}/resolve/main/README.md", 4096)
        return readme is not None and OURS in readme.decode(errors="replace")

    def secrets(self) -> dict[str, str]:
        """Name and description: the Hub tells nobody their values."""
        with hub_trouble():
            found = self._client.api.get_space_secrets(self._id)
        return {name: each.description or "" for name, each in found.items()}

    def variables(self) -> dict[str, str]:
        with hub_trouble():
            return {each.key: each.value for each in self._client.api.get_space_variables(self._id).values()}

    def create(self, *, private: bool) -> None:
        with hub_trouble():
            self._client.api.create_repo(
                self._id, repo_type="space", space_sdk="docker", private=private, exist_ok=True
            )

    def holds(self, folder: Path) -> bool:
        """Whether what the image is made of is there as it is here, and nothing else of that kind."""
        with hub_trouble():
            tree = self._client.api.list_repo_tree(self._id, recursive=True, repo_type="space")
            there = {each.path: each for each in tree if isinstance(each, RepoFile)}
        here = {file.relative_to(folder).as_posix(): file for file in _files(folder)}
        of_ours = set(filter_repo_objects(there, allow_patterns=[each for each in PUSHED if "*" in each]))
        return of_ours <= here.keys() <= there.keys() and all(
            _is_same(there[path], file.read_bytes()) for path, file in here.items()
        )

    def push(self, folder: Path) -> None:
        """What the image is made of; without a change there is no commit."""
        with hub_trouble():
            self._client.api.upload_folder(
                repo_id=self._id,
                repo_type="space",
                folder_path=folder,
                allow_patterns=list(PUSHED),
                ignore_patterns=list(LEFT_OUT),
                delete_patterns=[each for each in PUSHED if "*" in each],
                commit_message="Deploy Space Factory",
            )

    def set_secret(self, name: str, value: str, description: str) -> None:
        with hub_trouble():
            self._client.api.add_space_secret(self._id, name, value, description=description)

    def set_variable(self, name: str, value: str) -> None:
        with hub_trouble():
            self._client.api.add_space_variable(self._id, name, value)

    def is_private(self) -> bool:
        with hub_trouble():
            return bool(self._client.api.space_info(self._id).private)

    def hardware(self) -> str | None:
        """What it was asked to run on last, if anything."""
        with hub_trouble():
            runtime = self._client.api.get_space_runtime(self._id)
        return runtime.requested_hardware or runtime.hardware

    def set_hardware(self, name: str) -> None:
        with hub_trouble():
            self._client.api.request_space_hardware(self._id, name)  # type: ignore[arg-type]  # the Hub's list is newer

    def host(self) -> str | None:
        """Its own address, once the Hub has given it one."""
        with hub_trouble():
            return self._client.api.space_info(self._id).host

    def trouble(self) -> str | None:
        """The Hub's word for what keeps it from running, if anything does."""
        with hub_trouble():
            stage = self._client.api.get_space_runtime(self._id).stage
        return str(stage) if stage in BROKEN else None


def seal(name: str, value: str, key: str) -> str:
    """A description by which a secret's value is known again. The Hub may show it to anyone, so nobody can
    try values on it who has not the key."""
    digest = hmac.new(key.encode(), f"{name}={value}".encode(), "sha256")
    return f"Set by deploy, {digest.hexdigest()[:32]}"


def _files(folder: Path) -> Iterator[Path]:
    """What is pushed."""
    for top in sorted({pattern.partition("/")[0] for pattern in PUSHED}):
        found = [folder / top, *(folder / top).rglob("*")]
        yield from filter_repo_objects(
            [each for each in found if each.is_file()],
            allow_patterns=list(PUSHED),
            ignore_patterns=list(LEFT_OUT),
            key=lambda file: file.relative_to(folder).as_posix(),
        )


def _is_same(there: RepoFile, content: bytes) -> bool:
    if there.lfs:
        return there.lfs.sha256 == hashlib.sha256(content).hexdigest()
    blob = hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False)  # as git names it
    return there.blob_id == blob.hexdigest()


def hook_at(client: HubClient, url: str) -> WebhookInfo | None:
    """This identity's webhook at that address."""
    with hub_trouble():
        return next((each for each in client.api.list_webhooks() if each.url == url), None)


def is_as_wanted(hook: WebhookInfo, secret: str, owners: Sequence[str]) -> bool:
    """Whether the Hub tells of comments on everything of these owners, with this secret."""
    is_on = not hook.disabled and hook.domains == ["discussion"]
    is_ours = hmac.compare_digest((hook.secret or "").encode(), secret.encode())
    return is_on and is_ours and {each.name for each in hook.watched} >= set(owners)


def put_hook(client: HubClient, url: str, secret: str, owners: Sequence[str]) -> None:
    """Hear comments on everything of these owners, at least; what it heard before it still hears."""
    there = hook_at(client, url)
    watched: list[dict[str, str] | WebhookWatchedItem] = [*there.watched] if there else []
    known = {each.name for each in there.watched} if there else set()
    with hub_trouble():
        watched += [
            WebhookWatchedItem(type=_kind(client, owner), name=owner)
            for owner in owners
            if owner not in known
        ]
        if there is None:
            client.api.create_webhook(url=url, watched=watched, domains=["discussion"], secret=secret)
            return
        client.api.update_webhook(there.id, url=url, watched=watched, domains=["discussion"], secret=secret)
        if there.disabled:
            client.api.enable_webhook(there.id)


def _kind(client: HubClient, owner: str) -> Literal["user", "org"]:
    try:
        return "user" if client.user_id(owner) else "org"
    except HubError:
        return "org"
