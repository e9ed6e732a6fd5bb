"""Two small models that a local Hub offers from its first start, and the script that trained them."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.localhub.state import Hub

OWNER = "zoo"
FOLDERS = tuple(Path(__file__).parent / name for name in ("handwritten-digits", "product-reviews-sentiment"))


def seed(hub: "Hub") -> None:
    """Publish each folder as a public model of the organisation `zoo`; one that has commits is left alone."""
    # Training shares this package and runs where the Hub's own libraries are not installed.
    from bot.localhub.accounts import add_user
    from bot.localhub.commits import commit
    from bot.localhub.repo_routes import create
    from bot.localhub.repos import Repo, RepoKind, commit_at, key_of, new_repo

    add_user(hub, OWNER, kind="org")
    for folder in FOLDERS:
        repo_id = f"{OWNER}/{folder.name}"
        repo = hub.all(Repo).get(key_of(RepoKind.MODEL, repo_id))
        if repo is None:
            repo = create(hub, new_repo(RepoKind.MODEL, repo_id, private=False, created_by=OWNER))
        if commit_at(hub, repo, "main").parent is None:
            commit(hub, repo, OWNER, summary="Publish the trained model", add=contents(folder))


def contents(folder: Path) -> dict[str, bytes]:
    """Every file under the folder, by its path in the repo."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
