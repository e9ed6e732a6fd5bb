"""The client knows what the API takes, and needs nothing of the bot's beside it."""

import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import get_type_hints

import pytest
from pydantic import ValidationError

from bot.client import SpaceFactory
from bot.client.arguments import COMMANDS, OTHER_FLAGS, parser
from bot.client.ends import plain, said_of
from bot.client.options import OPTIONS
from bot.client.shapes import Links, Run
from bot.client.stream import events_of
from bot.domain.commands import BY_NAME
from bot.web.api.commands import ABOUT_A_MODEL, ABOUT_A_RUN, ABOUT_A_SPACE, body_of, words_of

CLIENT = Path(__file__).parents[2] / "bot" / "client"


@pytest.mark.parametrize("name", [*ABOUT_A_MODEL, *ABOUT_A_SPACE, *ABOUT_A_RUN])
def test_each_command_has_the_options_that_the_api_takes(name: str) -> None:
    about, _ = COMMANDS[name]
    taken = set(body_of(BY_NAME[name]).model_fields) - {about}

    assert set(get_type_hints(OPTIONS.get(name, dict))) == taken
    given = parser().parse_args([name, "r_0123456789abcdef" if about == "run" else "a/b"])
    assert set(given.options) == taken and given.is_awaited is False


def test_the_flags_become_the_words_of_a_comment() -> None:
    line = [
        "validate",
        "me/space",
        "--api",
        "/say",
        "--kwargs",
        '{"n": [1, "é"]}',
        "--wake-up",
        "90",
        "--json",
    ]
    given = parser().parse_args([*line, "--wait", "--timeout", "45m"])
    options = {name: value for name in given.options if (value := getattr(given, name)) is not None}
    body = body_of(BY_NAME["validate"]).model_validate(given.body(given.about) | options)

    assert words_of(BY_NAME["validate"], None, body) == (
        "validate", "me/space", "api=/say", 'kwargs={"n": [1, "é"]}', "wait=90",
    )  # fmt: skip
    assert (given.is_awaited, given.timeout, given.json) == (True, 2700.0, True)
    assert OTHER_FLAGS == {"wait": "wake-up"}, "--wait waits for the run"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (["build", "model"], "write owner/model"),
        (["cancel", "mine"], "it looks like r_"),
        (["plan", "a/b", "--timeout", "soon"], "like 90s, 45m or 2h"),
        (["validate", "a/b", "--args", "{}"], 'takes JSON like ["a cat", 4]'),
    ],
)
def test_a_slip_is_answered_with_what_fits(
    line: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        parser().parse_args(line)

    assert end.value.code == 2 and words in capsys.readouterr().err


@pytest.mark.parametrize(
    "url", ["http://bot.example", "http://127.0.0.1.example", "ftp://localhost", "bot.test"]
)
def test_no_key_travels_readable(url: str) -> None:
    with pytest.raises(ValueError, match="readable"):
        SpaceFactory(url, key="sf_key")
    SpaceFactory("http://127.0.0.1:9", key="sf_key").close()


def test_events_are_read_whatever_stands_between_them() -> None:
    lines = [
        ": hello",
        "event: run",
        "data: 1",
        "data:2",
        "",
        "",
        "id: 4",
        "data",
        "",
        "event: lost",
        "data: x",
    ]

    assert list(events_of(lines)) == [("", ""), ("run", "1\n2"), ("message", "")]


def test_it_is_whole_without_the_bot(tmp_path: Path) -> None:
    shutil.copytree(CLIENT, tmp_path / "space_factory")

    command = [sys.executable, "-m", "space_factory", "--help"]
    asked = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)

    assert "SPACE_FACTORY_KEY" in asked.stdout


def test_a_custom_app_may_stand_for_a_model() -> None:
    given = parser().parse_args(["build", "blueprint:cad"])
    body = body_of(BY_NAME["build"]).model_validate(given.body(given.about))

    assert words_of(BY_NAME["build"], None, body) == ("build", "blueprint:cad")
    for name, word in (("build", "force"), ("build", "rev=main"), ("validate", "blueprint:cad")):
        with pytest.raises(ValidationError):
            body_of(BY_NAME[name]).model_validate({COMMANDS[name][0]: word})


@pytest.mark.parametrize("key", ["sf_one\nsf_two", "sf_é", "sf_one sf_two", "\udcad"])
def test_what_no_header_can_hold_is_refused_at_once_and_not_repeated(key: str) -> None:
    with pytest.raises(ValueError, match="no key or token") as told:
        SpaceFactory("http://127.0.0.1:9", key=key)
    assert key not in str(told.value)


@pytest.mark.parametrize("url", ["https://bot.example:port", "https://[::1", f"https://{'a' * 70_000}"])
def test_what_is_no_address_is_said_so(url: str) -> None:
    with pytest.raises(ValueError, match="is no address") as told:
        SpaceFactory(url, key="sf_key")
    assert len(str(told.value)) < 400


def test_a_run_is_told_in_words_that_a_terminal_can_show() -> None:
    page, space = "https://bot.test/runs/r_0", "https://hub.test/spaces/ada/demo"
    run = Run(
        id="r_0", kind="build", state="succeeded", is_over=True, requester="ada", asked_at=datetime.now(UTC),
        sentence=f"✅ **Ready:** **[`ada/demo`]({space})** answers. · [run page]({page})",
        report={"reason": "It \x1b[31manswered\x9b."}, cost_usd=0.0001,
        links=Links(page=page, record="", space=space),
    )  # fmt: skip

    assert said_of(run).splitlines() == [
        "✅ Ready: ada/demo answers.",
        "It [31manswered.",
        f"  Space: {space}",
        f"  run: {page}",
        "  cost: under $0.001",
    ]
    assert plain(f"🚫 Nothing new: [`ada/demo`]({space}).") == f"🚫 Nothing new: ada/demo ({space})."
    stopped = run.model_copy(update={"sentence": f"⏹️ Cancelled by `ada`. [What happened]({page})"})
    assert said_of(stopped).startswith("⏹️ Cancelled by ada.\n")
    assert "cost: $0.250" in said_of(run.model_copy(update={"cost_usd": 0.25}))
