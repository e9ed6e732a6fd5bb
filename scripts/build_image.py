"""Builds the Dockerfile's targets without a container engine and starts them: `make image`, as root.

buildah carries out the Dockerfile as it is; the base that it names is made with debootstrap, whose Python is
of the same version. The bot is then started as the image says: its user, environment and command, on a tree
that is mounted read-only, against a local Hub.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2

from bot.settings import new_vault_key
from tests.harness.local_hub import LocalHub, people

ROOT = Path(__file__).parents[1]
WORK = ROOT / ".image"
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
PORT = 17860
START_SECONDS = 120.0
LEFT_BEHIND = ("root/.cache", "root/.npm", "tmp/huggingface", "home/user/.cache")
SHUT = ("proc", "sys", "dev")
BASE = """\
FROM scratch
ADD root.tar /
COPY ca-certificates.crt {certificates}
RUN python3 -m venv /usr/local && rm -rf /root/.cache
ENV PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin \
NODE_EXTRA_CA_CERTS={certificates} PIP_CERT={certificates}
"""
"""As in the image that it stands for, Python is in /usr/local, where pip may install."""


def main() -> int:
    if problem := _what_is_missing():
        print(problem, file=sys.stderr)
        return 2
    WORK.mkdir(exist_ok=True)
    _run([str(ROOT / ".venv-image/bin/hadolint"), "Dockerfile"])
    print("hadolint: nothing to say")
    name = _base_of((ROOT / "Dockerfile").read_text())
    _make_base(name)
    for target in ("worker", "bot"):
        started = time.monotonic()
        _buildah("bud", "--isolation", "chroot", "--layers", "--pull-never", "--target", target,
                 "--tag", f"space-factory-{target}", ".")  # fmt: skip
        print(f"{target}: built in {time.monotonic() - started:.0f} s, {_megabytes(target)} MB", flush=True)
        with _mounted(target) as tree:
            _look_at(tree, target)
    with _mounted("bot") as tree, _read_only(tree) as root:
        _serve(root, _config("bot"))
    with _mounted("worker") as tree:
        _start_agent(tree)
    return 0


def _what_is_missing() -> str:
    missing = [tool for tool in ("debootstrap", "buildah") if not shutil.which(tool)]
    if missing:
        return f"Install {' and '.join(missing)} first: apt-get install {' '.join(missing)}"
    return "" if os.geteuid() == 0 else "Only root may make another root and mount it."


def _base_of(dockerfile: str) -> str:
    names = re.findall(r"^FROM (\S+:\S+)", dockerfile, re.M)
    assert len(names) == 1, f"one base is expected, and there are {names}"
    return str(names[0])


def _make_base(name: str) -> None:
    """`python:3.13-slim-trixie`: the distribution's suite, and the Python that it has to have."""
    found = re.fullmatch(r"python:(\d+\.\d+)-slim-(\w+)", name)
    assert found, f"{name} names no suite"
    version, suite = found.groups()
    folder = WORK / suite
    if not (folder / "etc/os-release").exists() or not (folder / "usr/bin/python3").exists():
        shutil.rmtree(folder, ignore_errors=True)
        packages = "python3,python3-venv,ca-certificates"
        _run(["debootstrap", "--variant=minbase", f"--include={packages}", suite, str(folder)])
    assert (folder / f"usr/bin/python{version}").exists(), f"{suite} has no Python {version}"
    excluded = [f"--exclude=./{each}/*" for each in SHUT]
    _run(["tar", "--create", "--file", str(WORK / "root.tar"), "--directory", str(folder), *excluded, "."])
    shutil.copy(CERTIFICATES, WORK)
    (WORK / "Dockerfile").write_text(BASE.format(certificates=CERTIFICATES))
    _buildah("bud", "--isolation", "chroot", "--layers", "--tag", f"docker.io/library/{name}", str(WORK))


def _look_at(tree: Path, target: str) -> None:
    """Nothing that only building needed is left, and nothing has to be compiled at the start."""
    left = [name for name in LEFT_BEHIND if (tree / name).exists()]
    assert not left, f"{target} has kept {left}"
    own = [each for each in (tree / "app").rglob("*.py") if ".author" not in each.parts]
    bare = [each for each in own if not list(each.parent.glob(f"__pycache__/{each.stem}.*.pyc"))]
    assert own and not bare, f"not compiled: {bare[:5]}"
    writable = [each for each in own if each.stat().st_uid != 0 or each.stat().st_mode & 0o022]
    assert not writable, f"not only root may write {writable[:5]}"


def _serve(root: Path, config: dict[str, Any]) -> None:
    hub = LocalHub(WORK / "hub", people("space-factory")).start()
    environment = dict(each.split("=", 1) for each in config["Env"]) | {
        "HF_ENDPOINT": hub.endpoint,
        "OPENID_PROVIDER_URL": hub.endpoint,
        "BOT_TOKEN": hub.token("space-factory"),
        "WEBHOOK_SECRETS": "s" * 32,
        "VAULT_KEYS": new_vault_key(),
        "OAUTH_CLIENT_ID": "none",
        "OAUTH_CLIENT_SECRET": "none",
        "PORT": str(PORT),
    }
    user = config["User"]
    assert user == "1000", user
    changed = [
        "chroot",
        f"--userspec={user}:{user}",
        str(root),
        "/usr/bin/env",
        "--chdir",
        config["WorkingDir"],
    ]
    started = time.monotonic()
    bot = subprocess.Popen([*changed, *config["Cmd"]], env=environment)
    try:
        for path in ("/healthz", "/readyz"):
            _await_answer(bot, path)
            seconds, busy = time.monotonic() - started, _busy_seconds(bot.pid)
            print(
                f"bot: {path} answers {seconds:.1f} s ({busy:.1f} of them busy) after its start as uid {user}"
            )
        status = Path(f"/proc/{bot.pid}/status").read_text()
        assert re.search(rf"^Uid:\t{user}\t{user}\t{user}", status, re.M), "it serves as somebody else"
    finally:
        bot.terminate()
        bot.wait(60)
        hub.stop()
    assert bot.returncode in {0, -15}, f"the bot ended with {bot.returncode}"
    print("bot: stopped in peace")


def _busy_seconds(pid: int) -> float:
    """What it has had of the processors, which does not depend on what else this machine does."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _await_answer(bot: subprocess.Popen[bytes], path: str) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        assert bot.poll() is None, f"the bot ended with {bot.returncode}"
        try:
            if httpx2.get(f"http://127.0.0.1:{PORT}{path}", timeout=10).status_code == 200:
                return
        except httpx2.TransportError:
            time.sleep(0.05)
    raise AssertionError(f"no answer of {path} in {START_SECONDS} s")


def _start_agent(tree: Path) -> None:
    """The agent that `worker` brings, with the Node that it brings."""
    inside = ["chroot", str(tree), "/usr/bin/env", "--chdir", "/app", "PYTHONPATH=/app"]
    print(_run([*inside, "/usr/local/bin/python", "-m", "worker.author.install"]).strip())


@contextmanager
def _mounted(target: str) -> Iterator[Path]:
    container = _buildah("from", "--pull-never", f"localhost/space-factory-{target}").strip()
    try:
        yield Path(_buildah("mount", container).strip())
    finally:
        _buildah("umount", container)
        _buildah("rm", container)


@contextmanager
def _read_only(tree: Path) -> Iterator[Path]:
    """The tree where nobody can write, with a /tmp and a data folder as a platform gives them."""
    root = Path(tempfile.mkdtemp(prefix="image-"))
    mounts = [
        ["--bind", "--read-only", str(tree), str(root)],
        ["--bind", "/dev", str(root / "dev")],
        ["-t", "tmpfs", "-o", "mode=1777", "tmpfs", str(root / "tmp")],
        ["-t", "tmpfs", "-o", "uid=1000", "tmpfs", str(root / "home/user/data")],
    ]
    done: list[str] = []
    try:
        for each in mounts:
            _run(["mount", *each])
            done.append(each[-1])
        assert not os.access(root / "app", os.W_OK), "the tree can be written"
        yield root
    finally:
        for place in reversed(done):
            _run(["umount", place])
        root.rmdir()


def _config(target: str) -> dict[str, Any]:
    found = json.loads(_buildah("inspect", "--type", "image", f"localhost/space-factory-{target}"))
    config: dict[str, Any] = found["OCIv1"]["config"]
    return config


def _megabytes(target: str) -> int:
    with _mounted(target) as tree:
        return int(_run(["du", "--summarize", "--block-size=1M", "--one-file-system", str(tree)]).split()[0])


def _buildah(command: str, *arguments: str) -> str:
    places = ["--root", str(WORK / "store"), "--runroot", str(WORK / "run"), "--storage-driver", "overlay"]
    return _run(["buildah", *places, command, *arguments])


def _run(command: list[str]) -> str:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command[:8])} failed:\n{(done.stdout + done.stderr)[-3000:]}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
