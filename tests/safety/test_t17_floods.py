"""T17 with everything real: a flood of comments, or of a guild, gets a few answers and then silence."""

import pytest

from tests.harness.chat import Chat
from tests.harness.waiting import wait_until
from tests.harness.world import DIGITS, SENTIMENT, World

pytestmark = pytest.mark.thorough
TURNS = 10


@pytest.mark.world(commands_per_hour=6)
def test_t17_of_many_comments_in_many_threads_a_few_are_answered_and_others_still_are(world: World) -> None:
    bob = world.bob
    threads = [bob.opens_discussion(SENTIMENT, "@space-factory ping") for _ in range(3)]
    threads += [bob.opens_discussion(DIGITS, "@space-factory help") for _ in range(2)]
    for turn in range(TURNS):
        for thread in threads:
            bob.says(thread, f"@space-factory {('ping', 'help', 'status', 'why')[turn % 4]}")
    wanted = len(threads) * (TURNS + 1)

    wait_until(lambda: len(world.ctx.decisions.about(bob.id)) == wanted, "every decision", 60)

    said = [reply.content for thread in threads for reply in thread.replies()]
    refusals = [each for each in said if "as often as I answer one person" in each]
    assert len(said) == 6 + 1 and len(refusals) == 1
    assert "I am silent to you until some of that hour has passed" in refusals[0]
    for thread in threads:
        thread.read.update(reply.id for reply in thread.replies())
    other = world.ada.opens_discussion(SENTIMENT, "@space-factory ping")
    assert "🏓 Up" in other.next_reply(), "who has not flooded us is answered"


@pytest.mark.world(commands_per_hour=5)
def test_t17_a_guild_full_of_people_is_answered_so_often_and_a_person_elsewhere_still_is(chat: Chat) -> None:
    crowd = [chat.discord.person(f"one-of-many-{number}") for number in range(6)]
    asked = [person.slash("ping", in_=chat.channel) for person in crowd for _ in range(2)]
    said = [each.reply(seconds=30).text for each in asked]

    refused = [each for each in said if "I was asked 10 times here within an hour" in each]
    assert len(refused) == 2 and sum("🏓 Up" in each for each in said) == 10
    assert all(each.message.ephemeral for each in asked), "nobody else reads of it"
    assert chat.bob.sees(chat.channel) == []
    chat.ada.installs()
    assert "🏓 Up" in chat.ada.slash("ping", in_=chat.ada.dm).reply().text
