"""The bot with an eye on its threads: `python -m scripts.bench.watched FILE [PART]`, without a part or whole.

At SIGUSR1 it writes to FILE how many seconds of processor each kind of thread has used so far.
"""

import json
import signal
import sys
import threading
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import patch

from bot import serve
from scripts.bench.without import PARTS

KINDS = {
    "MainThread": "answers",
    "intake": "commits",
    "hand-over": "begins work",
    "dbos-executor": "works",
}
REST = "the rest"


def seconds_by_kind() -> dict[str, float]:
    found: Counter[str] = Counter()
    for thread in threading.enumerate():
        if thread.ident is not None:
            found[_kind(thread.name)] += time.clock_gettime(time.pthread_getcpuclockid(thread.ident))
    return dict(found)


def _kind(name: str) -> str:
    return next((kind for start, kind in KINDS.items() if name.startswith(start)), REST)


def _write(file: Path) -> None:
    new = file.with_suffix(".new")
    new.write_text(json.dumps(seconds_by_kind()))
    new.replace(file)


if __name__ == "__main__":
    signal.signal(signal.SIGUSR1, lambda *_: _write(Path(sys.argv[1])))
    with ExitStack() as stack:
        for part in sys.argv[2:]:
            stack.enter_context(patch(*PARTS[part]))
        sys.exit(serve.main([]))
