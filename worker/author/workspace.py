"""What the agent has written, read once and as it is: no link is followed, nothing is opened by name twice.

The agent may still be at work while this reads. So every step goes from an opened folder to a name in it, and
what is checked, rehearsed and uploaded is what was read here.
"""

import os
import re
import stat
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

LARGEST_FILE = 2 * 1024 * 1024
LARGEST_WORKSPACE = 8 * 1024 * 1024
MOST_FILES = 400
DEEPEST = 12
LEFT_OUT = frozenset({"__pycache__", "node_modules", "venv", "AGENTS.md", "CLAUDE.md", "sessions", "brief"})
BLOCKERS = "TECHNICAL_BLOCKERS.json"
"""Where the agent says that it cannot be done; no part of the Space."""
NAME = re.compile(r"[\w][\w .()+@=,~-]{0,150}")
NO_LINK = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@dataclass(frozen=True)
class Oddity:
    """A file that cannot become a part of the Space, and what to do about it."""

    path: str
    problem: str
    fix: str


@dataclass
class Workspace:
    """The files by their path, and what is odd about others."""

    files: dict[str, bytes] = field(default_factory=dict)
    oddities: list[Oddity] = field(default_factory=list)
    blockers: bytes | None = None
    folders: int = field(default=0, compare=False)

    @property
    def entries(self) -> int:
        """How much there is, of whatever kind."""
        return len(self.files) + len(self.oddities) + self.folders

    @property
    def texts(self) -> dict[str, str]:
        """The files that are text."""
        found = {}
        for path, content in self.files.items():
            try:
                found[path] = content.decode()
            except UnicodeDecodeError:
                continue
        return found

    @property
    def size(self) -> int:
        return sum(map(len, self.files.values()))


def read_workspace(folder: Path, owner: int | None = None) -> Workspace:
    """Everything below a folder but hidden files, caches and notes. `owner` is whose files they must be."""
    found = Workspace()
    opened = os.open(folder, NO_LINK | os.O_DIRECTORY)
    try:
        _read_folder(opened, "", owner, found)
    finally:
        os.close(opened)
    return found


def write_files(folder: Path, files: Mapping[str, bytes], owner: int | None = None) -> None:
    """Write files below a folder that is the agent's. A link in the way is replaced and never followed."""
    for path, content in files.items():
        *folders, name = path.split("/")
        opened = os.open(folder, NO_LINK | os.O_DIRECTORY)
        try:
            for each in folders:
                inner = _folder_in(opened, each, owner)
                os.close(opened)
                opened = inner
            _write_in(opened, name, content, owner)
        finally:
            os.close(opened)


def _folder_in(opened: int, name: str, owner: int | None) -> int:
    try:
        return os.open(name, NO_LINK | os.O_DIRECTORY, dir_fd=opened)
    except FileNotFoundError:
        pass
    except OSError:  # a link, or a file where a folder belongs
        os.unlink(name, dir_fd=opened)
    os.mkdir(name, 0o755, dir_fd=opened)
    inner = os.open(name, NO_LINK | os.O_DIRECTORY, dir_fd=opened)
    if owner is not None:
        os.fchown(inner, owner, owner)
    return inner


def _write_in(opened: int, name: str, content: bytes, owner: int | None) -> None:
    with suppress(FileNotFoundError):
        os.unlink(name, dir_fd=opened)
    made = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(name, made, 0o644, dir_fd=opened), "wb") as file:
        file.write(content)
        if owner is not None:
            os.fchown(file.fileno(), owner, owner)


def _read_folder(opened: int, prefix: str, owner: int | None, found: Workspace) -> None:
    for name in _names(opened):
        path = prefix + name
        if found.entries >= MOST_FILES:
            many = f"and what follows it are too many: {MOST_FILES} files and folders may be there"
            _odd(found, path, many, "Leave out what the app does not need.")
            return
        try:
            inner = os.open(name, NO_LINK, dir_fd=opened)
        except OSError:
            _odd(found, path, "is a link or cannot be opened", "Put the file itself there.")
            continue
        try:
            _read_entry(inner, path, owner, found)
        finally:
            os.close(inner)


def _names(opened: int) -> Iterator[str]:
    with os.scandir(opened) as entries:
        names = sorted(entry.name for entry in entries)
    for name in names:
        if not name.startswith(".") and name not in LEFT_OUT and not name.endswith((".pyc", ".part")):
            yield name


def _read_entry(inner: int, path: str, owner: int | None, found: Workspace) -> None:
    state = os.fstat(inner)
    name = path.rpartition("/")[2]
    if not NAME.fullmatch(name):
        shown = path.encode("unicode_escape").decode()
        _odd(found, shown, "has a name that is not usual", "Use letters, digits, dot, dash and underscore.")
    elif owner is not None and state.st_uid != owner:
        _odd(found, path, "belongs to somebody else", "Write the file yourself.")
    elif stat.S_ISDIR(state.st_mode) and path.count("/") < DEEPEST:
        found.folders += 1
        _read_folder(inner, path + "/", owner, found)
    elif not stat.S_ISREG(state.st_mode):
        _odd(found, path, "is neither a file nor a folder of usual depth", "Remove it.")
    elif state.st_nlink > 1:
        _odd(found, path, "is one file under several names", "Write it as a file of its own.")
    else:
        _read_file(inner, path, found)


def _read_file(inner: int, path: str, found: Workspace) -> None:
    with os.fdopen(os.dup(inner), "rb") as file:
        content = file.read(LARGEST_FILE + 1)
    if path == BLOCKERS:
        found.blockers = content
    elif len(content) > LARGEST_FILE:
        limit = f"{LARGEST_FILE // 1024**2} MiB"
        _odd(found, path, f"is larger than {limit}", "Load large files from the model's repo at start.")
    elif found.size + len(content) > LARGEST_WORKSPACE:
        limit = f"{LARGEST_WORKSPACE // 1024**2} MiB"
        problem = f"does not fit: all files together may have {limit}"
        _odd(found, path, problem, "Load large files from the model's repo at start.")
    else:
        found.files[path] = content


def _odd(found: Workspace, path: str, problem: str, fix: str) -> None:
    found.oddities.append(Oddity(path[:200], problem, fix))
