"""The body of a forked local Hub: `python -m bot localhub`, without doing its imports again."""

import os
import sys
from multiprocessing.connection import Connection

import bot.localhub.serve as hub


def serve(
    arguments: list[str], environment: dict[str, str], folder: str, ready: Connection, log: str
) -> None:
    """`ready` gets its one line of stdout."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    os.dup2(ready.fileno(), 1)
    os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND), 2)
    ready.close()
    sys.exit(hub.main(arguments))
