"""A child of the Hub is read line by line, and never outlives its stop or the Hub."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from bot.localhub import processes
from tests.harness.waiting import wait_until

ENV = {"PATH": os.environ["PATH"]}


def alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def python(code: str) -> list[str]:
    return [sys.executable, "-c", textwrap.dedent(code)]


A_FAMILY = """
    import subprocess, sys, time
    child = [sys.executable, "-c", "import time; time.sleep(600)"]
    here = subprocess.Popen(child)
    elsewhere = subprocess.Popen(child, start_new_session=True)
    import os
    print(os.getpid(), here.pid, elsewhere.pid, flush=True)
    {then}
"""
"""A process with a child in its own group and one in another session; prints the three pids."""


def start_family(tmp_path: Path, then: str) -> tuple[processes.Process, list[int]]:
    lines: list[str] = []
    process = processes.start(python(A_FAMILY.format(then=then)), cwd=tmp_path, env=ENV, on_line=lines.append)
    wait_until(lambda: lines)
    return process, [int(pid) for pid in lines[0].split()]


def test_lines_of_both_streams_arrive_before_wait_returns(tmp_path: Path) -> None:
    lines: list[str] = []
    code = """
        import sys
        print("one", flush=True)
        print("two", file=sys.stderr, flush=True)
        sys.stdout.buffer.write(b"caf\\xc3\\xa9 \\xff, no newline")
        sys.stdout.flush()
        sys.exit(7)
    """
    process = processes.start(python(code), cwd=tmp_path, env=ENV, on_line=lines.append)
    assert process.wait(20) == 7
    assert lines == ["one", "two", "café \ufffd, no newline"]
    assert process.returncode == 7


def test_an_endless_line_comes_in_pieces(tmp_path: Path) -> None:
    sizes: list[int] = []
    code = f"print('x' * {processes.LINE_LIMIT * 2 + 10})"
    process = processes.start(
        python(code), cwd=tmp_path, env=ENV, on_line=lambda line: sizes.append(len(line))
    )
    assert process.wait(20) == 0
    assert sizes == [processes.LINE_LIMIT, processes.LINE_LIMIT, 10]


def test_the_child_sees_only_the_given_environment_and_no_input(tmp_path: Path) -> None:
    lines: list[str] = []
    code = "import os, sys; print(sorted(os.environ), repr(sys.stdin.read()), os.getcwd())"
    env = {**ENV, "LC_ALL": "C.UTF-8", "ONLY": "this"}
    processes.start(python(code), cwd=tmp_path, env=env, on_line=lines.append).wait(20)
    assert lines == [f"['LC_ALL', 'ONLY', 'PATH'] '' {tmp_path}"]


def test_a_command_that_does_not_exist_is_a_line_and_code_127(tmp_path: Path) -> None:
    lines: list[str] = []
    process = processes.start(["no-such-command"], cwd=tmp_path, env=ENV, on_line=lines.append)
    assert process.wait(20) == 127
    assert lines == ["no-such-command: No such file or directory"]


def test_a_signal_shows_as_128_plus_its_number(tmp_path: Path) -> None:
    code = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    assert processes.start(python(code), cwd=tmp_path, env=ENV, on_line=print).wait(20) == 137


def test_stop_lets_a_child_say_goodbye(tmp_path: Path) -> None:
    lines: list[str] = []
    code = """
        import signal, sys, time
        signal.signal(signal.SIGTERM, lambda *_: (print("bye"), sys.exit(0)))
        print("ready", flush=True)
        time.sleep(600)
    """
    process = processes.start(python(code), cwd=tmp_path, env=ENV, on_line=lines.append)
    wait_until(lambda: lines)
    assert process.stop() == 0
    assert lines == ["ready", "bye"]


def test_stop_ends_descendants_of_every_session(tmp_path: Path) -> None:
    process, family = start_family(tmp_path, "time.sleep(600)")
    process.stop()
    assert not [pid for pid in family if alive(pid)]


def test_stop_kills_what_ignores_sigterm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "GRACE", 0.5)
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); open('deaf', 'w'); time.sleep(600)"
    process, family = start_family(tmp_path, deaf)
    wait_until((tmp_path / "deaf").exists)
    process.stop()
    assert not [pid for pid in family if alive(pid)]


def test_nothing_is_left_of_a_child_that_ends_by_itself(tmp_path: Path) -> None:
    process, family = start_family(tmp_path, "sys.exit(0)")
    assert process.wait(20) == 0
    assert not [pid for pid in family if alive(pid)]


def test_a_child_outlives_the_thread_that_started_it(tmp_path: Path) -> None:
    started: list[processes.Process] = []
    code = "import time; time.sleep(600)"
    begin = lambda: started.append(  # noqa: E731
        processes.start(python(code), cwd=tmp_path, env=ENV, on_line=print)
    )
    thread = threading.Thread(target=begin)
    thread.start()
    thread.join()
    with pytest.raises(TimeoutError):
        started[0].wait(0.5)
    started[0].stop()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_nothing_survives_the_death_of_the_hub(tmp_path: Path, number: int) -> None:
    hub = f"""
        import os, sys
        from pathlib import Path
        from bot.localhub import processes
        family = processes.start({python(A_FAMILY.format(then="time.sleep(600)"))!r}, cwd=Path("."),
                                 env=dict(os.environ), on_line=lambda line: print(line, flush=True))
        family.wait()
    """
    with subprocess.Popen(python(hub), stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        family = [int(pid) for pid in parent.stdout.readline().split()]
        assert all(alive(pid) for pid in family)
        parent.send_signal(number)
    wait_until(lambda: not [pid for pid in family if alive(pid)], seconds=5)


def test_nothing_survives_the_death_of_the_supervisor(tmp_path: Path) -> None:
    process, family = start_family(tmp_path, "time.sleep(600)")
    os.kill(process.pid, signal.SIGTERM)
    wait_until(lambda: not [pid for pid in family if alive(pid)], seconds=5)
