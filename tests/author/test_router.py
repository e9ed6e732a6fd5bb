"""The router proxy with a real client on one side and the scripted model on the other."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest

from tests.harness.scripted_model import ScriptedModel
from tests.harness.scripted_model.behaviours import answers_with, out_of_credits, refuses, script, stalls
from tests.harness.scripted_model.steps import Asked, Behaviour, Call, HangUp, Say
from tests.harness.waiting import wait_until
from worker.author.ledger import Ledger, Prices, Totals
from worker.author.router import Router
from worker.author.turns import Budget

TOKEN = "hf_" + "theRealTokenOfAPerson" + "0123456789"
MODEL = "Qwen/Qwen3-Coder-Next:novita"
AMPLE = Budget(turns=9, usd=10, tokens=10_000_000, requests=50, seconds=600)


@contextmanager
def proxied(
    behaviour: Behaviour, budget: Budget = AMPLE, *, ledger: dict[str, Any] | None = None, **settings: Any
) -> Iterator["Proxied"]:
    with (
        ScriptedModel(behaviour) as model,
        Router(
            TOKEN,
            models=[MODEL],
            ledger=Ledger(budget, Prices(0.2, 1.5), **(ledger or {})),
            upstream=model.address,
            **settings,
        ) as router,
        httpx2.Client(base_url=router.address, timeout=20, trust_env=False) as client,
    ):
        yield Proxied(model, router, client)


class Proxied:
    def __init__(self, model: ScriptedModel, router: Router, client: httpx2.Client) -> None:
        self.model, self.router, self.client = model, router, client
        self.key = {"authorization": f"Bearer {router.key}"}

    def ask(self, **changed: Any) -> httpx2.Response:
        body = {"model": MODEL, "messages": [{"role": "user", "content": "Build it"}], **changed}
        return self.client.post("/chat/completions", json=body, headers=self.key)

    @property
    def seen(self) -> dict[str, Any]:
        return self.model.asked[-1].body


def test_the_agents_key_goes_in_and_the_real_token_goes_out() -> None:
    with proxied(answers_with("Hello"), bill_to="my-org") as it:
        answer = it.ask()
        assert answer.json()["choices"][0]["message"]["content"] == "Hello"
        assert it.model.headers[-1]["authorization"] == f"Bearer {TOKEN}"
        assert it.model.headers[-1]["x-hf-bill-to"] == "my-org"
        assert it.router.key not in json.dumps(it.model.headers)


@pytest.mark.parametrize("key", ["", "Bearer wrong", f"Bearer {TOKEN}", "Basic run", "Bearer \u00e9"])
def test_no_other_key_opens_it(key: str) -> None:
    with proxied(answers_with("Hello")) as it:
        it.key = {"authorization": key.encode()} if key else {}  # type: ignore[dict-item] # bytes are legal
        assert it.ask().status_code == 401
        assert not it.model.asked


@pytest.mark.parametrize(
    ("method", "path"),
    [
        *(("GET", "chat/completions"), ("POST", "embeddings"), ("POST", "chat/completions/../models")),
        *(("GET", "../api/whoami-v2"), ("DELETE", "models"), ("GET", "models/Qwen/Qwen3-Coder-Next")),
    ],
)
def test_no_other_path_leads_anywhere(method: str, path: str) -> None:
    with proxied(answers_with("Hello")) as it:
        answer = it.client.request(method, path, json={}, headers=it.key)
        assert answer.status_code == 403
        assert answer.json()["error"]["message"] == "Only POST /v1/chat/completions is open to the agent."
        assert not it.model.asked


def test_the_list_of_models_names_the_chosen_ones_only() -> None:
    with proxied(answers_with("Hello")) as it:
        listed = it.client.get("models", headers=it.key).json()
        assert [model["id"] for model in listed["data"]] == [MODEL]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"model": "dear/model"}, f"this run may ask only {MODEL}"),
        ({"model": MODEL.partition(":")[0]}, f"this run may ask only {MODEL}"),
        ({"model": [MODEL]}, f"this run may ask only {MODEL}"),
        ({"messages": "none"}, "`messages` must be a list"),
        ({"messages": [{"role": "user", "content": "x" * 9_000_000}]}, "a request may have 8192 kB"),
    ],
)
def test_a_request_that_the_run_may_not_make_is_refused_with_a_reason(
    body: dict[str, Any], reason: str
) -> None:
    with proxied(answers_with("Hello")) as it:
        answer = it.ask(**body)
        assert answer.status_code == 400
        assert reason in answer.json()["error"]["message"]
        assert not it.model.asked


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"[" * 100_000, b'"text"', b"\xff\xfe"])
def test_what_is_not_a_request_is_refused(body: bytes) -> None:
    with proxied(answers_with("Hello")) as it:
        answer = it.client.post("/chat/completions", content=body, headers=it.key)
        assert answer.status_code == 400
        assert answer.json()["error"]["message"].startswith("Refused: ")


def test_what_costs_extra_does_not_pass() -> None:
    with proxied(answers_with("Hello")) as it:
        it.ask(n=50, best_of=50, max_tokens=1_000_000, service_tier="priority", web_search_options={}, seed=1)
        assert set(it.seen) == {"model", "messages", "seed", "max_tokens"}
        assert it.seen["max_tokens"] == 16_384


def test_a_short_answer_may_be_asked_for() -> None:
    with proxied(answers_with("Hello")) as it:
        assert it.ask(max_tokens=10).status_code == 200
        assert it.seen["max_tokens"] == 10


def test_half_characters_reach_the_provider_as_they_were() -> None:
    with proxied(answers_with("Hello")) as it:
        body = json.dumps({"model": MODEL, "messages": [{"role": "user", "content": "\ud83d"}]})
        assert it.client.post("/chat/completions", content=body, headers=it.key).status_code == 200
        assert it.seen["messages"][0]["content"] == "\ud83d"


def test_a_stream_arrives_piece_by_piece_and_byte_for_byte() -> None:
    behaviour = script([Say("word " * 200, (Call("write", {"path": "a"}),), pause=0.05)])
    with proxied(behaviour) as it, httpx2.Client(base_url=it.model.address, trust_env=False) as direct:
        body = {"model": MODEL, "stream": True, "messages": [{"role": "user", "content": "Go"}]}
        arrived: list[bytes] = []
        with it.client.stream("POST", "/chat/completions", json=body, headers=it.key) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            assert answer.headers["x-inference-provider"] == "scripted"
            arrived = list(answer.iter_raw())
        plain = direct.post("/chat/completions", json=it.seen).content
        assert len(arrived) > 5
        assert _without_ids(b"".join(arrived)) == _without_ids(plain)


def test_the_ledger_counts_as_the_provider_does() -> None:
    with proxied(script([Say("Hello", tokens=(10_000, 2_000))])) as it:
        it.ask()
        it.ask(stream=True)
        totals = it.router.ledger.totals()
        assert (totals.requests, totals.tokens) == (2, 24_000)
        assert totals.usd == pytest.approx(2 * (10_000 * 0.2 + 2_000 * 1.5) / 1e6)
        assert it.router.ledger.held() == totals


def test_a_request_is_told_at_its_most_before_it_goes_out() -> None:
    told: list[tuple[Totals, int]] = []
    held: dict[str, Any] = {"admitted": lambda: told.append((it.router.ledger.held(), len(it.model.asked)))}
    with proxied(answers_with("Hello"), ledger=held) as it:
        it.ask(max_tokens=500)
        [(at_most, asked)] = told
        assert (at_most.requests, asked) == (1, 0)
        assert at_most.tokens >= 500 > it.router.ledger.totals().tokens
        assert at_most.usd > it.router.ledger.totals().usd


def test_what_was_spent_before_is_spent() -> None:
    with proxied(answers_with("Hello"), ledger={"before": Totals(50, 0, 0)}) as it:
        assert it.ask().status_code == 402
        assert not it.model.asked


@pytest.mark.parametrize(
    ("budget", "said"),
    [
        (Budget(1, 10, 10_000_000, 3, 60), "the run may ask its model 3 times, and has"),
        (Budget(1, 10, 30_000, 50, 60), "the run's budget is spent: "),
        (Budget(1, 0.02, 10_000_000, 50, 60), "of $0.02, and the next request would take more than is left"),
    ],
)
def test_a_spent_budget_is_a_402_that_says_which(budget: Budget, said: str) -> None:
    with proxied(script([Say("Hello", tokens=(8_000, 2_000))]), budget) as it:
        answers = [it.ask() for _ in range(8)]
        refused = [answer for answer in answers if answer.status_code == 402]
        assert len(refused) >= 3
        assert said in refused[0].json()["error"]["message"]
        assert said in it.router.refused_for
        before_the_last = it.router.ledger.entries[:-1]
        assert sum(entry.usd for entry in before_the_last) < budget.usd
        assert sum(entry.tokens_in + entry.tokens_out for entry in before_the_last) < budget.tokens
        assert it.router.ledger.totals().requests == len(it.model.asked) == 8 - len(refused)


def test_requests_at_the_same_time_cannot_take_more_than_one_after_another() -> None:
    budget = Budget(1, 10, 40_000, 50, 60)
    with proxied(script([Say("Hello", tokens=(100, 16_000))]), budget) as it:
        answers: list[int] = []
        asking = [threading.Thread(target=lambda: answers.append(it.ask().status_code)) for _ in range(12)]
        for thread in asking:
            thread.start()
        for thread in asking:
            thread.join()
        assert 402 in answers
        assert it.router.ledger.totals().tokens <= budget.tokens


def test_hanging_up_before_the_count_is_not_free() -> None:
    with proxied(script([Say("word " * 2000, pause=0.02)])) as it:
        body = {"model": MODEL, "stream": True, "messages": [{"role": "user", "content": "x" * 3000}]}
        with it.client.stream("POST", "/chat/completions", json=body, headers=it.key) as answer:
            next(answer.iter_raw())
        [entry] = wait_until(lambda: it.router.ledger.entries[:1], "an entry")
        assert entry.estimated
        assert entry.tokens_in >= 1000
        assert entry.tokens_out >= 1
        assert entry.problem == "the agent hung up"


def test_an_answer_without_a_count_is_estimated() -> None:
    with proxied(script([Say("word " * 3000, says_usage=False)])) as it:
        it.ask(stream=True)
        [entry] = it.router.ledger.entries
        assert entry.estimated
        assert 3_000 <= entry.tokens_out <= 30_000


def test_the_accounts_empty_credits_are_told_apart_from_the_runs_budget() -> None:
    with proxied(out_of_credits()) as it:
        assert it.ask().status_code == 402
        assert it.router.refused_for.startswith("Inference Providers asks for payment: You have depleted")
        assert it.router.ledger.totals().tokens == 0


@pytest.mark.parametrize("status", [400, 401, 429, 500, 503])
def test_a_providers_refusal_passes_with_its_status_and_its_wait(status: int) -> None:
    with proxied(refuses(status, "Not now", **{"retry-after": "7", "set-cookie": "a=b"})) as it:
        answer = it.ask(stream=True)
        assert answer.status_code == status
        assert answer.json()["error"]["message"] == "Not now"
        assert answer.headers["retry-after"] == "7"
        assert "set-cookie" not in answer.headers


def test_a_redirect_is_not_followed() -> None:
    with proxied(refuses(307, "Moved", location="http://127.0.0.1:9/")) as it:
        assert it.ask().status_code == 502
        assert len(it.model.asked) == 1


def test_a_token_that_the_provider_repeats_stays_inside(caplog: pytest.LogCaptureFixture) -> None:
    with proxied(refuses(401, f"Invalid token {TOKEN}", **{"x-request-id": TOKEN})) as it:
        answer = it.ask()
        assert answer.headers["x-request-id"] == "[redacted]"
        assert answer.json()["error"]["message"] == "Invalid token [redacted]"
        assert TOKEN not in caplog.text
    with proxied(answers_with(f"Your token is {TOKEN}, and hf_the is not it: hf_")) as it:
        for stream in (True, False):
            text = it.ask(stream=stream).text
            assert TOKEN not in text
            assert "Your token is [redacted], and hf_the is not it: hf_" in text


def test_a_provider_that_stalls_ends_as_an_error_in_the_stream() -> None:
    with proxied(stalls(), quiet_seconds=0.5) as it:
        answer = it.ask(stream=True)
        assert answer.status_code == 200
        assert "Connection lost: the model's provider broke off (ReadTimeout)." in answer.text
        assert it.router.ledger.entries[0].status == 502


def test_a_provider_that_never_answers_is_a_504() -> None:
    with proxied(stalls(silent=True), quiet_seconds=0.5) as it:
        assert it.ask(stream=True).status_code == 504
        assert it.router.ledger.entries[0].status == 504


def test_an_answer_in_one_piece_may_take_longer_than_a_streams_pause() -> None:
    def slow(asked: Asked) -> Say:
        time.sleep(1)
        return Say("Hello")

    with proxied(slow, quiet_seconds=0.3) as it:
        assert it.ask().status_code == 200


def test_a_connection_that_breaks_ends_as_an_error_in_the_stream() -> None:
    with proxied(script([HangUp()])) as it:
        assert "Connection lost: the model's provider broke off" in it.ask(stream=True).text


def test_nobody_at_the_other_end_is_a_504_without_an_address() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        nowhere = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    with (
        Router(TOKEN, models=[MODEL], ledger=Ledger(AMPLE, Prices(1, 1)), upstream=nowhere) as router,
        httpx2.Client(base_url=router.address, trust_env=False) as client,
    ):
        body = {"model": MODEL, "messages": [{"role": "user", "content": "Build it"}]}
        answer = client.post(
            "/chat/completions", json=body, headers={"authorization": f"Bearer {router.key}"}
        )
        assert answer.status_code == 504
        assert nowhere not in answer.text


def _without_ids(stream: bytes) -> list[str]:
    """The events of a stream; the scripted model numbers its calls by the clock."""
    return [line.partition('"id": "call_')[0] for line in stream.decode().splitlines()]
