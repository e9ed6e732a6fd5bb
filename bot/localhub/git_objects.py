"""Folders and commits as git writes them, and the ids that it gives them, so that clients see real ones."""

from collections.abc import Mapping

from bot.localhub.blobs import git_hash


def folder_oids(files: Mapping[str, str]) -> dict[str, str]:
    """Tree id of every folder, the root under "", from blob ids by path."""
    return {folder: git_hash("tree", body) for folder, body in folder_bodies(files).items()}


def folder_bodies(files: Mapping[str, str]) -> dict[str, bytes]:
    """What git keeps for every folder, the root under "", from blob ids by path."""
    children: dict[str, dict[str, str]] = {"": {}}
    for path, oid in files.items():
        folder, _, name = path.rpartition("/")
        children.setdefault(folder, {})[name] = oid
        while folder:
            folder = folder.rpartition("/")[0]
            children.setdefault(folder, {})
    subfolders: dict[str, dict[str, str]] = {folder: {} for folder in children}
    bodies: dict[str, bytes] = {}
    for folder in sorted(children, key=lambda path: path.count("/") + bool(path), reverse=True):
        bodies[folder] = _tree_body(children[folder], subfolders[folder])
        if folder:
            parent, _, name = folder.rpartition("/")
            subfolders[parent][name] = git_hash("tree", bodies[folder])
    return bodies


def commit_body(tree: str, parent: str | None, author: str, seconds: int, message: str) -> bytes:
    who = f"{author} <{author}@localhost> {seconds} +0000"
    lines = [f"tree {tree}", *([f"parent {parent}"] if parent else []), f"author {who}", f"committer {who}"]
    return "\n".join([*lines, "", message, ""]).encode()


def _tree_body(files: Mapping[str, str], folders: Mapping[str, str]) -> bytes:
    # git sorts a folder as if its name ended with a slash
    entries = [(name.encode(), b"100644", name, oid) for name, oid in files.items()]
    entries += [(f"{name}/".encode(), b"40000", name, oid) for name, oid in folders.items()]
    return b"".join(
        mode + b" " + name.encode() + b"\0" + bytes.fromhex(oid) for _, mode, name, oid in sorted(entries)
    )
