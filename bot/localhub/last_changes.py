"""Which commit last changed a file or a folder."""

from collections.abc import Iterable
from itertools import pairwise

from bot.localhub.git_objects import folder_oids
from bot.localhub.repos import Commit, Repo, history
from bot.localhub.state import Hub


def last_changes(hub: Hub, repo: Repo, revision: str, paths: Iterable[str]) -> dict[str, Commit]:
    """By path, of those that are there at the revision."""
    commits = history(hub, repo, revision)
    now = _oids(commits[0])
    unchanged = {path: now[path] for path in paths if path in now}
    found: dict[str, Commit] = {}
    for newer, older in pairwise(commits):
        before = _oids(older) if unchanged else {}
        changed = [path for path, oid in unchanged.items() if before.get(path) != oid]
        found |= dict.fromkeys(changed, newer)
        unchanged = {path: oid for path, oid in unchanged.items() if path not in found}
    return found | dict.fromkeys(unchanged, commits[-1])


def _oids(commit: Commit) -> dict[str, str]:
    """Of each file and each folder."""
    files = {path: blob.git_oid for path, blob in commit.files.items()}
    return files | folder_oids(files)
