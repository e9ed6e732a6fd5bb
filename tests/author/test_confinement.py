"""The agent's place, seen by a hostile program inside that tries everything it can think of."""

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.harness.waiting import wait_until
from worker.author.confinement import PEEK, WALLS, Confinement
from worker.author.level import Level, Reached
from worker.author.workspace import read_workspace
from worker.errors import Failed

HOSTILE = Path(__file__).with_name("hostile.py")
PROJECT = Path(__file__).parents[2]
PROC = Path("/proc")
TOKEN, KEY, ARGUMENT = "hf_thetokenofthisrun0000", "the-report-key-of-this-run", "what-the-command-line-says"
WORKER = """
import ctypes, json, os, sys
from pathlib import Path
from worker.author import confinement
from worker.author.confinement import Confinement
from worker.author.level import Level
asked = json.loads(sys.argv[2])
confinement.HERE = Path(asked["walls_from"])
token = ctypes.create_string_buffer(os.environ["HF_TOKEN"].encode())
with Confinement(Level(asked["minimum"])) as place:
    script = place.workspace / "hostile.py"
    place.write(script, Path(asked["hostile"]).read_text())
    asked |= {"worker": os.getpid(), "address": ctypes.addressof(token), "highest": os.getpid() + 200,
              "beside": str(place.home.parent), "walls": str(place.shown / "walls.py")}
    log = place.outside / "log"
    process = place.start([str(place.python), "-I", "hostile.py", json.dumps(asked)],
                          cwd=place.workspace, env={"RUN_KEY": "run-key"}, log=log)
    ended = process.wait(60)
    print(json.dumps({"level": int(place.level), "uid": place.uid, "ended": ended, "code": process.code,
                      "log": log.read_text()}), flush=True)
"""


@pytest.fixture(scope="module")
def attack(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the hostile program got out of a worker with secrets in its variables, memory and files."""
    return attacked(tmp_path_factory.mktemp("attack"), PROJECT / "worker" / "author")


def without_walls(folder: Path) -> Path:
    """What is run inside, with walls that stay away."""
    made = folder / "without_walls"
    made.mkdir()
    shutil.copyfile(PROJECT / "worker" / "author" / PEEK, made / PEEK)
    shutil.copyfile(Path(__file__).with_name("no_walls.py"), made / WALLS)
    return made


def attacked(folder: Path, walls_from: Path, user: int | None = None) -> dict[str, Any]:
    record, readable = folder / "state.json", folder / "readable"
    record.write_text(f"the record, with {TOKEN}")
    record.chmod(0o600)
    readable.write_text("for everybody")
    readable.chmod(0o644)
    with socket.create_server(("127.0.0.1", 0)) as hub:
        asked = {
            "hub": hub.getsockname()[1],
            "hostile": str(HOSTILE),
            "record": str(record),
            "readable": str(readable),
            "source": str(PROJECT / "worker" / "redact.py"),
            "walls_from": str(walls_from),
            "minimum": Level.USER if user is None else Level.WALLS,
        }
        secrets = {"HF_TOKEN": TOKEN, "REPORT_KEY": KEY}
        done = subprocess.run(
            [sys.executable, "-c", WORKER, ARGUMENT, json.dumps(asked)],
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(PROJECT), **secrets},
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
            user=user,
            group=user,
            extra_groups=[] if user else None,
        )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    told["got"] = json.loads(told["log"].splitlines()[-1])
    return told


def test_the_level_is_the_best_that_this_machine_gives(attack: dict[str, Any]) -> None:
    assert attack["level"] == Level.USER_AND_WALLS


def test_a_hostile_program_gets_no_secret_in_any_way(attack: dict[str, Any]) -> None:
    said = json.dumps(attack["got"])

    assert TOKEN not in said
    assert KEY not in said
    assert ARGUMENT not in said


def test_none_of_its_attempts_gets_anything(attack: dict[str, Any]) -> None:
    assert set(attack["got"]) == {"environment"}


def test_without_walls_it_sees_more_and_still_no_secret(tmp_path: Path) -> None:
    told = attacked(tmp_path, without_walls(tmp_path))

    assert told["level"] == Level.USER
    assert {"arguments of the worker", "the Hub", "a datagram", "the source of the worker"} <= set(
        told["got"]
    )
    assert TOKEN not in json.dumps(told["got"])


def test_a_worker_that_may_not_change_users_still_has_walls(tmp_path: Path) -> None:
    told = attacked(tmp_path, PROJECT / "worker" / "author", user=12_345)

    assert told["level"] == Level.WALLS
    assert set(told["got"]) == {"environment"}
    assert TOKEN not in told["log"]


def test_its_environment_has_what_it_was_given_and_nothing_of_the_worker(attack: dict[str, Any]) -> None:
    environment = json.loads(attack["got"]["environment"])

    assert environment["RUN_KEY"] == "run-key"
    assert not any(name.startswith(("HF_TOKEN", "REPORT", "SPACE_FACTORY")) for name in environment)


def test_what_it_leaves_behind_is_ended_with_it(attack: dict[str, Any]) -> None:
    def of_its_user() -> list[Path]:
        return [each for each in PROC.iterdir() if each.name.isdigit() and _uid(each) == attack["uid"]]

    assert attack["ended"]
    wait_until(lambda: not of_its_user(), "the end of all its processes", seconds=10)


def test_a_level_below_the_one_asked_for_is_a_clear_end(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A kernel without Landlock cannot be had here: the walls are told to stay away instead."""
    monkeypatch.setattr("worker.author.confinement.HERE", without_walls(tmp_path))

    with Confinement(Level.USER) as place:
        assert place.level is Level.USER
    with pytest.raises(Failed) as ended:
        Confinement(Level.USER_AND_WALLS)

    assert ended.value.category == "not_confined"
    assert "gives it a user of its own, and a user of its own, and walls" in str(ended.value)
    assert "ask again with author=none" in str(ended.value)


def test_walls_that_cannot_be_put_up_again_keep_the_agent_from_starting() -> None:
    with Confinement() as place:
        shown = place.shown / "walls.py"
        shown.write_text(
            shown.read_text().replace("CREATE, ADD, RESTRICT = 444", "CREATE, ADD, RESTRICT = 9999")
        )
        process = place.start(["id"], cwd=place.workspace, env={}, log=place.outside / "log")
        assert process.wait(20)

    assert process.code == 126


def test_it_reaches_the_port_that_it_is_given(tmp_path: Path) -> None:
    with Confinement() as place, socket.create_server(("127.0.0.1", 0)) as given:
        port = given.getsockname()[1]
        code = f"import socket; socket.create_connection(('127.0.0.1', {port}), 5); print('reached')"
        log = place.outside / "log"
        process = place.start(
            [str(place.python), "-I", "-c", code], cwd=place.workspace, env={}, log=log, ports=(port,)
        )
        assert process.wait(20)
        assert log.read_text() == "reached\n"


def test_what_runs_inside_is_ended_when_it_is_told_to() -> None:
    with Confinement() as place:
        command = ["sh", "-c", "sleep 300 & exec sleep 300"]
        process = place.start(command, cwd=place.workspace, env={}, log=place.outside / "log")
        assert not process.wait(0.5)
        process.kill()

        assert not process.running
        assert not [each for each in PROC.iterdir() if each.name.isdigit() and _uid(each) == place.uid]


def test_what_the_worker_writes_follows_no_link_that_the_agent_has_left(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_text("kept")
    with Confinement() as place:
        code = f"ln -s {outside} folder; ln -s {outside}/kept app.py; echo x > file; ln -s nowhere gone"
        log = place.outside / "log"
        assert place.start(["sh", "-c", code], cwd=place.workspace, env={}, log=log).wait(20)

        place.put({"folder/kept": b"new", "app.py": b"new", "file/under": b"new", "gone/far/in": b"new"})
        place.write(place.workspace / "folder" / "other", "new")

        read = read_workspace(place.workspace, place.uid)

    assert [each.name for each in outside.iterdir()] == ["kept"]
    assert (outside / "kept").read_text() == "kept"
    assert set(read.files) == {"folder/kept", "folder/other", "app.py", "file/under", "gone/far/in"}
    assert not read.oddities


@pytest.mark.parametrize(
    ("changed", "own_user", "level"),
    [
        ({}, True, Level.USER_AND_WALLS),
        ({}, False, Level.WALLS),
        ({"closed": True}, True, Level.USER),
        ({"datagram": True}, True, Level.USER),
        ({"file": True}, False, Level.OPEN),
        ({"secrets": True}, True, Level.OPEN),
        ({"open": False}, True, Level.OPEN),
    ],
)
def test_the_level_is_what_was_seen_to_hold(changed: dict[str, bool], own_user: bool, level: Level) -> None:
    nothing = {"file": False, "arguments": False, "secrets": False, "closed": False, "datagram": False}

    assert Reached(**{**nothing, "open": True, **changed}).level(own_user=own_user) is level


def _uid(process: Path) -> int | None:
    try:
        return process.stat().st_uid
    except OSError:
        return None
