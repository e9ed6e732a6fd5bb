"""T20: a private model's name, outputs and errors are for its requester, and for those who can see it."""

import pytest

from bot.domain import living_message, messages
from bot.domain.models import ChannelRef, DiscussionRef, Run, RunState, ThreadRef
from bot.domain.snapshot import snapshot_of
from bot.settings import new_vault_key
from bot.store.discord_answers import AwaitedAnswer
from bot.store.vault import Vault
from bot.threads.discord_buttons import buttons_of
from tests.harness.chat import Chat
from tests.harness.waiting import wait_until
from tests.harness.world import SENTIMENT, World
from tests.unit.test_messages import LINKS, a_report, a_run, an_event
from worker.contract import EventKind, Kind, Phase, Verdict

SECRET = "moonshot"
MODEL = f"ada/{SECRET}"
ELSEWHERE = DiscussionRef(repo="zoo/somebody-elses", num=1)
CHANNEL = ChannelRef(guild_id="1", channel_id="2")
OPEN = [ELSEWHERE, CHANNEL]
OWN = [DiscussionRef(repo=MODEL, num=1), CHANNEL.model_copy(update={"is_private": True})]


def a_private_run(state: RunState, kind: Kind, thread: ThreadRef, verdict: Verdict) -> Run:
    """With the secret wherever a run of this model can hold one."""
    report = a_report(verdict, f"{SECRET} said so").model_copy(
        update={"model_id": MODEL, "space_id": f"{MODEL}-demo", "kind": kind}
    )
    named = {"model_id": "" if kind is Kind.VALIDATE else MODEL, "target_space": f"{MODEL}-demo"}
    return a_run(state, report=report, kind=kind, thread=thread, is_private=True, **named)


def a_model_that_the_bot_may_read(world: World, *, private: bool) -> None:
    """Of what ada has, only what was made through the bot: her connection opens nothing else."""
    api = world.hub.api(token=world.ctx.accounts.open_token(world.ada.id, lives=60))
    api.create_repo(MODEL, private=private)
    api.upload_file(path_or_fileobj=b"{}", path_in_repo="config.json", repo_id=MODEL)


def everything_said_of(run: Run, place: ThreadRef) -> str:
    events = [
        an_event(1, Phase.CARD, EventKind.STARTED, SECRET),
        an_event(2, Phase.CARD, EventKind.DONE, SECRET),
    ]
    view = snapshot_of(run, events)
    said = [living_message.status(view, LINKS, place), messages.too_many([run], 1, LINKS)]
    if run.thread == place:
        said.append(living_message.living(view, LINKS))
        said += [living_message.answer(run, LINKS)] if run.state.is_final else []
        said.append(repr(buttons_of(run, LINKS, Vault([new_vault_key()]))))
    return "\n".join(said)


@pytest.mark.parametrize("thread", OPEN, ids=["a public discussion", "a channel"])
@pytest.mark.parametrize("kind", [Kind.BUILD, Kind.PLAN, Kind.VALIDATE])
@pytest.mark.parametrize("state", RunState)
def test_t20_where_others_read_a_run_of_a_private_model_says_nothing_of_it(
    state: RunState, kind: Kind, thread: ThreadRef
) -> None:
    for verdict in [Verdict.FAILED] if state is RunState.FAILED else set(Verdict) - {Verdict.FAILED}:
        run = a_private_run(state, kind, thread, verdict)

        said = everything_said_of(run, thread)
        asked_elsewhere = everything_said_of(run.model_copy(update={"thread": OWN[0]}), thread)

        assert SECRET not in said + asked_elsewhere
        assert "None" not in said and "``" not in said
        assert LINKS.run(run.id) in said, "the requester still has the way to all of it"


@pytest.mark.parametrize("thread", OWN, ids=["its own discussion", "a private answer"])
def test_t20_in_its_own_repo_and_to_its_requester_it_is_named(thread: ThreadRef) -> None:
    run = a_private_run(RunState.SUCCEEDED, Kind.BUILD, thread, Verdict.FULL_INFERENCE_SUCCESS)

    assert f"{MODEL}-demo" in living_message.living(snapshot_of(run, []), LINKS)
    assert "Open Space" in repr(buttons_of(run, LINKS, Vault([new_vault_key()])))


def test_t20_in_a_public_thread_a_private_model_stays_unnamed_to_its_end(world: World) -> None:
    ada = world.ada.signs_in()
    a_model_that_the_bot_may_read(world, private=True)
    thread = ada.opens_discussion(SENTIMENT, f"@space-factory plan {MODEL}")

    run = thread.run_ends()
    ada.says(thread, f"@space-factory status {run.id}")

    said = [thread.next_reply() for _ in range(3)]
    assert run.is_private and run.model_id == MODEL
    assert not [each for each in said if SECRET in each]
    world.bob.says(thread, f"@space-factory status {run.id}")
    assert "I know no such run, or it is of a private model" in thread.next_reply()


@pytest.mark.thorough
def test_t20_a_model_that_was_public_a_moment_ago_is_not_named_in_a_channel(chat: Chat) -> None:
    chat.links(chat.ada, chat.world.ada)
    a_model_that_the_bot_may_read(chat.world, private=False)
    assert not chat.ada.slash("plan", model=MODEL, budget=0.01).reply().ephemeral
    chat.run_ends()
    before = len(chat.bob.sees(chat.channel))
    chat.world.ada.api.update_repo_settings(MODEL, private=True)

    living = chat.ada.slash("plan", model=MODEL).reply()

    assert not living.ephemeral, "it was taken for public still"
    chat.run_ends()
    wait_until(lambda: len(chat.bob.sees(chat.channel)) == before + 2, "the end of it")
    assert not [each for each in chat.bob.sees(chat.channel)[before:] if SECRET in each.text + each.content]
    assert SECRET not in repr([each.revisions for each in chat.bob.sees(chat.channel)[before:]])


@pytest.mark.thorough
def test_t20_other_people_are_never_offered_a_private_name(chat: Chat) -> None:
    chat.world.hub.api("space-factory").create_repo("space-factory/moonshot-of-the-bot", private=True)
    chat.links(chat.ada, chat.world.ada)
    chat.links(chat.bob, chat.world.bob)
    a_model_that_the_bot_may_read(chat.world, private=True)

    assert [each.value for each in chat.ada.types("build", model="moonsh")] == [MODEL]
    assert chat.bob.types("build", model="moonsh") == []
    assert chat.bob.types("build", model=MODEL) == []
    refused = chat.bob.slash("build", model=MODEL).reply()
    assert refused.ephemeral and SECRET not in refused.text
    assert SECRET not in chat.bob.slash("why").reply().text
    assert SECRET not in chat.bob.slash("status").reply().text


@pytest.mark.thorough
def test_t20_what_is_for_one_persons_eyes_is_not_put_into_an_answer_that_everyone_sees(chat: Chat) -> None:
    chat.links(chat.ada, chat.world.ada)
    asked = chat.ada.slash("build", model=SENTIMENT, rev="not-there")
    assert not asked.reply().ephemeral
    ctx, key = chat.world.ctx, "interaction:1"
    ctx.discord_answers.keep(
        AwaitedAnswer(
            key=key,
            run_id="r_" + "0" * 16,
            decision_id="d_" + "0" * 12,
            interaction_id=asked.id,
            user_id=chat.ada.id,
            is_ephemeral=False,
            token=ctx.vault.seal(asked.token, asked.id),
            created_at=ctx.clock(),
        )
    )
    channel = ChannelRef(guild_id=chat.guild.id, channel_id=chat.channel.id, is_private=True)

    ctx.thread(channel).post(messages.reply(f"about {SECRET}", "d_" + "0" * 12, ctx.links))

    assert SECRET in chat.ada.next_message(chat.ada.dm).text
    assert "I write to you directly" in asked.message.text
    assert SECRET not in repr([each.revisions for each in chat.bob.sees(chat.channel)])
