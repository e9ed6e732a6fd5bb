"""Logs are bounded, and a reader that follows one misses nothing and repeats nothing."""

import json
from pathlib import Path

import pytest

from bot.localhub import logs
from bot.localhub.logs import Log, Reader


def texts(lines: list[str]) -> list[str]:
    return [json.loads(line)["data"] for line in lines]


def test_a_reader_goes_on_where_it_stopped(tmp_path: Path) -> None:
    log = Log(tmp_path / "log")
    reader = Reader(log)
    assert reader.batch() == []
    log.write("one")
    log.write("zwei äö\n")
    assert texts(reader.batch()) == ["one", "zwei äö\n"]
    assert reader.batch() == []
    log.write("three")
    assert texts(reader.batch()) == ["three"]
    reader.close()


def test_a_reader_follows_into_a_log_that_was_begun_anew(tmp_path: Path) -> None:
    log = Log(tmp_path / "log")
    log.write("old build")
    reader = Reader(log)
    assert texts(reader.batch()) == ["old build"]
    log.clear()
    log.write("new build")
    assert texts(reader.batch()) == ["new build"]
    reader.close()


def test_a_line_longer_than_one_read_stays_whole(tmp_path: Path) -> None:
    log = Log(tmp_path / "log")
    log.write("x" * 300_000)
    log.write("end")
    assert [len(text) for text in log.texts()] == [300_000, 3]


def test_a_full_log_keeps_its_newer_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "LIMIT", 2000)
    log = Log(tmp_path / "log")
    reader = Reader(log)
    followed = []
    for number in range(200):
        log.write(f"line {number}")
        followed += texts(reader.batch())
    reader.close()
    assert followed == [f"line {number}" for number in range(200)]
    kept = log.texts()
    assert kept == [f"line {number}" for number in range(200)][-len(kept) :]
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) < 2 * 2100
