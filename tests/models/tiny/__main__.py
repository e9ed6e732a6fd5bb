"""Writes tiny models into folders named after them; those that are there already are left alone."""

import argparse
import os
import shutil
import sys
from pathlib import Path

from tests.models.tiny import makers
from tests.models.tiny.registry import ALL


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.models.tiny", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the models go")
    parser.add_argument("names", nargs="*", help=f"which ones, default all: {', '.join(ALL)}")
    parser.add_argument("--seed", type=int, default=0, help="other seeds give other weights")
    given = parser.parse_args(arguments)
    for name in given.names or ALL:
        for each in (*ALL[name].needs, name):
            write(given.folder / each, each, given.seed)


def write(folder: Path, name: str, seed: int) -> None:
    import numpy as np
    import torch

    if folder.exists():
        return
    half = folder.with_name(f".{name}-{os.getpid()}")
    half.mkdir(parents=True)
    torch.manual_seed(seed)
    np.random.seed(seed)  # some libraries draw from it
    ALL[name].make(half)
    try:
        half.rename(folder)
    except OSError:  # another process was quicker
        shutil.rmtree(half)


if __name__ == "__main__":
    assert makers
    main(sys.argv[1:])
