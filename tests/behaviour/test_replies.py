"""The short answers: help, status, refusals, and silence where nothing was asked."""

from inline_snapshot import snapshot

from tests.harness.waiting import wait_until
from tests.harness.world import SENTIMENT, World


def test_help_says_what_can_be_asked_for(world: World) -> None:
    thread = world.bob.opens_discussion(SENTIMENT, "@space-factory help")

    assert thread.next_reply() == snapshot("""\
I turn a model card into a private, tested Gradio Space in your own account. Start a line with my name and one of these:

| Mention me with | What it does | Who |
|---|---|---|
| `build [owner/model] [force]` | build a private, tested Space for this model in your account | anyone who has connected their account |
| `rebuild [owner/model] [force]` | bring your Space for this model up to date, judged beside it first | anyone who has connected their account |
| `plan [owner/model]` | say what would be built, on which hardware and for how much; builds nothing | anyone who has connected their account |
| `validate [owner/space]` | call a Space of yours with test inputs and judge its answers | anyone who has connected their account |
| `watch [owner/model]` | bring your Space for this model up to date by itself, whenever there is a new version | anyone who has connected their account |
| `unwatch [owner/model]` | stop doing that; people who may write to this repo can stop every watch that speaks in it | whoever watches it, and people who may write to this repo |
| `status [run]` | show how the latest run in this thread is going | anyone |
| `cancel [run]` | stop the run | whoever asked for the run, and people who may write to this repo |
| `retry [run]` | run it again with the same wishes | whoever asked for the run |
| `rollback [run]` | put your Space back to what it was before the last rebuild | whoever asked for the run |
| `logs [run]` | show the last lines of the run's log | whoever asked for the run |
| `why` | explain what I decided about your last request here | anyone |
| `quiet` | make me silent in this repo; people can still build its model elsewhere | people who may write to this repo |
| `unquiet` | let me answer in this repo again | people who may write to this repo |
| `connect` | get the link that connects your account | you, for your own account |
| `disconnect` | erase your tokens and what I keep about you | you, for your own account |
| `help [command]` | show what I can do, or everything about one command | anyone |
| `ping` | say whether I and the Hub are well, and how long the queue is | anyone |

Options and examples: `help build`, or the [help page](BOT/help).

<sub>`DECISION` · [help](BOT/help)</sub>\
""")


def test_status_where_nothing_was_built(world: World) -> None:
    thread = world.bob.opens_discussion(SENTIMENT, "@space-factory status")

    assert thread.next_reply() == snapshot("""\
🌱 No build was asked for here yet. Mention me with `build` to start one.

<sub>`DECISION` · [help](BOT/help)</sub>\
""")


def test_a_typo_gets_a_suggestion(world: World) -> None:
    thread = world.bob.opens_discussion(SENTIMENT, "@space-factory biuld")

    assert thread.next_reply() == snapshot("""\
❓ I don't know `biuld`. Did you mean `build`? Nothing was started: write it in a new comment.

<sub>`DECISION` · [help](BOT/help)</sub>\
""")


def test_a_model_that_is_not_there_is_said_to_be_invisible(world: World) -> None:
    world.bob.signs_in()
    thread = world.bob.opens_discussion(SENTIMENT, "@space-factory build zoo/no-such-model")

    assert thread.next_reply() == snapshot("""\
🚫 I can't open that model with your account, so nothing was started. Is it misspelt? If it is gated, accept its terms on its page first. A private one is closed to me unless I made it.

<sub>`DECISION` · [help](BOT/help)</sub>\
""")
    assert world.runs() == []


def test_someone_elses_private_model_is_as_invisible(world: World) -> None:
    world.ada.api.create_repo("ada/secret-plans", private=True)
    world.bob.signs_in()
    thread = world.bob.opens_discussion(SENTIMENT, "@space-factory build ada/secret-plans")

    assert thread.next_reply() == snapshot("""\
🚫 I can't open that model with your account, so nothing was started. Is it misspelt? If it is gated, accept its terms on its page first. A private one is closed to me unless I made it.

<sub>`DECISION` · [help](BOT/help)</sub>\
""")


def test_an_edited_comment_never_runs(world: World) -> None:
    """The Hub says that it was edited; whether before or after the delivery makes no difference."""
    world.ada.signs_in()
    world.bob.signs_in()
    thread = world.ada.opens_discussion(SENTIMENT, "Hello @space-factory, nice to meet you")
    comment = world.ada.says(thread, "what can you do?")
    world.ada.edits(thread, comment, "@space-factory build")
    world.bob.says(thread, "@space-factory status")

    said = {thread.next_reply()[:20] for _ in range(2)}
    assert said == {"✏️ I don't run edited"[:20], "🌱 No build was asked"[:20]}
    assert world.runs() == []


def test_a_comment_edited_before_it_was_read_is_refused(world: World) -> None:
    world.ada.signs_in()
    thread = world.ada.opens_discussion(SENTIMENT, "Hello")
    world.stops()
    comment = world.ada.says(thread, "@space-factory build")
    world.ada.edits(thread, comment, "@space-factory build zoo/handwritten-digits")
    world.starts()

    assert thread.next_reply(seconds=40) == snapshot("""\
✏️ I don't run edited comments: others can edit yours. Post the command again as a new comment.

<sub>`DECISION` · [help](BOT/help)</sub>\
""")
    assert world.runs() == []


def test_talk_about_the_bot_gets_no_answer(world: World) -> None:
    thread = world.ada.opens_discussion(SENTIMENT, "I like @space-factory and `@space-factory build`")
    world.ada.says(thread, "> @space-factory build")
    world.ada.says(thread, "@space-factory help")

    assert "I turn a model card into" in thread.next_reply()
    done = wait_until(lambda: world.ctx.deliveries.due(world.clock() + 60) == [], "every delivery's end")
    assert done and len(thread.replies()) == 1
