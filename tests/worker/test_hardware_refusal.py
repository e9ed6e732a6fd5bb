"""What a person is told where the Hub refuses hardware."""

import json

import pytest

from bot.localhub.plans import NO_PAYMENT, NO_PLAN
from worker.hardware_refusal import Refusal, RefusalKind, refusal

ZERO_LIMIT = "ZeroGPU Spaces are currently limited to 10 per user account."


def said(status: int, message: str) -> Refusal:
    return refusal(
        status,
        json.dumps({"error": message}),
        flavor="l40sx1",
        space_id="alice/app",
        endpoint="https://huggingface.co",
    )


@pytest.mark.parametrize(
    ("status", "message", "kind", "other"),
    [
        (402, NO_PLAN, RefusalKind.PLAN, True),
        (402, NO_PAYMENT, RefusalKind.PAYMENT, True),
        (402, "Pre-paid credit balance is insufficient", RefusalKind.PAYMENT, True),
        (403, "You must be subscribed to PRO: https://huggingface.co/pro", RefusalKind.PLAN, True),
        (403, ZERO_LIMIT, RefusalKind.LIMIT, True),
        (400, ZERO_LIMIT, RefusalKind.LIMIT, True),
        (403, "Forbidden: you don't have write access", RefusalKind.FORBIDDEN, False),
        (403, "", RefusalKind.FORBIDDEN, False),
        (401, "Invalid username or password.", RefusalKind.TOKEN, False),
        (400, "Invalid hardware flavor", RefusalKind.UNKNOWN_HARDWARE, True),
        (429, "Too many requests", RefusalKind.BUSY, False),
        (503, "", RefusalKind.BUSY, False),
        (418, "", RefusalKind.OTHER, False),
    ],
)
def test_the_refusals_are_told_apart(status: int, message: str, kind: RefusalKind, other: bool) -> None:
    answer = said(status, message)

    assert answer.kind is kind
    assert answer.other_hardware_may_work is other
    assert message in answer.sentence


def test_a_refusal_says_what_to_click_and_how_to_go_on() -> None:
    answer = said(402, NO_PAYMENT)

    assert "billing" in answer.clicks[0]
    assert answer.clicks[-2] == "Open https://huggingface.co/spaces/alice/app/settings."
    assert "choose l40sx1" in answer.clicks[-1]
    assert answer.command == "validate alice/app"


@pytest.mark.parametrize("body", ["", "<html>busy</html>", "[1]", '{"error": 7}', "[" * 100_000, "null"])
def test_an_answer_that_is_no_sentence_is_not_repeated(body: str) -> None:
    answer = refusal(402, body, flavor="t4-small", space_id="a/b", endpoint="http://localhost")

    assert answer.kind is RefusalKind.PAYMENT
    assert len(answer.sentence) < 500
    assert "<html>" not in answer.sentence
