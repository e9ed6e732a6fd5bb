"""The real discord.py answers people: at once, later, again, and after a restart."""

from collections.abc import Callable

import discord as library
import pytest

from tests.discord.small_bot import Running
from tests.harness.discord import Channel, DiscordServer, Permission, Person
from tests.harness.discord.callback_fields import Kind


def test_a_command_is_answered_to_one_person_in_their_language(
    bot: Running, ada: Person, bob: Person
) -> None:
    asked = ada.slash("ping")
    assert asked.reply().content == "Pong in fr"
    assert asked.message.ephemeral
    assert asked.message in ada.sees()
    assert bob.sees() == []


def test_a_deferred_answer_gets_its_words_later(bot: Running, ada: Person) -> None:
    asked = ada.slash("build", model="zoo/digits", hardware="cpu-basic")
    assert asked.acknowledged() is Kind.DEFERRED_MESSAGE
    assert asked.reply().text == "Building\nzoo/digits\ncard\ncpu-basic"
    assert asked.message.buttons == ["Cancel", "Run page"]
    assert asked.message.link("Run page") == "https://example.org/runs/r1"


def test_a_follow_up_is_for_one_person_and_pings_nobody(bot: Running, ada: Person, bob: Person) -> None:
    asked = ada.slash("build", model="zoo/digits")
    assert asked.followup().content == f"<@{ada.id}>, only for you"
    assert asked.followup().ephemeral
    assert asked.message in bob.sees()
    assert asked.followup() not in bob.sees()
    assert ada.was_pinged() == []


def test_a_model_is_completed_while_it_is_typed(bot: Running, ada: Person) -> None:
    assert [each.value for each in ada.types("build", model="zoo/")] == ["zoo/digits", "zoo/reviews"]


def test_a_button_works_after_a_restart_and_obeys_only_its_owner(
    starts: Callable[[], Running], discord: DiscordServer, ada: Person, bob: Person
) -> None:
    first = starts()
    discord.connects()
    built = ada.slash("build", model="zoo/digits").reply()
    first.stop()
    discord.disconnects()
    starts()
    discord.connects()
    assert bob.clicks(built, "Cancel").reply().content == "Only its owner can cancel this."
    assert ada.clicks(built, "Cancel").reply() is built
    assert built.content == "Cancelled r1."
    assert built.buttons == []
    assert [each.content for each in built.edits] == ["Cancelled r1."]


def test_a_message_is_edited_with_the_bots_token_after_the_interactions_has_expired(
    bot: Running, discord: DiscordServer, channel: Channel, ada: Person
) -> None:
    asked = ada.slash("slow")
    asked.acknowledged()
    discord.passes(minutes=16)
    bot.loop.call_soon_threadsafe(bot.bot.ends_build.set)
    bot.sees("token: 50027")
    place = bot.bot.get_partial_messageable(int(channel.id))
    bot.do(place.get_partial_message(int(asked.message.id)).edit(content="Done"))
    assert asked.message.content == "Done"


def test_commands_are_synced_once_and_stay_the_same(
    starts: Callable[[], Running], discord: DiscordServer
) -> None:
    starts()
    discord.connects()
    before = discord.state.commands.all()
    starts().stop()
    assert discord.state.commands.all() == before
    assert [each["name"] for each in before] == ["ping", "build", "slow", "admin", "settings"]


def test_a_command_for_administrators_is_not_offered_to_others(
    bot: Running, channel: Channel, ada: Person
) -> None:
    assert "admin" not in ada.commands(channel)
    assert channel.guild
    channel.guild.admins.add(ada.id)
    assert ada.slash("admin", in_=channel).reply().content == "at your service"


def test_who_has_installed_the_app_uses_it_where_the_bot_is_not(
    bot: Running, discord: DiscordServer, ada: Person, bob: Person
) -> None:
    elsewhere = discord.guild("elsewhere", bot=False).channels[0]
    assert ada.commands(elsewhere) == []
    ada.installs()
    asked = ada.slash("ping", in_=elsewhere)
    assert asked.reply().content == "Pong in fr"
    assert asked.owners == {"1": ada.id}
    assert ada.slash("ping", in_=discord.group(ada, bob)).reply().ephemeral
    with pytest.raises(library.Forbidden, match="50001"):
        bot.do(bot.bot.get_partial_messageable(int(elsewhere.id)).send("hello"))


def test_a_visitor_is_heard_by_one_person_where_apps_from_outside_are_not_welcome(
    bot: Running, discord: DiscordServer, ada: Person, bob: Person
) -> None:
    elsewhere = discord.guild("elsewhere", bot=False).channels[0]
    elsewhere.people_may &= ~Permission.USE_EXTERNAL_APPS
    ada.installs()
    assert ada.slash("build", model="zoo/digits", in_=elsewhere).reply().ephemeral
    assert bob.sees(elsewhere) == []


def test_a_person_is_written_to_directly_unless_they_closed_their_door(bot: Running, ada: Person) -> None:
    user = bot.do(bot.bot.fetch_user(int(ada.id)))
    bot.do(user.send("psst"))
    assert ada.next_message(ada.dm).content == "psst"
    ada.closes_dms()
    with pytest.raises(library.Forbidden, match="50007"):
        bot.do(user.send("psst"))


def test_words_of_people_reach_a_bot_without_the_intent_only_when_they_name_it(
    bot: Running, discord: DiscordServer, ada: Person
) -> None:
    ada.says("a secret")
    bot.sees("message ''")
    ada.says(f"<@{discord.application_id}> hello")
    bot.sees(f"message '<@{discord.application_id}> hello'")
