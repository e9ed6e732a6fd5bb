"""What a pull request changes, as the text that `git diff` would print."""

from collections.abc import Iterator
from difflib import unified_diff

from bot.localhub import blobs
from bot.localhub.discussion_records import Discussion
from bot.localhub.repos import Blob, Repo, commit_at
from bot.localhub.state import Hub

LARGEST = 1_000_000
"""Bytes of a file up to which its lines are compared; beyond, it is only said to differ."""
NOTHING = "/dev/null"


def diff_of(hub: Hub, repo: Repo, discussion: Discussion) -> str:
    """Between where the pull request began and where it is now. Empty when it has no commit."""
    assert discussion.fork is not None
    before = commit_at(hub, repo, discussion.fork).files
    after = commit_at(hub, repo, discussion.ref).files
    paths = sorted(path for path in {*before, *after} if before.get(path) != after.get(path))
    parts = (_file_diff(hub, path, before.get(path), after.get(path)) for path in paths)
    return "".join(line for part in parts for line in part)


def _file_diff(hub: Hub, path: str, old: Blob | None, new: Blob | None) -> Iterator[str]:
    yield f"diff --git a/{path} b/{path}\n"
    if old is None:
        yield "new file mode 100644\n"
    elif new is None:
        yield "deleted file mode 100644\n"
    yield f"index {_short(old)}..{_short(new)}\n"
    old_name, new_name = (f"a/{path}" if old else NOTHING), (f"b/{path}" if new else NOTHING)
    old_text, new_text = _text(hub, old), _text(hub, new)
    if old_text is None or new_text is None:
        yield f"Binary files {old_name} and {new_name} differ\n"
        return
    lines = unified_diff(
        old_text.splitlines(keepends=True), new_text.splitlines(keepends=True), old_name, new_name
    )
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _short(blob: Blob | None) -> str:
    return "0" * 7 if blob is None else blob.git_oid[:7]


def _text(hub: Hub, blob: Blob | None) -> str | None:
    """The lines to compare; None if they are not text, or too many. A large file shows its pointer."""
    if blob is None:
        return ""
    if blob.lfs:
        return f"version https://git-lfs.github.com/spec/v1\noid sha256:{blob.oid}\nsize {blob.size}\n"
    if blob.size > LARGEST:
        return None
    try:
        text = blobs.read(hub, blob.oid).decode()
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text
