"""On Discord: commands, answers and buttons, from the first word to the Space."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.domain.models import RunState
from tests.harness.chat import Chat
from tests.harness.world import SENTIMENT


def test_a_build_is_asked_for_in_a_channel_and_ends_there(chat: Chat) -> None:
    chat.links(chat.ada, chat.world.ada)

    asked = chat.ada.slash("build", model=SENTIMENT)

    living = asked.reply()
    assert not living.ephemeral
    assert "Building a Space for" in living.text and living.buttons == ["Run page", "Cancel"]
    run = chat.run_ends()
    assert run.state is RunState.SUCCEEDED
    assert "✅ **Ready:**" in living.text and "▪ " in living.text and "|---" not in living.text
    assert living.buttons == ["Open Space", "Run page"]
    assert living.link("Open Space").endswith(f"/spaces/{run.target_space}")
    answer = chat.ada.sees(chat.channel)[-1]
    assert "✅ **Ready:**" in answer.content and f"<@{chat.ada.id}>" in answer.content
    assert [each.id for each in chat.ada.was_pinged() if each.channel is chat.channel] == [answer.id]
    assert chat.bob.was_pinged() == []
    assert len(chat.bob.sees(chat.channel)) == 2


def test_model_ids_are_completed_with_ones_own_first(chat: Chat) -> None:
    mine, his = "ada/sentiment-of-mine", "bob/sentiment-of-his"
    chat.world.ada.api.create_repo(mine)
    chat.world.bob.api.create_repo(his)
    chat.links(chat.ada, chat.world.ada)
    chat.links(chat.bob, chat.world.bob)

    hers = [each.value for each in chat.ada.types("build", model="sent")]
    his_own = [each.value for each in chat.bob.types("build", model="sent")]

    assert (hers[0], his_own[0]) == (mine, his)
    assert set(hers) == set(his_own) == {mine, his, SENTIMENT}


def test_only_its_owner_can_press_a_button_also_after_a_restart(chat: Chat) -> None:
    chat.links(chat.ada, chat.world.ada)
    chat.links(chat.bob, chat.world.bob)
    living = chat.ada.slash("build", model=SENTIMENT).reply()
    chat.world.restarts()
    chat.discord.connects()

    refused = chat.bob.clicks(living, "Cancel").reply()
    assert refused.ephemeral and "Only `ada` can `cancel` this run" in refused.text
    stopped = chat.ada.clicks(living, "Cancel").reply()

    assert stopped.ephemeral and "Stopping it" in stopped.text
    assert chat.run_ends().state is RunState.CANCELLED
    assert "Cancelled by `ada`" in living.text and living.buttons == ["Run page", "Retry"]
    refused = chat.bob.clicks(living, "Retry").reply()
    assert refused.ephemeral and "Only `ada` can `retry` this run" in refused.text
    again = chat.ada.clicks(living, "Retry").reply()
    assert not again.ephemeral and "Building a Space for" in again.text
    assert "Stopping it" in chat.ada.clicks(again, "Cancel").reply().text
    chat.run_ends()


def test_a_replay_storm_makes_one_run(chat: Chat) -> None:
    chat.links(chat.ada, chat.world.ada)
    chat.discord.endpoint.set_to(f"{chat.world.url}/webhooks/discord")
    asked = chat.ada.slash("build", model=SENTIMENT)
    living = asked.reply()

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: chat.discord.endpoint.sends(asked.payload), range(100)))

    assert {(each.status, each.body["type"]) for each in answers} == {(200, 5)}
    assert len(chat.world.runs()) == 1
    assert "Stopping it" in chat.ada.clicks(living, "Cancel").reply().text
    chat.run_ends()
    assert len(chat.bob.sees(chat.channel)) == 2


@pytest.mark.world(discord_gateway=False)
def test_interactions_come_over_http_where_there_is_no_socket(chat: Chat) -> None:
    chat.discord.endpoint.set_to(f"{chat.world.url}/webhooks/discord")
    ping = {"type": 1, "id": "1", "token": "-"}
    sends = chat.discord.endpoint.sends
    assert sends(ping).body == {"type": 1}
    assert [sends(ping, forged=True).status, sends(ping, tampered=True).status] == [401, 401]
    assert [sends(ping, age=200).status, sends(ping, age=400).status] == [200, 401]
    assert [sends({"type": 2}).status, sends({"type": 99}).status] == [400, 400]

    assert [each.value for each in chat.ada.types("build", model="sentiment")] == [SENTIMENT]
    asked = chat.ada.slash("ping")

    assert asked.reply().text.startswith("🏓 Up") and asked.reply().ephemeral
    chat.links(chat.ada, chat.world.ada)
    living = chat.ada.slash("build", model=SENTIMENT).reply()
    assert not living.ephemeral
    assert "Stopping it" in chat.ada.clicks(living, "Cancel").reply().text
    chat.run_ends()


@pytest.mark.world(discord_gateway=False)
def test_who_removes_the_app_is_unlinked_and_nobody_else_can_say_so(chat: Chat) -> None:
    chat.discord.endpoint.set_to(f"{chat.world.url}/webhooks/discord")
    chat.links(chat.ada, chat.world.ada)
    chat.discord.endpoint.url = f"{chat.world.url}/webhooks/discord/events"
    sends = chat.discord.endpoint.sends
    left = {"type": 1, "event": {"type": "APPLICATION_DEAUTHORIZED", "data": {"user": {"id": chat.ada.id}}}}
    links = chat.world.ctx.discord_links

    assert [sends({"type": 0}).status, sends({"type": 7}).status, sends({"type": "1"}).status] == [
        204,
        400,
        400,
    ]
    assert [sends(left, forged=True).status, sends(left, age=400).status] == [401, 401]
    assert sends({"type": 1, "event": {"type": "ENTITLEMENT_CREATE", "data": {}}}).status == 204
    assert links.of(chat.ada.id)

    assert [sends(left).status, sends(left).status] == [204, 204]
    assert links.of(chat.ada.id) is None


def test_what_an_unlinked_person_asks_for_goes_on_by_itself_once_they_have_linked(chat: Chat) -> None:
    asked = chat.ada.slash("build", model=SENTIMENT)
    assert "`/build` then goes on by itself" in asked.reply().text
    assert chat.bob.sees(chat.channel) == []
    words = chat.follows(chat.link_of(asked), chat.ada, chat.world.ada)
    assert "<dd>ada</dd>" in words and chat.world.runs() == []

    chat.world.ada.browser.submit("/discord/confirm")

    living = chat.ada.next_message(chat.channel)
    while living.ephemeral:
        living = chat.ada.next_message(chat.channel)
    run = chat.run_reaches(RunState.RUNNING)
    assert (run.requester.name, living.ephemeral) == ("ada", False)
    assert "is connected with `ada`" in chat.ada.next_message(chat.ada.dm).text
    chat.ada.clicks(living, "Cancel").reply()
    chat.run_ends()
