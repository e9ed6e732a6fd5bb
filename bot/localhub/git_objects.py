"""The ids that git would give to folders and commits, so that clients see real ones."""

from collections.abc import Mapping

from bot.localhub.blobs import git_hash


def folder_oids(files: Mapping[str, str]) -> dict[str, str]:
    """Tree id of every folder, the root under "", from blob ids by path."""
    children: dict[str, dict[str, str]] = {"": {}}
    for path, oid in files.items():
        folder, _, name = path.rpartition("/")
        children.setdefault(folder, {})[name] = oid
        while folder:
            folder = folder.rpartition("/")[0]
            children.setdefault(folder, {})
    subfolders: dict[str, dict[str, str]] = {folder: {} for folder in children}
    oids: dict[str, str] = {}
    for folder in sorted(children, key=lambda path: path.count("/") + bool(path), reverse=True):
        oids[folder] = _tree_oid(children[folder], subfolders[folder])
        if folder:
            parent, _, name = folder.rpartition("/")
            subfolders[parent][name] = oids[folder]
    return oids


def commit_oid(tree: str, parent: str | None, author: str, seconds: int, message: str) -> str:
    who = f"{author} <{author}@localhost> {seconds} +0000"
    lines = [f"tree {tree}", *([f"parent {parent}"] if parent else []), f"author {who}", f"committer {who}"]
    return git_hash("commit", "\n".join([*lines, "", message, ""]).encode())


def _tree_oid(files: Mapping[str, str], folders: Mapping[str, str]) -> str:
    # git sorts a folder as if its name ended with a slash
    entries = [(name, b"100644", name, oid) for name, oid in files.items()]
    entries += [(name + "/", b"40000", name, oid) for name, oid in folders.items()]
    body = b"".join(
        mode + b" " + name.encode() + b"\0" + bytes.fromhex(oid) for _, mode, name, oid in sorted(entries)
    )
    return git_hash("tree", body)
