"""What runs in the sandbox has no token, little room, and no way to stay."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.waiting import wait_until
from worker.twin.sandbox import Bounds, Child, Sandbox, remove_abandoned

PYTHON = Path(sys.executable)
PROJECT = Path(__file__).parents[2]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(PYTHON) as sandbox:
        yield sandbox


def run(sandbox: Sandbox, code: str, bounds: Bounds | None = None, ports: list[int] | None = None) -> Child:
    command = [str(PYTHON), "-I", "-c", code]
    log = sandbox.folder / "log"
    return sandbox.start(
        command, cwd=sandbox.home, env={"GIVEN": "1"}, log=log, bounds=bounds or Bounds(30), ports=ports
    )


def test_what_a_killed_worker_left_is_removed_by_the_next_one(tmp_path: Path) -> None:
    code = "import sys; from worker.twin.sandbox import Sandbox; from pathlib import Path\n"
    code += "Sandbox(Path(sys.executable)).__enter__(); print(flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", code]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=PROJECT
    ) as worker:
        assert worker.stdout
        worker.stdout.readline()
        remove_abandoned(tmp_path)
        kept = list(tmp_path.iterdir())
        worker.kill()

    remove_abandoned(tmp_path)

    assert len(kept) == 1
    assert not list(tmp_path.iterdir())


def test_t06_it_gets_its_own_variables_only(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")

    child = run(sandbox, "import os; print(sorted(os.environ)); print(os.environ['HOME'])")

    assert child.wait(20)
    said = child.last_lines()
    assert "HF_TOKEN" not in said
    assert "GIVEN" in said
    assert str(sandbox.home) in said


def test_t06_it_cannot_read_our_variables_from_outside(sandbox: Sandbox) -> None:
    child = run(sandbox, f"print(open('/proc/{os.getpid()}/environ').read())")

    assert child.wait(20)
    if os.geteuid() != 0 or sandbox.uid is not None:
        assert "PermissionError" in child.last_lines()


def test_it_is_ended_when_it_takes_too_much_memory(sandbox: Sandbox) -> None:
    code = "x = bytearray(400_000_000); import time; time.sleep(60)"

    child = run(sandbox, code, Bounds(seconds=30, memory=100_000_000))

    assert child.wait(20)
    assert child.why_ended() == "it needed more memory than it may take"
    assert child.peak_memory > 100_000_000


def test_it_is_ended_when_it_takes_too_long(sandbox: Sandbox) -> None:
    child = run(sandbox, "import time; time.sleep(60)", Bounds(seconds=0.5))

    assert child.wait(20)
    assert child.why_ended() == "it took longer than it may"


def test_its_exit_code_is_told(sandbox: Sandbox) -> None:
    child = run(sandbox, "raise SystemExit(3)")

    assert child.wait(20)
    assert (child.code, child.why_ended()) == (3, "it ended with exit code 3")


LEAVER = """
import subprocess, sys, time
left = subprocess.Popen([sys.executable, "-I", "-c", "import time; time.sleep(300)"], start_new_session=True)
print(left.pid, flush=True)
time.sleep(300)
"""


def test_nothing_that_it_started_stays_behind(sandbox: Sandbox) -> None:
    child = run(sandbox, LEAVER)
    wait_until(lambda: child.last_lines() != "", "the process that wants to stay", seconds=20)
    left = int(child.last_lines())

    child.stop()

    assert not _runs(left)
    assert not child.running


WORKER = """
import sys, time
from pathlib import Path
from worker.twin.sandbox import Bounds, Sandbox
with Sandbox(Path(sys.executable)) as sandbox:
    log = Path(sys.argv[1])
    child = sandbox.start(["sleep", "300"], cwd=sandbox.home, env={}, log=log, bounds=Bounds(60))
    print(child.pid, sandbox.folder, flush=True)
    time.sleep(300)
"""


def test_it_does_not_outlive_a_worker_that_was_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WORKER, str(tmp_path / "log")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        pid, folder = worker.stdout.readline().split()
        os.kill(worker.pid, signal.SIGKILL)

    wait_until(lambda: not _runs(int(pid)), "the end of the orphan", seconds=10)
    remove_abandoned(Path(folder).parent)
    assert not Path(folder).exists()


def test_t06_it_reaches_only_the_ports_it_is_given(sandbox: Sandbox) -> None:
    with socket.create_server(("127.0.0.1", 0)) as given, socket.create_server(("127.0.0.1", 0)) as other:
        ports = [given.getsockname()[1], other.getsockname()[1]]
        code = (
            f"import socket\nfor port in {ports}: socket.create_connection(('127.0.0.1', port)); print(port)"
        )

        child = run(sandbox, code, ports=ports[:1])
        assert child.wait(20)

    said = child.last_lines()
    assert str(ports[0]) in said
    if _kernel_can_refuse():
        assert "Permission denied" in said


def test_its_folder_is_gone_afterwards() -> None:
    with Sandbox(PYTHON) as sandbox:
        run(sandbox, "open('left', 'w').write('x')").wait(20)

    assert not sandbox.folder.exists()


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _kernel_can_refuse() -> bool:
    import ctypes

    return sys.platform == "linux" and ctypes.CDLL(None).syscall(444, None, 0, 1) >= 4
