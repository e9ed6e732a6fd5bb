"""The parser: what is a command, and what is said about the rest."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.commands import COMMANDS
from bot.domain.errors import UserError
from bot.domain.models import Notify, Wishes
from bot.domain.parser import MOST_COMMANDS, parse
from worker.contract import AnswerType, Author, Mode

BOT = "space-factory"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@space-factory build", [("build", None)]),
        ("Nice!\n\n@Space-Factory  BUILD", [("build", None)]),
        ("@space-factory build owner/model", [("build", "owner/model")]),
        ("@space-factory build https://huggingface.co/owner/model", [("build", "owner/model")]),
        ("@space-factory build # please", [("build", None)]),
        ("@space-factory build blueprint:cad name=my-cad", [("build", "blueprint:cad")]),
        ("- @space-factory status\n- @space-factory help", [("status", None), ("help", None)]),
        ("one line\n@space-factory help\nanother", [("help", None)]),
        ("@space-factory", [("help", None)]),
        ("@space-factory help build", [("help", "build")]),
        ("@space-factory cancel r_0123456789abcdef", [("cancel", "r_0123456789abcdef")]),
        (
            "@space-factory status https://bot.test/runs/r_0123456789abcdef",
            [("status", "r_0123456789abcdef")],
        ),
        ("@space-factory validate https://huggingface.co/spaces/ada/demo", [("validate", "ada/demo")]),
        ("@space-factory\tquiet", [("quiet", None)]),
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
        ("@space-factory build blueprint:boat", "E_OPT", "without a model: `blueprint:cad`"),
        ("@space-factory build blueprint:cad@v2", "E_OPT", "There is no such blueprint."),
        ("@space-factory watch blueprint:cad", "E_OPT", "`watch` is for models."),
        ("@space-factory help me", "E_VERB", "I don't know `me`"),
        ("@space-factory quiet please", "E_OPT", "`quiet` is written as `quiet`"),
        ("@space-factory build name=hf_" + "a1" * 17, "E_SECRET", "revoke it now"),
        ("@space-factory build gpu=t4", "E_OPT", "`build` has no option `gpu=`"),
        ("@space-factory build hardwear=t4-small", "E_OPT", "Did you mean `hardware=`?"),
        ("@space-factory build budget=lots", "E_OPT", "like `$0.50`"),
        ("@space-factory build budget=$1000", "E_OPT", "from $0.01 to $100"),
        ("@space-factory build mode=fast", "E_OPT", "one of `full-inference-gated`"),
        ("@space-factory build name=../x", "E_OPT", "it takes letters"),
        ("@space-factory build rev=..", "E_OPT", "it takes a name"),
        ("@space-factory validate kwargs={broken", "E_OPT", "a JSON object"),
        ("@space-factory validate kwargs=[1]", "E_OPT", "a JSON object"),
        ("@space-factory validate wait=1", "E_OPT", "10 seconds to 2 hours"),
        ("@space-factory cancel r_12", "E_OPT", "is not a run's id"),
        ("@space-factory status force", "E_OPT", "is not a run's id"),
        ("@space-factory build\n@space-factory plan", "E_ONE_BUILD", "Nothing was started"),
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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("build owner/model@v1.0", {"rev": "v1.0"}),
        ("build https://huggingface.co/owner/model/tree/my-branch", {"rev": "my-branch"}),
        ("build owner/model@v1 rev=v2", {"rev": "v2"}),
        ("build hardware=t4-small fallback=any budget=$0.50", {"hardware": "t4-small", "budget": 0.5}),
        ('build name="my-space" notify=OUTCOMES', {"name": "my-space", "notify": Notify.OUTCOMES}),
        ("rebuild force trust-remote-code=yes", {"force": True, "trust_remote_code": True}),
        ("build mode=safe-scaffold # only this once", {"mode": Mode.SAFE_SCAFFOLD}),
        ('validate kwargs={"prompt": "a cat # 1", "n": [1, 2]} wait=2m', {"wait_seconds": 120}),
        ('validate kwargs={"prompt": "a cat # 1"}', {"named_arguments": {"prompt": "a cat # 1"}}),
        ('validate args=["a b", 4] type=image', {"arguments": ("a b", 4), "expected": AnswerType.IMAGE}),
    ],
)
def test_options_become_wishes(text: str, expected: dict[str, object]) -> None:
    [command] = parse(f"@{BOT} {text}", BOT)

    assert {name: getattr(command.wishes, name) for name in expected} == expected
    assert command.given >= set(expected)


def test_what_was_not_said_is_left_at_its_default() -> None:
    [command] = parse(f"@{BOT} build", BOT)

    assert (command.wishes, command.given) == (Wishes(), frozenset())


@given(st.text(max_size=300))
def test_whatever_is_written_is_commands_or_one_refusal(text: str) -> None:
    for words in (text, f"@{BOT} {text}", f"@{BOT} build {text}", f"@{BOT} validate kwargs={text}"):
        try:
            commands = parse(words, BOT)
        except UserError as refused:
            assert BOT not in str(refused).lower()
            assert "@" not in str(refused)
            assert not set("[]<>*_") & set(re.sub(r"`[^`]*`", "", str(refused)))
        else:
            assert sum(command.row.spends for command in commands) <= 1


def test_nesting_without_end_is_refused() -> None:
    with pytest.raises(UserError):
        parse(f"@{BOT} validate args={'[' * 50_000}", BOT)


def test_a_strangers_word_is_never_repeated_as_markup_or_mention() -> None:
    with pytest.raises(UserError) as refused:
        parse("@space-factory b`@everyone[x](y)<img>", BOT)

    assert not set("@[]()<>") & set(str(refused.value))


def test_every_command_of_the_table_can_be_asked_for_by_its_own_examples() -> None:
    for row in COMMANDS:
        for example in row.examples:
            assert [command.row for command in parse(f"@{BOT} {example}", BOT)] == [row]


@pytest.mark.parametrize(
    ("options", "author"),
    [
        ("", Author.NONE),
        ("author-mode=recipe", Author.PI),
        ("author-mode=smoke author=direct", Author.DIRECT),
    ],
)
def test_who_says_what_an_author_is_asked_for_wants_one(options: str, author: Author) -> None:
    [command] = parse(f"@space-factory build owner/model {options}", BOT)

    assert command.wishes.author is author
