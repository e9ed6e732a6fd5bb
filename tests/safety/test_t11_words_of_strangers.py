"""T11, T15: whatever strangers write, our messages and pages keep their form and call, link, leak nothing."""

import pytest

from bot.domain import messages, messages_account
from bot.domain.errors import UserError
from bot.domain.links import Links
from bot.domain.markdown import inline, quoted, tamed_line, tamed_word
from bot.domain.models import RunState
from bot.domain.parser import parse
from bot.domain.redact import redacted
from bot.domain.snapshot import snapshot_of
from bot.domain.snippets import in_python
from bot.domain.timeline import bars
from bot.store.decisions import Decision
from bot.web.render import fragment
from tests.safety.canaries import tails
from tests.safety.hostile import ALL
from tests.safety.rendering import Seen, bare_addresses, mentions, of_markdown
from tests.unit.test_messages import LINKS, a_report, a_run, an_event, everything_said
from worker.contract import EventKind, Phase, Verdict

BOT = "space-factory"
PLAIN = "word"


def said(words: str) -> list[str]:
    """Every message that repeats words of others, and those that carry names."""
    links = Links(hub="https://hub.test", bot="https://bot.test")
    return [
        *everything_said(words),
        messages.owner_says_no(words),
        messages.quiet_now(words),
        messages.not_your_run("cancel", words),
        messages.space_is_gone(words),
        messages.no_space_yet(words),
        messages.paused(words),
        messages_account.connect_here(words, links),
        messages.unknown_verb(words, None),
        messages.no_permission(words),
    ]


@pytest.mark.parametrize("words", ALL)
def test_t11_no_message_changes_its_form_or_calls_links_or_leaks(words: str) -> None:
    for hostile, plain in zip(said(words), said(PLAIN), strict=True):
        seen = of_markdown(redacted(hostile))

        assert seen.tags == of_markdown(plain).tags, hostile
        assert mentions(seen) <= {"@ada"}
        assert not bare_addresses(seen)
        assert not [tail for tail in tails() if tail in redacted(hostile)]
        assert parse_or_refuse(hostile) == []


@pytest.mark.parametrize("words", ALL)
def test_t11_no_page_changes_its_form_or_leaks(words: str) -> None:
    hostile, plain = run_page(words), run_page(PLAIN)

    assert Seen(hostile).tags == Seen(plain).tags
    assert not [tail for tail in tails() if tail in hostile]


@pytest.mark.parametrize("words", ALL)
def test_t10_t11_a_command_of_hostile_words_is_refused_in_harmless_words(words: str) -> None:
    for text in (
        words,
        f"@{BOT} {words}",
        f"@{BOT} build {words}",
        f"@{BOT} build name={words}",
        f"@{BOT} why {words}",
    ):
        try:
            commands = parse(text, BOT)
        except UserError as refused:
            seen = of_markdown(redacted(str(refused)))
            assert mentions(seen) == set() and not bare_addresses(seen)
            assert {tag for tag, _ in seen.tags} <= {"p", "/p", "code", "/code"}
            assert not [tail for tail in tails() if tail in redacted(str(refused))]
        else:
            assert all(not command.row.spends or text != words or is_addressed(words) for command in commands)


@pytest.mark.parametrize("words", ALL)
def test_t15_a_secret_is_gone_before_its_characters_are_escaped(words: str) -> None:
    made = [inline(words), quoted(words), tamed_word(words), tamed_line(words), redacted(words)]

    assert not [tail for tail in tails() for text in made if tail in text.replace("\\", "")]


def is_addressed(words: str) -> bool:
    lines = (line.strip().removeprefix("- ").lower() for line in words.splitlines())
    return any(line.startswith(f"@{BOT}") for line in lines)


def parse_or_refuse(text: str) -> list[object]:
    try:
        return [*parse(text, BOT)]
    except UserError as refused:
        return [refused.code]


def run_page(words: str) -> str:
    """The run page's living parts with hostile words wherever a stranger or a worker can put some."""
    report = a_report(Verdict.FAILED, words)
    run = a_run(RunState.FAILED, problem=None, report=report, model_id="owner/model")
    run = run.model_copy(update={"requester": run.requester.model_copy(update={"name": words})})
    events = [
        an_event(1, Phase.CARD, EventKind.STARTED, words),
        an_event(2, Phase.CARD, EventKind.DONE, words),
    ]
    view, clock = snapshot_of(run, events), 1e9
    values = {
        "view": view,
        "run": run,
        "events": events,
        "links": LINKS,
        "has_thread": True,
        "bars": bars(view, clock),
        "cost": run.cost(clock),
        "buttons": (),
        "snippets": [("Python", in_python(words, probe)) for probe in report.probes],
        "who_may_see": "",
        "is_owner": False,
        "skipped": [Decision("d_1", 1.0, "a", "hub:owner/model#3", "watch", "I_SKIP", words)],
    }
    return fragment("_run.html", values) + fragment("_job_log.html", {"job_log": words})
