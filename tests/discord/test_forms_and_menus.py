"""The real discord.py with subcommands, menus, forms, files, and in direct messages."""

from collections.abc import Callable
from statistics import median

from tests.discord.small_bot import Running
from tests.harness.discord import Channel, DiscordServer, Person
from tests.harness.discord.callback_fields import Kind


def test_a_menu_is_chosen_from(bot: Running, ada: Person) -> None:
    asked = ada.slash("settings language")
    chosen = ada.chooses(asked.reply(), "Language", "French")
    assert chosen.reply().content == "You chose fr"
    assert asked.message is chosen.message


def test_a_form_is_filled_in(bot: Running, ada: Person) -> None:
    asked = ada.slash("settings note")
    assert asked.acknowledged() is Kind.MODAL
    assert asked.modal and asked.modal.title == "A note"
    assert ada.submits(asked, text="buy milk").reply().content == "Noted: buy milk"


def test_people_and_channels_are_options_and_files_are_answers(
    bot: Running, channel: Channel, ada: Person, bob: Person
) -> None:
    answer = ada.slash("settings about", who=bob.user, where=channel).reply()
    assert answer.content == "bob in general"
    assert [file.filename for file in answer.files] == ["log.txt"]


def test_a_command_in_direct_messages_is_answered_there(bot: Running, ada: Person, bob: Person) -> None:
    asked = ada.slash("build", model="zoo/digits", in_=ada.dm)
    assert "zoo/digits" in asked.reply().text
    followed = asked.followup()
    assert ada.sees(ada.dm) == [asked.message, followed]
    assert ada.clicks(asked.message, "Cancel").reply().content == "Cancelled r1."
    assert bob.sees() == []


def test_two_replicas_both_hear_of_an_interaction_and_one_of_them_answers(
    starts: Callable[[], Running], discord: DiscordServer, ada: Person
) -> None:
    for bot in (starts(), starts()):
        bot.becomes_ready()
    assert ada.slash("ping").reply().content == "Pong in fr"
    assert len(ada.sees()) == 1


def test_a_hundred_people_are_answered_in_time(bot: Running, ada: Person) -> None:
    asked = [ada.slash("ping") for _ in range(100)]
    for each in asked:
        each.reply()
    assert median(each.milliseconds for each in asked) < 1000
