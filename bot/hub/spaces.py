"""A Space of a person's: whether it is there, and back to an earlier commit of it."""

from dataclasses import dataclass

from huggingface_hub import CommitOperationAdd, CommitOperationCopy, CommitOperationDelete
from huggingface_hub.hf_api import RepoFile

from bot.domain.errors import HubError, HubUnavailable
from bot.hub.client import HubClient, hub_trouble

LARGEST = 10 * 1024 * 1024
"""Bytes of a file that is not large-file storage."""


@dataclass(frozen=True)
class Space:
    """A Space as it is now; `repo` is the Hub's own id, which another one of that name would not have."""

    repo: str
    head: str


def find_space(client: HubClient, space_id: str, repo: str | None = None) -> Space | None:
    """None if this identity can't see it, or it is not the one with this id any more."""
    try:
        with hub_trouble():
            info = client.api.space_info(space_id)
    except HubError as error:
        if error.status in {401, 403, 404}:
            return None
        raise
    found = Space(repo=str(info.__dict__.get("_id", "")), head=str(info.sha))
    return found if repo in {None, found.repo} else None


def restore(client: HubClient, space_id: str, commit: str) -> bool:
    """Make the Space what it was at that commit, as one new commit. False: it was like that already.

    Looks before it acts, so that doing it again changes nothing.
    """
    with hub_trouble():
        head = client.api.space_info(space_id).sha
        wanted, there = _files(client, space_id, commit), _files(client, space_id, str(head))
    changes: list[CommitOperationAdd | CommitOperationCopy | CommitOperationDelete] = [
        CommitOperationDelete(path) for path in sorted(there.keys() - wanted.keys())
    ]
    for path, file in sorted(wanted.items()):
        if path in there and there[path].blob_id == file.blob_id:
            continue
        if file.lfs:
            changes.append(CommitOperationCopy(path, path, src_revision=commit))
        else:
            content = client.get_bytes(f"/spaces/{space_id}/resolve/{commit}/{path}", LARGEST)
            if content is None:  # the list has it: nobody's file may come back empty
                raise HubUnavailable(f"{path} at {commit[:7]} could not be read")
            changes.append(CommitOperationAdd(path, content))
    if not changes:
        return False
    with hub_trouble():
        client.api.create_commit(
            space_id,
            changes,
            repo_type="space",
            commit_message=f"Back to {commit[:7]}",
            parent_commit=head,
        )
    return True


def _files(client: HubClient, space_id: str, revision: str) -> dict[str, RepoFile]:
    entries = client.api.list_repo_tree(space_id, revision=revision, recursive=True, repo_type="space")
    return {entry.path: entry for entry in entries if isinstance(entry, RepoFile)}
