"""Which verdict the judge gives: honest apps pass, cheating ones fail with the check that caught them."""

import pytest

from tests.worker.judged_answers import CHEATS, GENUINE, Case
from worker.contract import AnswerType, Evidence, Failure, Verdict, Weights
from worker.errors import Blocker
from worker.validate.evidence import judge
from worker.validate.gate import Findings, decide


def findings(case: Case) -> Findings:
    evidence = judge(case.subject, case.calls)
    return Findings(running=True, tested=True, evidence=evidence, answer=case.answer, ours=case.ours)


@pytest.mark.parametrize("case", GENUINE.values(), ids=GENUINE)
def test_an_honest_app_is_a_success(case: Case) -> None:
    decision = decide(findings(case))

    assert (decision.verdict, decision.failure) == (Verdict.FULL_INFERENCE_SUCCESS, None)


@pytest.mark.parametrize("case", CHEATS.values(), ids=CHEATS)
def test_a_cheating_app_fails_and_the_reason_names_the_check(case: Case) -> None:
    decision = decide(findings(case))

    assert decision.verdict is Verdict.FAILED
    assert decision.failure
    assert decision.failure.category == "evidence"
    assert f"“{case.fails}”" in decision.reason


def passed(*names: str) -> tuple[Evidence, ...]:
    return tuple(Evidence(name=name, passed=True, detail="") for name in names)


def open_questions(*names: str) -> tuple[Evidence, ...]:
    return tuple(Evidence(name=name, passed=None, detail="") for name in names)


BLOCKER = Blocker(code="gated", message="It is gated.", tried="Reading it.")
PROVEN = Weights(proven=True, reason="Other weights, other answers.")
FAILURE = Failure(category="build_error", message="No module named x")
ALL = passed("health", "answered", "type", "substance", "input_sensitive")

RULES = {
    "all there": (Findings(running=True, tested=True, evidence=ALL), Verdict.FULL_INFERENCE_SUCCESS),
    "a failure beats everything": (
        Findings(running=True, tested=True, evidence=ALL, failure=FAILURE, blockers=(BLOCKER,)),
        Verdict.FAILED,
    ),
    "a blocker": (Findings(blockers=(BLOCKER,)), Verdict.TECHNICAL_BLOCKER),
    "no hardware": (Findings(hardware_refusal="Choose it."), Verdict.MANUAL_HARDWARE_REQUIRED),
    "never ran and nobody says why": (Findings(), Verdict.FAILED),
    "healthy and not called": (Findings(running=True, evidence=passed("health")), Verdict.CANDIDATE),
    "runs, nothing to call": (
        Findings(
            running=True,
            tested=True,
            evidence=(*passed("health"), Evidence(name="answered", passed=None, detail="")),
        ),
        Verdict.HEALTH_ONLY,
    ),
    "runs and no evidence at all": (Findings(running=True, tested=True), Verdict.HEALTH_ONLY),
    "no word about its type": (
        Findings(running=True, tested=True, evidence=passed("health", "answered")),
        Verdict.FAILED,
    ),
    "no word about its health": (Findings(running=True, tested=True, evidence=ALL[1:]), Verdict.FAILED),
    "no word about its health, and we did not make it": (
        Findings(running=True, tested=True, evidence=ALL[1:], ours=False),
        Verdict.FULL_INFERENCE_SUCCESS,
    ),
    "nobody knows whether the input matters": (
        Findings(running=True, tested=True, evidence=ALL[:-1]),
        Verdict.FAILED,
    ),
    "nobody knows whether the input matters, but its weights are proven": (
        Findings(running=True, tested=True, evidence=ALL[:-1], weights=PROVEN),
        Verdict.FULL_INFERENCE_SUCCESS,
    ),
    "nothing was heard in our sounds, but its weights are proven": (
        Findings(
            running=True,
            tested=True,
            evidence=(*passed("health", "answered", "substance"), *open_questions("type", "input_sensitive")),
            weights=PROVEN,
        ),
        Verdict.FULL_INFERENCE_SUCCESS,
    ),
    "nothing was heard in our sounds, and nothing else speaks for it": (
        Findings(
            running=True,
            tested=True,
            evidence=(*passed("health", "answered", "substance"), *open_questions("type")),
        ),
        Verdict.FAILED,
    ),
    "a picture much like the one that was sent": (
        Findings(
            running=True, tested=True, evidence=(*ALL, *open_questions("no_echo")), answer=AnswerType.IMAGE
        ),
        Verdict.FAILED,
    ),
    "a picture much like the one that was sent, from weights that are proven": (
        Findings(
            running=True,
            tested=True,
            evidence=(*ALL, *open_questions("no_echo")),
            answer=AnswerType.IMAGE,
            weights=PROVEN,
        ),
        Verdict.FULL_INFERENCE_SUCCESS,
    ),
    "labels, and nobody asked twice": (
        Findings(running=True, tested=True, evidence=ALL, answer=AnswerType.LABELS),
        Verdict.FAILED,
    ),
    "labels of which everything is known": (
        Findings(
            running=True,
            tested=True,
            evidence=(*ALL, *passed("probabilities", "repeatable")),
            answer=AnswerType.LABELS,
        ),
        Verdict.FULL_INFERENCE_SUCCESS,
    ),
    "a check that could not be made": (
        Findings(running=True, tested=True, evidence=(*ALL, Evidence(name="labels", passed=None, detail=""))),
        Verdict.FULL_INFERENCE_SUCCESS,
    ),
    "one check of many failed": (
        Findings(running=True, tested=True, evidence=(*ALL, Evidence(name="x", passed=False, detail="!"))),
        Verdict.FAILED,
    ),
}


@pytest.mark.parametrize(("findings", "verdict"), RULES.values(), ids=RULES)
def test_every_verdict_has_its_rule(findings: Findings, verdict: Verdict) -> None:
    decision = decide(findings)

    assert decision.verdict is verdict
    assert decision.reason
    assert (decision.failure is not None) == (verdict is Verdict.FAILED)
