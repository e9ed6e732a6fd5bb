"""Makes `.models`: the environment in which apps of every family run on this machine.

A torch that this Python can already import is used; otherwise TORCH comes from the package registry. The
rest is in requirements/models.lock and is installed without dependencies: nothing brings another torch.
"""

import importlib.util
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[1]
FOLDER = PROJECT / ".models"
LOCK = PROJECT / "requirements" / "models.lock"
SHIM = PROJECT / "scripts" / "torchvision_without_cuda.py"
TORCH = "torch==2.13.0"
"""Without a hash: its builds with and without CUDA have the same version and different ones."""


def main() -> None:
    there = importlib.util.find_spec("torch") is not None
    say(f"Preparing .models, about 2 GB ({'with the torch of this Python' if there else TORCH}) ...")
    run(sys.executable, "-m", "venv", *(["--system-site-packages"] if there else []), str(FOLDER))
    if not there:
        pip("install", TORCH)
    pip("install", "--no-deps", "--require-hashes", "--requirement", str(LOCK))
    packages = next((FOLDER / "lib").glob("python3*")) / "site-packages"
    (packages / SHIM.name).write_text(SHIM.read_text())
    (packages / "torchvision-without-cuda.pth").write_text(f"import {SHIM.stem}\n")
    run(str(FOLDER / "bin" / "python"), "-c", "import torch, timm, transformers.pipelines, diffusers, gradio")


def pip(*arguments: str) -> None:
    quiet = ("--quiet", "--disable-pip-version-check")
    run(str(FOLDER / "bin" / "python"), "-m", "pip", *arguments, *quiet)


def run(*command: str) -> None:
    subprocess.run(command, check=True)


def say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
