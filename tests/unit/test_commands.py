"""The parser: what is a command, and what is said about the rest."""

import pytest

from bot.domain.commands import COMMANDS, MOST_COMMANDS, parse
from bot.domain.errors import UserError

BOT = "space-factory"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@space-factory build", [("build", None)]),
        ("Nice!\n\n@Space-Factory  BUILD", [("build", None)]),
        ("@space-factory build owner/model", [("build", "owner/model")]),
        ("@space-factory build https://huggingface.co/owner/model", [("build", "owner/model")]),
        ("@space-factory build # please", [("build", None)]),
        ("- @space-factory status\n- @space-factory help", [("status", None), ("help", None)]),
        ("one line\n@space-factory help\nanother", [("help", None)]),
        ("@space-factory", [("help", None)]),
    ],
)
def test_a_mention_that_starts_a_line_is_a_command(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(command.row.name, command.target) for command in parse(text, BOT)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "> @space-factory build",
        "> quoted\n> @space-factory build",
        "`@space-factory build`",
        "```\n@space-factory build\n```",
        "~~~text\n@space-factory build\n~~~",
        "    @space-factory build",
        "# @space-factory build",
        "[@space-factory build](https://example.com)",
        "<b>@space-factory build</b>",
        "**@space-factory** build",
        "I asked @space-factory build yesterday",
        "@space-factory-two build",
        "@space-factorybuild",
        "",
    ],
)
def test_whatever_else_holds_the_words_is_no_command(text: str) -> None:
    assert parse(text, BOT) == []


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("@space-factory biuld", "E_VERB", "Did you mean `build`?"),
        ("@space-factory dance", "E_VERB", "I don't know `dance`."),
        ("@space-factory owner/model", "E_VERB", "write `build owner/model`"),
        ("well\n@space-factory\nthen", "E_VERB", "without a command"),
        ("@space-factory build ../../etc", "E_OPT", "is not a model's name"),
        ("@space-factory build a/b c/d", "E_OPT", "is written as"),
        ("@space-factory build `rm`", "E_OPT", "is not a model's name"),
        ("@space-factory help me", "E_OPT", "`help` is written as `help`"),
        ("@space-factory build\n@space-factory build", "E_ONE_BUILD", "Nothing was started"),
        ("@space-factory help\n" * (MOST_COMMANDS + 1), "E_MANY", "more than 3"),
        ("@space-factory build\n@space-factory biuld", "E_VERB", "biuld"),
    ],
)
def test_a_command_that_cannot_be_understood_runs_nothing(text: str, code: str, words: str) -> None:
    with pytest.raises(UserError) as refused:
        parse(text, BOT)

    assert refused.value.code == code
    assert words in str(refused.value)


def test_a_strangers_word_is_never_repeated_as_markup_or_mention() -> None:
    with pytest.raises(UserError) as refused:
        parse("@space-factory b`@everyone[x](y)<img>", BOT)

    assert not set("@[]()<>") & set(str(refused.value))


def test_every_command_of_the_table_can_be_asked_for_by_its_own_examples() -> None:
    for row in COMMANDS:
        for example in row.examples:
            assert [command.row for command in parse(f"@{BOT} {example}", BOT)] == [row]
