"""Brings a rebuilt app into the Space that people know, as one commit, and takes it back if it fails there.

The rebuilt app was judged in a staging Space before. A Space that we did not make is never touched.
"""

import httpx2
from huggingface_hub import CommitOperationAdd, CommitOperationDelete, RepoFile
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError
from pydantic import BaseModel, ConfigDict

from worker.errors import Failed
from worker.hub import Hub
from worker.space import LONGEST_NAME, mark_of, repo_of

STAGING = "-staging"
STAGING_OF = "SPACE_FACTORY_STAGING_OF"
"""Space variable of a staging Space: the Space that it is for."""
KEPT = frozenset({".gitattributes"})
LARGEST_FILE = 10 * 1024 * 1024


class Standing(BaseModel):
    """The Space that people use now, and the commit to go back to."""

    model_config = ConfigDict(frozen=True)

    id: str
    commit: str
    repo: str | None = None
    """The Hub's own id of it."""


def standing(hub: Hub, space_id: str) -> Standing:
    """The Space to bring up to date. Failed where there is none, or it is not of our making."""
    try:
        info = hub.call(lambda: hub.api.space_info(space_id))
    except RepositoryNotFoundError as error:
        message = f"{space_id} does not exist. Ask for a build instead of a rebuild."
        raise Failed("not_found", message) from error
    if mark_of(hub, space_id) is None:
        message = f"{space_id} was not made by Space Factory and was left alone. Ask for a build instead."
        raise Failed("not_our_space", message)
    return Standing(id=space_id, commit=str(info.sha), repo=repo_of(info))


def staging_name(space_id: str) -> str:
    owner, name = space_id.split("/", 1)
    return f"{owner}/{name[: LONGEST_NAME - len(STAGING)]}{STAGING}"


def promote(hub: Hub, old: Standing, files: dict[str, bytes], message: str) -> str:
    """Make these the Space's files, in one commit; its sha. Failed if somebody has changed it meanwhile."""
    there = _files_at(hub, old.id, old.commit)
    operations: list[CommitOperationAdd | CommitOperationDelete] = [
        CommitOperationAdd(path_in_repo=path, path_or_fileobj=content) for path, content in files.items()
    ]
    operations += [CommitOperationDelete(path_in_repo=path) for path in there - files.keys() - KEPT]
    try:
        done = hub.call(
            lambda: hub.api.create_commit(
                old.id, operations, repo_type="space", commit_message=message, parent_commit=old.commit
            )
        )
    except HfHubHTTPError as error:
        if error.response.status_code not in {409, 412}:
            raise
        if made := _made_before(hub, old, message):
            return made
        message = f"{old.id} was changed while it was being rebuilt, and was left as it is. Ask again."
        raise Failed("changed_meanwhile", message) from error
    return done.oid


def _made_before(hub: Hub, old: Standing, message: str) -> str | None:
    """The commit, if it is there already: its answer was lost, and it was asked for again."""
    commits = hub.call(lambda: hub.api.list_repo_commits(old.id, repo_type="space"))
    is_ours = len(commits) > 1 and commits[0].title == message and commits[1].commit_id == old.commit
    return commits[0].commit_id if is_ours else None


def restore(hub: Hub, old: Standing, promoted: str) -> str:
    """Bring back the files of before; the sha of the commit that does."""
    paths = _files_at(hub, old.id, old.commit) - KEPT
    files = {path: hub.read_of_space(old.id, old.commit, path, LARGEST_FILE) for path in paths}
    return promote(hub, Standing(id=old.id, commit=promoted), files, f"Back to {old.commit[:7]}")


def remove_staging(hub: Hub, target: str) -> tuple[str, ...]:
    """Delete the staging Space of a target, whichever run has left it; what was deleted.

    One that can't be deleted (a token may make Spaces and not delete them, the Hub may be away) falls asleep
    (paused, it could not be started with such a token again), and the next rebuild takes it over.
    """
    name = staging_name(target)
    try:
        variables = hub.call(lambda: hub.api.get_space_variables(name))
        if STAGING_OF not in variables or variables[STAGING_OF].value != target:
            return ()
        hub.call(lambda: hub.api.delete_repo(name, repo_type="space", missing_ok=True))
    except (HfHubHTTPError, httpx2.TransportError):
        return ()
    return (name,)


def _files_at(hub: Hub, space_id: str, commit: str) -> set[str]:
    tree = hub.call(
        lambda: list(hub.api.list_repo_tree(space_id, repo_type="space", revision=commit, recursive=True))
    )
    return {each.path for each in tree if isinstance(each, RepoFile)}
