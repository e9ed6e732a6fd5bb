"""How the writing ends where nothing comes of it, and what is told and kept: the whole stage, the real Pi."""

import json
import re

import pytest

from tests.author.scenes import BUDGET, Scene
from tests.harness.scripted_model.behaviours import (
    answers_with,
    asks_too_much,
    bash,
    broken_tool_calls,
    cut_off,
    loops,
    out_of_credits,
    refuses,
    script,
    write,
)
from tests.harness.scripted_model.steps import Behaviour, Say
from worker.author.install import installed
from worker.author.notebook import STATE
from worker.author.turns import Budget
from worker.errors import Failed

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(900)]
WORDS = r"Turn 1: it runs a command \(2 requests, \d+ tokens, about \$0\.\d{3} so far\)\."


@pytest.mark.parametrize(
    ("behaviour", "budget", "said"),
    [
        (loops(), Budget(8, 5, 10**7, 6, 300), "may ask its model 6 times, and has"),
        (asks_too_much(), Budget(8, 5, 500_000, 60, 300), "the run's budget is spent"),
        (out_of_credits(), BUDGET, "asks for payment"),
        (refuses(400, "No such thing"), Budget(8, 5, 10**7, 40, 300), "wrote nothing, 4 times"),
        (broken_tool_calls(), BUDGET, "budget"),
        (cut_off(), BUDGET, "budget"),
    ],
    ids=["loops", "too much", "402", "400", "tools", "cut"],
)
def test_a_model_that_writes_nothing_ends_with_the_reason_and_no_space(
    scene: Scene, behaviour: Behaviour, budget: Budget, said: str
) -> None:
    with pytest.raises(Failed, match=said) as ended:
        scene.written(behaviour, pi=installed(), budget=budget)

    assert ended.value.category in {"author", "author_budget"}
    assert not scene.hub.api.repo_exists(scene.build.spec.target_space, repo_type="space")
    kept = json.loads((scene.record / STATE).read_text())
    assert kept["spent"]["requests"] == kept["state"]["requests"] <= budget.requests


def test_what_a_turn_does_and_costs_is_told_in_our_words_and_what_it_made_is_kept(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("worker.author.recorder.PACE", 1.0)
    loud = "@everyone <b>https://evil.test</b>"
    slow = bash(f"echo '{loud}'; sleep 6")
    behaviour = script([Say(loud, (write("app.py", f"# {loud}\n"),)), Say(loud, (slow,)), Say(loud)])

    with pytest.raises(Failed):
        scene.written(behaviour, pi=installed(), budget=Budget(1, 5, 10**7, 40, 300))

    events = (scene.record / "events.jsonl").read_text().splitlines()
    said = [json.loads(line)["message"] for line in events]
    told = [each for each in said if each.startswith("Turn 1: it ")]
    assert any(re.fullmatch(WORDS, each) for each in told), told
    assert not [each for each in told if "evil" in each or "@" in each]
    assert loud in (scene.record / "generated/app.py").read_text()


def test_a_plain_question_and_its_answer_are_in_the_record(scene: Scene) -> None:
    """What was said last is kept whole, also where it is of no use; the copy is without secrets."""
    with pytest.raises(Failed):
        scene.written(
            answers_with(f"I'd rather not. {scene.hub.token}"), pi=None, budget=Budget(1, 5, 10**7, 40, 300)
        )

    raw = (scene.record / "traces/raw/session.jsonl").read_text()
    shown = (scene.record / "traces/redacted/session.jsonl").read_text()
    [header, question, answer] = map(json.loads, shown.splitlines())
    assert header["type"] == "session"
    assert "# Forbidden" in question["message"]["content"][0]["text"]
    assert answer["message"]["content"][0]["text"] == "I'd rather not. [redacted]"
    assert len(raw.splitlines()) == 3 and "I'd rather not." in raw
