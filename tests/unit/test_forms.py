"""The forms of the page: every option of a command has a field, and what is filled in becomes its words."""

from pathlib import Path

import pytest

from bot.app import create_app
from bot.domain.commands import BY_NAME
from bot.domain.forms import UNSAID, fields_of, words_of
from bot.domain.models import Wishes
from bot.domain.parser import command_of
from tests.harness.small_bot import small_settings
from tests.safety.test_t13_t14_t23_every_page import ask
from worker.contract import APP_PREFIX, App


@pytest.mark.parametrize("verb", ["build", "validate", "watch"])
def test_every_option_has_one_field_and_every_choice_of_it_is_understood(verb: str) -> None:
    row = BY_NAME[verb]
    fields = fields_of(row, {}, {})

    assert {each.name for each in fields} - {"force"} == {
        each.key for each in row.options if each not in UNSAID
    }
    for each in fields:
        for value, _ in each.choices:
            command_of(list(words_of(row, {"model": "zoo/x", "space": "zoo/x", each.name: value})))


def test_an_empty_form_wishes_what_an_empty_command_does() -> None:
    row = BY_NAME["build"]
    given = {each.name: each.value for each in fields_of(row, {}, {})} | {"model": " zoo/x "}

    assert words_of(row, given) == ("build", "zoo/x")
    assert command_of(list(words_of(row, given))).wishes == Wishes()


def test_what_is_filled_in_becomes_words_and_stands_in_the_fields_again() -> None:
    row = BY_NAME["validate"]
    given = {"space": "ada/x", "kwargs": '{"prompt": "a cat"}', "type": "text", "hardware": "t4-small"}

    words = words_of(row, given)

    assert words == ("validate", "ada/x", 'kwargs={"prompt": "a cat"}', "type=text")
    command = command_of(list(words))
    assert command.target == "ada/x" and command.wishes.named_arguments == {"prompt": "a cat"}
    again = {each.name: each.value for each in fields_of(row, given, {})}
    assert (again["kwargs"], again["type"], again["api"]) == ('{"prompt": "a cat"}', "text", "")


def test_what_is_offered_at_the_moment_can_be_chosen() -> None:
    offers = {"hardware": (("", "found out"), ("t4-small", "T4, $0.40 an hour"))}
    field = next(each for each in fields_of(BY_NAME["build"], {}, offers) if each.name == "hardware")

    assert [value for value, _ in field.choices] == ["", "t4-small"]


def test_the_form_offers_what_is_built_without_a_model_where_that_can_be_asked_for(tmp_path: Path) -> None:
    app = create_app(small_settings(tmp_path))
    build, watch = (ask(app, "GET", f"/{verb}").text for verb in ("build", "watch"))

    for name in (f"{APP_PREFIX}{each}" for each in App):
        assert f'href="/build?model={name}"' in build and f'<option value="{name}">' in build
        assert f'value="{name}"' in ask(app, "GET", f"/build?model={name}").text
        assert name not in watch
        command_of(["build", name])
