"""What earlier runs left behind: what is surely ours and over goes, everything else stays."""

import secrets
from datetime import timedelta
from pathlib import Path

import pytest

from tests.harness.local_hub import LocalHub
from tests.worker.models_on_the_hub import zoo_model
from tests.worker.test_promotion import static_space
from tests.worker.worker_runs import start_worker
from worker import tidying
from worker.contract import Kept, Phase, Progress
from worker.hub import Hub
from worker.journal import now
from worker.promotion import STAGING_OF, staging_name
from worker.space import MARK
from worker.tidying import OURS, STATE, left_behind, old_records

KEPT = Kept(days=30, runs_of_a_space=2)


def record(records: Path, days: float, space: str | None = "alice/demo", **more: str) -> str:
    """The name of a record that was written so many days ago."""
    name = f"r_{secrets.token_hex(8)}"
    at = now() - timedelta(days=days)
    state = Progress(run_id=name, phase=Phase.CARD, space_id=space, updated_at=at).model_dump_json()
    files = {STATE: state, "events.jsonl": "{}\n", "logs/space_run.txt": "hello", **more}
    for path, text in files.items():
        file = records / name / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return name


def left(records: Path) -> set[str]:
    return {each.name for each in records.iterdir()}


def test_a_record_goes_when_it_is_old_and_newer_ones_of_its_space_are_there(tmp_path: Path) -> None:
    old, third, second, newest = (record(tmp_path, days) for days in (50, 40, 35, 1))
    alone, a_plan = record(tmp_path, 900, "alice/other"), record(tmp_path, 900, None)

    assert set(old_records(tmp_path, "", KEPT)) == {old, third}

    assert left(tmp_path) == {second, newest, alone, a_plan}


def test_what_is_young_stays_however_many_there_are(tmp_path: Path) -> None:
    young = {record(tmp_path, 29) for _ in range(5)}

    assert old_records(tmp_path, "", KEPT) == []
    assert left(tmp_path) == young


def test_nothing_goes_where_nothing_shall(tmp_path: Path) -> None:
    all_of_them = {record(tmp_path, 5000) for _ in range(5)}

    assert old_records(tmp_path, "", KEPT.model_copy(update={"days": 0})) == []
    assert left(tmp_path) == all_of_them


def test_what_is_not_surely_a_record_of_ours_stays(tmp_path: Path) -> None:
    for days in (1, 2):
        record(tmp_path, days)
    mine = record(tmp_path, 900, **{"my-notes.txt": "why it failed"})
    renamed, unreadable, own = (record(tmp_path, 900) for _ in range(3))
    (tmp_path / renamed).rename(tmp_path / "what-i-keep")
    (tmp_path / unreadable / STATE).write_text("{")
    (tmp_path / "a-file").write_text("mine")
    (tmp_path / "a-folder").mkdir()

    assert old_records(tmp_path, own, KEPT) == []

    assert left(tmp_path) >= {mine, "what-i-keep", unreadable, own, "a-file", "a-folder"}


def test_a_deletion_that_was_cut_off_is_finished_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for days in (1, 2):
        record(tmp_path, days)
    old = record(tmp_path, 900)
    monkeypatch.setattr(tidying.shutil, "rmtree", _fails)
    assert old_records(tmp_path, "", KEPT) == []
    assert (tmp_path / old / STATE).exists()
    monkeypatch.undo()

    assert old_records(tmp_path, "", KEPT) == [old]

    assert not (tmp_path / old).exists()


def _fails(path: Path) -> None:
    raise OSError(5, "the bucket is away", str(path))


def test_a_staging_space_goes_a_day_after_the_last_that_was_done_to_it(
    local_hub: LocalHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = Hub(local_hub.token("alice"), local_hub.endpoint)
    target, other = (static_space(alice, **{MARK: "run-1"}) for _ in range(2))
    staging = static_space(alice, name=staging_name(target), **{STAGING_OF: target, MARK: "run-1"})
    second = static_space(alice, name=f"{staging}-2", **{STAGING_OF: target, MARK: "run-1"})
    mine = static_space(alice, name=staging_name(other))
    of_a_fork = static_space(alice, **{STAGING_OF: target})

    assert not {staging, second} & set(left_behind(alice, "alice"))
    monkeypatch.setattr(tidying, "now", lambda: now() + timedelta(days=1, minutes=1))
    gone = left_behind(alice, "alice")

    assert {staging, second} <= set(gone)
    assert not {target, other, mine, of_a_fork} & set(gone)
    assert not alice.api.repo_exists(staging, repo_type="space")
    assert alice.api.repo_exists(mine, repo_type="space")


@pytest.mark.thorough
def test_the_next_job_tidies_up_and_its_own_record_holds_what_records_hold(
    local_hub: LocalHub, tmp_path: Path
) -> None:
    records = tmp_path / "bucket" / "runs"
    old, newer = record(records, 900), record(records, 1)
    model = zoo_model(local_hub, "product-reviews-sentiment")

    run = start_worker(local_hub, model, tmp_path, kept={"days": 30, "runs_of_a_space": 1})
    run.ends(120)

    assert f"The record of {old} is old and was deleted." in run.output
    assert left(records) == {newer, run.record.name}
    assert {each.name for each in run.record.iterdir()} <= OURS
