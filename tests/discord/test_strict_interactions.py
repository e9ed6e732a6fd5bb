"""Interactions that are answered wrongly, twice or too late, and commands that Discord does not register."""

from typing import Any

import pytest

from tests.discord.plain_client import Plain, leaves
from tests.harness.discord import Channel, DiscordServer, Interaction, Person

GO = {"name": "go", "description": "Go", "integration_types": [0, 1]}
MODEL = {"type": 3, "name": "model", "description": "Which", "required": True, "autocomplete": True}
HELLO = {"type": 4, "data": {"content": "hello"}}


@pytest.fixture
def commands(plain: Plain) -> str:
    path = f"/applications/{plain.discord.application_id}/commands"
    assert plain.send("PUT", path, [GO, GO | {"name": "build", "options": [MODEL]}]).status_code == 200
    return path


@pytest.fixture
def asked(commands: str, ada: Person) -> Interaction:
    return ada.slash("go")


def test_an_interaction_is_answered_once(plain: Plain, asked: Interaction) -> None:
    answered = plain.send("POST", plain.callback(asked) + "?with_response=true", HELLO, bare=True).json()
    assert answered["resource"]["message"]["id"] == asked.message.id
    assert plain.refused("POST", plain.callback(asked), {"type": 5}, bare=True) == (400, 40060)


def test_an_interaction_is_unknown_after_three_seconds_or_with_another_token(
    plain: Plain, asked: Interaction
) -> None:
    wrong = plain.callback(asked).replace(asked.token, asked.token + "x")
    assert plain.refused("POST", wrong, HELLO, bare=True) == (404, 10062)
    plain.discord.passes(seconds=3.1)
    assert plain.refused("POST", plain.callback(asked), HELLO, bare=True) == (404, 10062)


def test_a_token_speaks_after_the_first_answer_and_for_fifteen_minutes(
    plain: Plain, asked: Interaction
) -> None:
    original = plain.webhook(asked) + "/messages/@original"
    assert plain.refused("POST", plain.webhook(asked), {"content": "x"}, bare=True) == (404, 10015)
    plain.send("POST", plain.callback(asked), HELLO, bare=True)
    assert plain.send("PATCH", original, {"content": "again"}, bare=True).json()["content"] == "again"
    plain.discord.passes(minutes=15)
    assert plain.refused("PATCH", original, {"content": "late"}, bare=True) == (401, 50027)
    assert plain.refused("POST", plain.webhook(asked), {"content": "late"}, bare=True) == (401, 50027)
    assert plain.refused("GET", plain.webhook(asked)[:-1] + "/messages/@original", bare=True) == (401, 50027)


def test_an_answer_that_is_gone_is_unknown(plain: Plain, asked: Interaction, ada: Person) -> None:
    plain.send("POST", plain.callback(asked), HELLO, bare=True)
    original = plain.webhook(asked) + "/messages/@original"
    assert plain.send("DELETE", original, bare=True).status_code == 204
    assert plain.refused("GET", original, bare=True) == (404, 10008)
    assert ada.sees() == []


def test_the_first_follow_up_of_a_deferral_takes_its_place(plain: Plain, asked: Interaction) -> None:
    plain.send("POST", plain.callback(asked), {"type": 5, "data": {"flags": 64}}, bare=True)
    assert asked.message.thinking
    followed = plain.send("POST", plain.webhook(asked), {"content": "done"}, bare=True).json()
    assert followed["id"] == asked.message.id
    assert (asked.reply().content, asked.message.ephemeral, asked.followups) == ("done", True, [])


def test_an_ephemeral_answer_does_not_exist_for_the_bots_token(
    plain: Plain, asked: Interaction, channel: Channel
) -> None:
    plain.send("POST", plain.callback(asked), {"type": 4, "data": {"content": "x", "flags": 64}}, bare=True)
    path = f"/channels/{channel.id}/messages/{asked.message.id}"
    assert plain.refused("PATCH", path, {"content": "y"}) == (404, 10008)


def test_where_only_the_user_has_the_app_there_are_five_follow_ups(
    plain: Plain, commands: str, discord: DiscordServer, ada: Person
) -> None:
    ada.installs()
    asked = ada.slash("go", in_=discord.guild("elsewhere", bot=False).channels[0])
    discord.rate_limits.limits.clear()
    plain.send("POST", plain.callback(asked), HELLO, bare=True)
    codes = [plain.send("POST", plain.webhook(asked), {"content": "x"}, bare=True) for _ in range(6)]
    assert [each.status_code for each in codes] == [200] * 5 + [400]
    assert codes[-1].json()["code"] == 40094


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"type": 7, "data": {"content": "x"}}, "type"),
        ({"type": 8, "data": {"choices": []}}, "type"),
        ({"type": 4}, "data"),
        ({"type": 4, "data": {"content": "x", "flags": 128}}, "data.flags"),
        ({"type": 4, "data": {"text": "x"}}, "data.text"),
        ({"type": 5, "data": {"content": "x"}}, "data.content"),
        ({"type": 4, "datum": {}}, "datum"),
    ],
    ids=[
        "an update",
        "choices",
        "no data",
        "a wrong flag",
        "an unknown field",
        "words in a deferral",
        "a typo",
    ],
)
def test_a_command_can_t_be_answered_with(plain: Plain, asked: Interaction, body: Any, where: str) -> None:
    answered = plain.send("POST", plain.callback(asked), body, bare=True)
    assert (answered.status_code, answered.json()["code"]) == (400, 50035)
    assert list(leaves(answered.json()["errors"])) == [where]
    assert asked.kind is None


@pytest.mark.parametrize(
    ("choices", "where"),
    [
        ([{"name": str(n), "value": str(n)} for n in range(26)], "data.choices"),
        ([{"name": "x", "value": 1}], "data.choices.0.value"),
        ([{"name": "x" * 101, "value": "x"}], "data.choices.0.name"),
    ],
    ids=["twenty-six", "a number for a text", "a long name"],
)
def test_what_is_typed_can_t_be_completed_to(
    plain: Plain, commands: str, ada: Person, choices: Any, where: str
) -> None:
    asked = ada.starts_typing("build", model="x")
    answered = plain.send("POST", plain.callback(asked), {"type": 8, "data": {"choices": choices}}, bare=True)
    assert list(leaves(answered.json()["errors"])) == [where]
    assert asked.choices is None


def test_a_person_waits_three_seconds_for_a_first_answer(commands: str, ada: Person) -> None:
    with pytest.raises(AssertionError, match=r"waited 3 s in vain for a first answer to ada's go"):
        ada.slash("go").reply()


def many(number: int) -> list[dict[str, Any]]:
    return [{"type": 3, "name": f"o{n}", "description": "x"} for n in range(number)]


CHOICES = [{"name": f"{n:0100}", "value": f"{n:0100}"} for n in range(25)]
LONG = [each | {"choices": CHOICES} for each in many(2)]
TWICE = [{"name": "x", "value": "x"}] * 26
BAD_COMMANDS = {
    "capitals": ({"name": "Build"}, "name"),
    "a blank": ({"name": "build it"}, "name"),
    "no description": ({"description": ""}, "description"),
    "a long description": ({"description": "x" * 101}, "description"),
    "twenty-six options": ({"options": many(26)}, "options"),
    "the same option twice": ({"options": many(1) * 2}, ""),
    "a required option last": ({"options": [*many(1), MODEL]}, ""),
    "twenty-six choices": (
        {"options": [MODEL | {"autocomplete": False, "choices": TWICE}]},
        "options.0.choices",
    ),
    "a language nobody speaks": ({"name_localizations": {"xx": "x"}}, "name_localizations.xx.[key]"),
    "an unknown field": ({"usage": "x"}, "usage"),
    "an unknown context": ({"contexts": [3]}, "contexts.0"),
    "more than 8000 characters": ({"options": LONG}, ""),
}


@pytest.mark.parametrize(("change", "where"), BAD_COMMANDS.values(), ids=BAD_COMMANDS.keys())
def test_a_command_is_not_registered_with(plain: Plain, change: dict[str, Any], where: str) -> None:
    path = f"/applications/{plain.discord.application_id}/commands"
    assert list(plain.faults("POST", path, GO | change)) == [where]
    assert plain.discord.state.commands.all() == []


def test_commands_are_kept_changed_and_deleted_one_by_one(plain: Plain, commands: str) -> None:
    go, build = plain.send("GET", commands).json()
    assert "name_localizations" not in go
    assert "name_localizations" in plain.send("GET", commands + "?with_localizations=true").json()[0]
    again = plain.send("PUT", commands, [GO, GO | {"name": "stop"}]).json()
    assert (again[0], again[1]["name"]) == (plain.discord.state.commands.get(go["id"]), "stop")
    assert plain.refused("GET", f"{commands}/{build['id']}") == (404, 10063)
    changed = plain.send("PATCH", f"{commands}/{go['id']}", {"description": "Go!"}).json()
    assert (changed["id"], changed["description"]) == (go["id"], "Go!")
    assert changed["version"] != go["version"]
    assert plain.send("POST", commands, GO).status_code == 200
    assert plain.send("DELETE", f"{commands}/{go['id']}").status_code == 204
    assert [each["name"] for each in plain.send("GET", commands).json()] == ["stop"]


def test_two_hundred_commands_may_be_created_in_a_day(plain: Plain) -> None:
    plain.discord.rate_limits.limits["PUT /applications/{application_id}/commands"] = (99, 1.0)
    path = f"/applications/{plain.discord.application_id}/commands"
    for day in "ab":
        names = [{"name": f"{day}{n}", "description": "x"} for n in range(100)]
        assert plain.send("PUT", path, names).status_code == 200
    assert plain.send("PUT", path, names).status_code == 200
    assert plain.refused("PUT", path, [GO]) == (400, 30034)
    plain.discord.passes(hours=25)
    assert plain.send("PUT", path, [GO]).status_code == 200


def test_what_a_person_can_t_do_in_discord_s_own_client_fails_the_test(commands: str, ada: Person) -> None:
    for words, options in (("stop", {}), ("build", {}), ("go", {"model": "x"}), ("build", {"model": 7})):
        with pytest.raises(AssertionError):
            ada.slash(words, **options)
