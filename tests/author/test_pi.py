"""Turns of the real Pi, through the real proxy and behind the real walls, with a scripted model."""

import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from tests.author.playing import AMPLE, TOKEN, playing
from tests.harness.scripted_model import behaviours as models
from tests.harness.scripted_model.steps import Asked, Behaviour, Call, Say, Step
from tests.harness.waiting import wait_until
from worker.author.ledger import Totals
from worker.author.pi_settings import Patience
from worker.author.turns import Budget, TurnEnd

pytestmark = pytest.mark.thorough


def test_a_turn_builds_and_the_next_mends_in_the_same_session(tmp_path: Path) -> None:
    with playing(models.wrong_then_mends(), tmp_path) as it:
        built = it.pi("Build the Space.")
        assert (built.end, built.said, built.tool_calls) == (TurnEnd.DONE, "Done.", 1)
        assert "nme" in it.file("app.py")
        mended = it.pi("The log says: NameError: name 'nme' is not defined")
        assert (mended.end, mended.said, mended.tool_calls) == (TurnEnd.DONE, "Mended.", 2)
        assert 'return "Hello " + name' in it.file("app.py")
        assert "Build the Space." in str(it.model.asked[-1].messages)
        assert (built.requests, mended.requests) == (2, 3)
        totals = it.router.ledger.totals()
        assert totals.tokens == built.tokens + mended.tokens
        assert totals.usd == pytest.approx(built.usd + mended.usd)


def test_who_watches_a_turn_sees_what_it_comes_to_and_what_it_takes(tmp_path: Path) -> None:
    seen: list[str] = []
    behaviour = models.script([Say("", (models.write("app.py", "x = 1\n"),)), Say("Done.", pause=1.2)])
    with playing(behaviour, tmp_path, watch=lambda played: seen.append(played.tool)) as it:
        it.pi("Build it.")
    assert seen[-1] == "write"


@pytest.mark.parametrize(
    ("behaviour", "end", "problem"),
    [
        (models.out_of_credits(), TurnEnd.OUT_OF_BUDGET, "asks for payment: You have depleted"),
        (models.refuses(429, "Slow down"), TurnEnd.STALLED, "failed again and again: 429"),
        (models.refuses(500, "Oh no"), TurnEnd.STALLED, "failed again and again: 500"),
        (models.refuses(401, f"Bad {TOKEN}"), TurnEnd.BROKE, "could not be asked: 401"),
        (models.stalls(), TurnEnd.STALLED, "failed again and again"),
        (models.stalls(silent=True), TurnEnd.STALLED, "failed again and again: 504"),
        (models.cut_off(), TurnEnd.BROKE, "cut off at its greatest length"),
    ],
    ids=["402", "429", "500", "401", "stall", "silence", "cut"],
)
def test_what_goes_wrong_at_the_provider_is_told(
    behaviour: Behaviour, end: TurnEnd, problem: str, tmp_path: Path
) -> None:
    with playing(behaviour, tmp_path, quiet_seconds=1) as it:
        report = it.pi("Build it.")
    assert report.end is end
    assert problem in report.problem
    assert TOKEN not in report.problem
    assert TOKEN not in (tmp_path / "pi.log").read_text()


@pytest.mark.parametrize(
    "behaviour",
    [models.recovers_from(429), models.recovers_from(500), models.drops_once(), models.truncated_json()],
    ids=["429", "500", "hang-up", "truncated"],
)
def test_what_goes_wrong_once_is_got_over(behaviour: Behaviour, tmp_path: Path) -> None:
    with playing(behaviour, tmp_path) as it:
        report = it.pi("Build it.")
        assert (report.end, report.problem) == (TurnEnd.DONE, "")
        assert it.file("app.py") == models.GOOD_APP


def test_broken_tool_calls_write_nothing_and_end_nothing(tmp_path: Path) -> None:
    with playing(models.broken_tool_calls(), tmp_path) as it:
        report = it.pi("Build it.")
        assert (report.end, report.tool_calls) == (TurnEnd.DONE, 3)
        assert not any(it.place.workspace.iterdir())


@pytest.mark.parametrize(
    ("behaviour", "budget", "problem"),
    [
        (models.loops(), Budget(9, 10, 10_000_000, 5, 60), "the run may ask its model 5 times, and has"),
        (models.asks_too_much(), Budget(9, 10, 500_000, 60, 60), "the run's budget is spent"),
        (models.asks_too_much(), Budget(9, 0.1, 10_000_000, 60, 60), "of $0.10"),
    ],
    ids=["requests", "tokens", "money"],
)
def test_a_model_that_never_ends_is_ended_by_the_budget(
    behaviour: Behaviour, budget: Budget, problem: str, tmp_path: Path
) -> None:
    with playing(behaviour, tmp_path, budget=budget) as it:
        report = it.pi("Build it.")
        assert report.end is TurnEnd.OUT_OF_BUDGET
        assert problem in report.problem
        assert report.requests <= budget.requests
        again = it.pi("Go on.")
        assert (again.end, again.requests) == (TurnEnd.OUT_OF_BUDGET, 0)


def test_a_command_that_hangs_is_ended_and_the_agent_told(tmp_path: Path) -> None:
    behaviour = models.script([Say("", (models.bash("sleep 500"),)), Say("I go on.")])
    patience = Patience(retries=1, first_wait=0.1, command=1, quiet=30)
    with playing(behaviour, tmp_path, patience=patience) as it:
        assert it.pi("Build it.").said == "I go on."


def test_the_clock_ends_a_turn_and_the_time_is_the_runs(tmp_path: Path) -> None:
    behaviour = models.script([Say("", (models.bash("sleep 500"),)), Say("Done.")])
    with playing(behaviour, tmp_path, budget=Budget(9, 10, 10_000_000, 60, 3)) as it:
        report = it.pi("Build it.")
        assert report.end is TurnEnd.TIMED_OUT
        assert _processes_of(it.place.uid) == []
        assert it.pi("Go on.").problem == "The run's time for writing is used up."


def test_a_turn_in_which_nothing_happens_any_more_has_stalled(tmp_path: Path) -> None:
    behaviour = models.script([Say("", (models.bash("sleep 500"),)), Say("Done.")])
    patience = Patience(retries=1, first_wait=0.1, command=300, quiet=2)
    with playing(behaviour, tmp_path, patience=patience) as it:
        report = it.pi("Build it.")
        assert (report.end, report.problem) == (TurnEnd.STALLED, "Nothing happened for 2 seconds.")


def test_a_long_answer_is_not_a_stall(tmp_path: Path) -> None:
    behaviour = models.script([Say("word " * 800, pause=0.6)])
    patience = Patience(retries=1, first_wait=0.1, quiet=6)
    with playing(behaviour, tmp_path, patience=patience) as it:
        assert it.pi("Build it.").end is TurnEnd.DONE


def test_nothing_that_a_turn_started_outlives_it(tmp_path: Path) -> None:
    with playing(models.leaves_a_process(), tmp_path) as it:
        assert it.pi("Build it.").end is TurnEnd.DONE
        assert _processes_of(it.place.uid) == []


def test_a_turn_that_was_killed_is_taken_up_in_the_same_session(tmp_path: Path) -> None:
    behaviour = models.script(
        [Say("", (models.write("app.py", "x = 1\n"),)), Say("", (models.bash("sleep 500"),))],
        [Say("I go on where I was.")],
    )
    with playing(behaviour, tmp_path) as it:
        reports: list[TurnEnd] = []
        turn = threading.Thread(target=lambda: reports.append(it.pi("Build it.").end))
        turn.start()
        wait_until(lambda: len(it.model.asked) == 2, "the second request")
        for pid in wait_until(lambda: _processes_of(it.place.uid, "sleep"), "the command"):
            assert pid
        for pid in _processes_of(it.place.uid):
            os.kill(pid, signal.SIGKILL)
        turn.join(20)
        assert reports == [TurnEnd.BROKE]
        resumed = it.pi("Go on.")
        assert (resumed.end, resumed.said) == (TurnEnd.DONE, "I go on where I was.")
        assert "Build it." in str(it.model.asked[-1].messages)


def test_a_worker_that_is_killed_leaves_its_session_and_no_process(tmp_path: Path) -> None:
    worker = subprocess.Popen([sys.executable, "-m", "tests.author.turn_to_kill", str(tmp_path)])
    session = tmp_path / "session.jsonl"
    wait_until(lambda: session.exists() and b"setsid sleep" in session.read_bytes(), "the session", 30)
    uid = int((tmp_path / "uid").read_text())
    wait_until(lambda: _processes_of(uid, "sleep"), "the command")
    worker.kill()
    worker.wait()
    wait_until(lambda: not _processes_of(uid), "the end of all that the agent had started")
    with playing(models.wrong_then_mends(), tmp_path) as it:
        it.place.write(it.place.workspace / "app.py", models.BAD_APP)
        assert it.pi("Go on.").said == "Mended."
        assert "Build it." in str(it.model.asked[0].messages)


def test_after_a_402_the_next_turn_goes_on_with_the_session(tmp_path: Path) -> None:
    paid = threading.Event()

    def behave(asked: Asked) -> Step:
        if asked.step == 1 and not paid.is_set():
            return models.out_of_credits()(asked)
        return models.builds_right()(asked)

    with playing(behave, tmp_path) as it:
        assert it.pi("Build it.").end is TurnEnd.OUT_OF_BUDGET
        paid.set()
        assert it.pi("Go on.").end is TurnEnd.DONE


def test_a_session_of_an_earlier_job_is_taken_up_with_what_it_had_spent(tmp_path: Path) -> None:
    with playing(models.wrong_then_mends(), tmp_path) as it:
        first = it.pi("Build the Space.")
        spent = it.router.ledger.totals()
    with playing(models.wrong_then_mends(), tmp_path, before=spent, seconds=first.seconds) as it:
        it.place.write(it.place.workspace / "app.py", models.BAD_APP)
        again = it.pi("It is wrong.")
        assert (again.said, again.requests) == ("Mended.", 3)
        assert it.router.ledger.totals().requests == first.requests + 3
        assert it.pi.seconds == pytest.approx(first.seconds + again.seconds, abs=0.5)


def test_what_an_earlier_job_has_spent_is_spent(tmp_path: Path) -> None:
    with playing(models.builds_right(), tmp_path, before=Totals(3, 900, 10.0)) as it:
        assert it.pi("Build it.").end is TurnEnd.OUT_OF_BUDGET
        assert not it.model.asked
    with playing(models.builds_right(), tmp_path, seconds=AMPLE.seconds) as it:
        assert it.pi("Build it.").problem == "The run's time for writing is used up."


def test_a_session_that_the_agent_turns_into_a_link_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the worker's own")
    link = f"cd $HOME/turn-*/sessions && rm -f session.jsonl && ln -s {secret} session.jsonl"
    trick = f"sleep 1.5; {link}; sleep 1.5"
    with playing(models.script([Say("", (models.bash(trick),)), Say("Done.")]), tmp_path) as it:
        it.pi("Build it.")
        assert "the worker's own" not in (tmp_path / "session.jsonl").read_text()
        assert secret.read_text() == "the worker's own"


@pytest.mark.parametrize(
    "swap",
    ["mv sessions mine; ln -s {outside} sessions", "rm sessions/*; mkfifo sessions/session.jsonl"],
    ids=["folder", "pipe"],
)
def test_neither_a_linked_folder_nor_a_pipe_is_read_as_the_session(swap: str, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "session.jsonl").write_text("the worker's own")
    trick = f"sleep 1.5; cd $HOME/turn-*; {swap.format(outside=outside)}; sleep 1.5"
    with playing(models.script([Say("", (models.bash(trick),)), Say("Done.")]), tmp_path) as it:
        report = it.pi("Build it.")
        assert report.seconds < 20
        assert "Build it." in (tmp_path / "session.jsonl").read_text()
        assert "the worker's own" not in (tmp_path / "session.jsonl").read_text()


def test_an_agent_that_cannot_start_says_why(tmp_path: Path) -> None:
    with playing(models.builds_right(), tmp_path) as it:
        it.pi.installed = replace(it.pi.installed, package=tmp_path / "nowhere")
        report = it.pi("Build it.")
        assert (report.end, report.requests) == (TurnEnd.BROKE, 0)
        assert report.problem.startswith(
            "The agent stopped in the middle: it ended with exit code 1 (Error: Cannot find module"
        )


def test_settings_that_the_agent_leaves_change_nothing(tmp_path: Path) -> None:
    trick = 'mkdir -p .pi && echo \'{"shellCommandPrefix": "touch $HOME/tricked;"}\' > .pi/settings.json'
    turns: list[list[Step]] = [
        [Say("", (models.bash(f"{trick}; cp .pi/settings.json $PI_CODING_AGENT_DIR/"),)), Say("Done.")],
        [Say("", (models.bash("echo hello"),)), Say("Done.")],
    ]
    with playing(models.script(*turns), tmp_path) as it:
        it.pi("Build it.")
        it.pi("Again.")
        assert (it.place.workspace / ".pi/settings.json").exists()
        assert not (it.place.home / "tricked").exists()


def test_the_agent_finds_no_token_where_it_can_look(tmp_path: Path) -> None:
    look = "env; cat /proc/self/environ /proc/$PPID/environ; cat -v $PI_CODING_AGENT_DIR/*; ps aux; ls -a ~"
    turns: list[Step] = [
        Say("", (models.bash(look), Call("read", {"path": "/proc/self/environ"}))),
        Say("Done."),
    ]
    with playing(models.script(turns), tmp_path, environment={"SPACE_PORT": "1"}) as it:
        it.pi("Build it.")
        saw = str(it.model.asked[-1].messages)
    assert "SPACE_PORT=1" in saw
    assert it.router.key in saw
    assert TOKEN not in saw


def test_a_long_prompt_arrives_whole(tmp_path: Path) -> None:
    with playing(models.builds_right(), tmp_path) as it:
        assert it.pi("x" * 300_000).end is TurnEnd.DONE
        assert "x" * 300_000 in it.model.asked[0].prompt


def _processes_of(uid: int | None, name: str = "") -> list[int]:
    """The living processes of a user, with this name."""
    assert uid is not None
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        except (OSError, ValueError):
            continue
        alive = lines["State"].split()[0] != "Z" and int(lines["Uid"].split()[0]) == uid
        if alive and name in lines["Name"]:
            found.append(int(status.parent.name))
    return found
