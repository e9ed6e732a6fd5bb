"""The record is whole at every moment, free of secrets, and survives a kill."""

import json
import os
import re
import signal
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from tests.harness.waiting import wait_until
from worker.contract import EventKind, Phase, Progress, ProgressEvent, Verdict
from worker.journal import LARGEST_FILE, LONGEST_MESSAGE, Journal, RunIsOver
from worker.redact import Redactor

SECRET = "hf_thisIsTheSecretOfThisTest"


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "record", "run-1", "job-1", Redactor([SECRET]))


def events(folder: Path) -> list[ProgressEvent]:
    lines = (folder / "events.jsonl").read_text().splitlines()
    return [ProgressEvent.model_validate_json(line) for line in lines]


def test_the_state_and_the_events_say_where_the_run_is(journal: Journal, tmp_path: Path) -> None:
    journal.started(Phase.CARD, "Reading.")
    journal.note("A remark.")
    journal.ended(Phase.CARD, EventKind.DONE, "Read.")
    journal.started(Phase.PLAN, "Choosing.")
    journal.space_is("alice/demo")

    state = Progress.model_validate_json((tmp_path / "record" / "state.json").read_text())
    assert (state.phase, state.space_id, state.job_id) == (Phase.PLAN, "alice/demo", "job-1")
    assert [(each.phase, each.ended_at is not None) for each in state.phases] == [
        (Phase.CARD, True),
        (Phase.PLAN, False),
    ]
    assert [(each.seq, each.kind) for each in events(tmp_path / "record")] == [
        (1, EventKind.STARTED),
        (2, EventKind.NOTE),
        (3, EventKind.DONE),
        (4, EventKind.STARTED),
    ]


def test_no_secret_is_written_said_or_told(
    journal: Journal, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told: list[ProgressEvent] = []
    journal.listeners.append(told.append)

    journal.started(Phase.CARD, f"with {SECRET}")
    journal.note(f"and {SECRET}")
    journal.write("logs/space_run.txt", f"line with {SECRET}\n")
    journal.write_json("report.json", {SECRET: SECRET})
    journal.say(f"{SECRET}")

    written = [file.read_text() for file in (tmp_path / "record").rglob("*") if file.is_file()]
    assert len(written) == 4
    assert not any(SECRET in text for text in [*written, capsys.readouterr().out, *map(str, told)])


def test_the_log_has_a_line_with_its_time_and_subject_for_each_thing_and_none_after_the_end(
    journal: Journal, capsys: pytest.CaptureFixture[str]
) -> None:
    journal.started(Phase.CARD, "Reading.")
    journal.log("twin", EventKind.NOTE, f"Installing for\nthe rehearsal, with {SECRET}.")
    journal.close()
    journal.log("twin", EventKind.NOTE, "Whoever still works on a run that is over says nothing more.")

    first, second = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"\d\d:\d\d:\d\d card     started Reading\.", first)
    assert re.fullmatch(r"\d\d:\d\d:\d\d twin     note    Installing for the rehearsal, with \S+\.", second)
    assert SECRET not in second


def test_a_message_is_one_line_of_bounded_length(journal: Journal, tmp_path: Path) -> None:
    journal.started(Phase.CARD, "a\nb " + "x" * 2000)

    (event,) = events(tmp_path / "record")
    assert len(event.message) == LONGEST_MESSAGE
    assert event.message.startswith("a b x")
    assert event.message.endswith("…")


def test_a_huge_text_loses_its_middle(journal: Journal, tmp_path: Path) -> None:
    journal.write("logs/space_run.txt", "first\n" + "ü" * LARGEST_FILE + "\nlast")

    text = (tmp_path / "record" / "logs" / "space_run.txt").read_text()
    assert len(text.encode()) <= LARGEST_FILE
    assert text.startswith("first\n")
    assert text.endswith("\nlast")
    assert "bytes left out" in text


def test_a_closed_journal_refuses_whoever_was_given_up(journal: Journal, tmp_path: Path) -> None:
    journal.started(Phase.CARD, "Reading.")
    journal.close()

    with pytest.raises(RunIsOver):
        journal.note("too late")
    with pytest.raises(RunIsOver):
        journal.write("report.md", "too late")
    assert len(events(tmp_path / "record")) == 1


def test_a_journal_that_was_taken_over_is_closed_to_others_only(journal: Journal, tmp_path: Path) -> None:
    refused: list[Exception] = []

    def still_working() -> None:
        for write in (lambda: journal.note("late"), lambda: journal.started(Phase.PLAN, "late")):
            try:
                write()
            except RunIsOver as error:
                refused.append(error)

    journal.started(Phase.CARD, "Reading.")
    journal.take_over()
    thread = threading.Thread(target=still_working)
    thread.start()
    thread.join()
    journal.ended(Phase.CARD, EventKind.FAILED, "Cancelled.")

    assert len(refused) == 2
    assert [event.kind for event in events(tmp_path / "record")] == [EventKind.STARTED, EventKind.FAILED]
    assert [each.phase for each in journal.phases] == [Phase.CARD]


def test_a_folder_that_cannot_be_written_does_not_stop_the_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    journal = Journal(tmp_path / "file" / "record", "run-1", None, Redactor())

    journal.started(Phase.CARD, "Reading.")
    journal.verdict_is(Verdict.FAILED)

    assert "could not be written" in capsys.readouterr().out


def test_events_from_many_threads_are_all_kept_in_order(journal: Journal, tmp_path: Path) -> None:
    journal.started(Phase.CARD, "Reading.")
    threads = [threading.Thread(target=journal.note, args=(f"note {number}",)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [event.seq for event in events(tmp_path / "record")] == list(range(1, 22))


def test_a_kill_at_any_moment_leaves_whole_files(tmp_path: Path) -> None:
    script = """
        import sys
        from pathlib import Path
        from worker.contract import Phase
        from worker.journal import Journal
        from worker.redact import Redactor

        journal = Journal(Path(sys.argv[1]), "run-1", None, Redactor())
        journal.started(Phase.START, "Waiting.")
        while True:
            journal.note("x" * 400)
    """
    folder = tmp_path / "record"
    command = [sys.executable, "-c", textwrap.dedent(script), str(folder)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        wait_until(lambda: (folder / "events.jsonl").exists() and len(events(folder)) > 50, "fifty events")
        os.kill(process.pid, signal.SIGKILL)

    assert len(events(folder)) > 50
    assert json.loads((folder / "state.json").read_text())["phase"] == "start"
