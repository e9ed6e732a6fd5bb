"""`make bench`: measures each row several times, ours and its floor in turns, and prints one Markdown table.

A row is a ratio of seconds, so that machines can be compared. Another row is another `Bench` in `rows`.
"""

import argparse
import os
import platform
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from scripts.bench.builds import tiny_families, zoo
from scripts.bench.table import HEAD, Bench, line, measured


def main() -> None:
    options = _parser().parse_args()
    print(_machine())
    print(HEAD, flush=True)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        for bench in rows(Path(folder), with_families=options.models):
            print(line(bench, measured(bench, options.rounds)), flush=True)


def rows(folder: Path, *, with_families: bool) -> Iterator[Bench]:
    with ExitStack() as stack:
        yield from stack.enter_context(zoo(folder / "zoo"))
    if with_families:
        with ExitStack() as stack:
            yield from stack.enter_context(tiny_families(folder / "families"))


def _machine() -> str:
    cores, load = os.cpu_count(), os.getloadavg()[0]
    return f"Python {platform.python_version()}, {cores} cores, load {load:.1f} before the first row\n"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scripts.bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="after one that only warms up")
    parser.add_argument("--models", action="store_true", help="also a few families that need torch")
    return parser


if __name__ == "__main__":
    main()
