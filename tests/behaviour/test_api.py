"""The API, as a script meets it: a key, a request, a run, and what others are not told."""

import json
import re
from typing import Any

import httpx2

from bot.domain.models import RunState
from tests.harness.people import Person
from tests.harness.waiting import wait_until
from tests.harness.world import DIGITS, SENTIMENT, World


def makes_key(person: Person, label: str = "CI") -> str:
    """On the account page, in a browser."""
    person.browser.open(f"{person.world.url}/account")
    page = person.browser.submit("Make a key", label=label)
    return re.findall(r"sf_[\w-]{43}", page.text)[0]


def ask(world: World, method: str, path: str, key: str | None = None, **given: Any) -> httpx2.Response:
    headers = given.pop("headers", {}) | ({"x-api-key": key} if key else {})
    return httpx2.request(method, f"{world.url}/api{path}", headers=headers, timeout=60, **given)


def test_a_script_asks_follows_and_reads_the_run(world: World) -> None:
    key = makes_key(world.ada.signs_in())
    assert ask(world, "GET", "/me", key).json()["name"] == "ada"

    one = {"Idempotency-Key": "one"}
    taken = ask(world, "POST", "/plan", key, json={"model": SENTIMENT}, headers=one)

    assert taken.status_code == 200 and taken.json()["state"] == "done", taken.text
    run_id = taken.json()["run"]
    again = ask(world, "POST", "/plan", key, json={"model": SENTIMENT}, headers=one)
    assert (again.status_code, again.json()) == (200, taken.json())
    other = ask(world, "POST", "/plan", key, json={"model": DIGITS}, headers=one)
    assert (other.status_code, other.json()["code"]) == (409, "E_AGAIN")
    attached = ask(world, "POST", "/plan", key, json={"model": SENTIMENT}).json()
    assert (attached["code"], attached["run"]) == ("I_ATTACH", run_id)

    told = followed(world, run_id, key)

    assert [each["state"] for each in told][-1] == "succeeded" and len(told) > 1
    end = ask(world, "GET", f"/runs/{run_id}", key).json()
    assert (end["verdict"], end["report"]["run_id"]) == ("planned", run_id)
    assert end["sentence"].startswith("📋 **Plan for") and end["cost_usd"] is not None
    events = ask(world, "GET", f"/runs/{run_id}/events", key, params={"after": 2}).json()["events"]
    assert events[0]["seq"] == 3 and {"phase", "kind", "message", "at"} <= events[0].keys()
    assert "SPACE_FACTORY_REPORT" in ask(world, "GET", f"/runs/{run_id}/logs", key).json()["lines"][-1]
    assert ask(world, "GET", f"/runs/{run_id}").json() == end, "a public model's run may be read by anybody"
    assert ask(world, "GET", f"/runs/{run_id}/logs").status_code == 401
    listed = ask(world, "GET", "/runs", key, params={"state": "succeeded", "model": SENTIMENT}).json()["runs"]
    assert [run["id"] for run in listed] == [run_id]
    assert ask(world, "GET", "/runs", key, params={"before": run_id}).json() == {"runs": []}


def followed(world: World, run_id: str, key: str) -> list[dict[str, Any]]:
    """What the stream told, until its end."""
    told, kind = [], ""
    url = f"{world.url}/api/runs/{run_id}/stream"
    with httpx2.stream("GET", url, headers={"x-api-key": key}, timeout=100) as answer:
        for line in answer.iter_lines():
            name, _, value = line.partition(": ")
            kind = value if name == "event" else kind
            if name == "data" and kind == "run":
                told.append(json.loads(value))
    assert kind == "end"
    return told


def test_what_is_refused_in_the_chat_is_refused_here_with_the_same_words(world: World) -> None:
    ada = world.ada.signs_in()
    key = makes_key(ada)
    thread = ada.opens_discussion(SENTIMENT, "@space-factory build zoo/nothing")
    words = thread.next_reply().partition("\n\n")[0]

    refused = ask(world, "POST", "/build", key, json={"model": "zoo/nothing"})

    assert (refused.status_code, refused.json()["code"]) == (404, "E_ACCESS")
    assert refused.json()["error"] == words
    request = ask(world, "GET", f"/requests/{refused.json()['request']}", key).json()
    assert (request["state"], request["sentence"]) == ("refused", words)
    unfit = ask(world, "POST", "/build", key, json={"model": SENTIMENT, "hardware": "a B", "budget": 0.5})
    assert (unfit.status_code, unfit.json()["code"]) == (422, "E_OPT")
    assert "`hardware=aB` doesn't fit" in unfit.json()["error"]
    strange = ask(world, "POST", "/build", key, json={"model": SENTIMENT, "hardwear": "cpu-basic"})
    assert (strange.status_code, strange.json()["code"]) == (422, "E_BODY")
    assert "`hardwear`" in strange.json()["error"]
    app = ask(world, "POST", "/plan", key, json={"model": "blueprint:cad"})
    assert (app.status_code, app.json()["code"]) == (422, "E_OPT"), "the chat's words, not a pattern"
    short = ask(world, "POST", "/plan", key, json={"model": "sentiment"}).json()["error"]
    assert short.startswith("`model`: has to look like `owner/model`.")
    untyped = ask(world, "POST", "/plan", key, content=json.dumps({"model": SENTIMENT})).json()["error"]
    assert "`Content-Type: application/json`" in untyped
    broken = ask(world, "POST", "/plan", key, content="{", headers={"Content-Type": "application/json"})
    assert broken.json()["error"].startswith("`body`: not JSON, at character 1.")
    state = ask(world, "GET", "/runs", key, params={"state": "lost"}).json()["error"]
    assert state.startswith("`state`: Input should be 'waiting") and "'open'" in state and "[" not in state
    wrong = ask(world, "DELETE", "/me", key)
    assert (wrong.status_code, wrong.headers["Allow"]) == (405, "GET")
    assert wrong.json()["error"] == "This address takes GET, not DELETE."
    own = ask(world, "POST", "/build", key, json={"model": SENTIMENT, "name": world.hub.token("bob")})
    assert own.json()["code"] == "E_SECRET" and world.hub.token("bob") not in own.text
    missing = ask(world, "POST", "/runs/r_0123456789abcdef/cancel", key)
    assert (missing.status_code, missing.json()["code"]) == (404, "E_RUN")
    assert ask(world, "GET", "/nothing", key).json()["code"] == "E_ADDRESS"
    assert world.runs() == []


def test_a_run_waits_for_its_requester_to_sign_in_and_can_be_stopped_and_done_again(world: World) -> None:
    ada = world.ada.signs_in()
    key = makes_key(ada)
    world.ctx.accounts.refused(ada.id)
    waiting = ask(world, "POST", "/plan", key, json={"model": SENTIMENT, "rev": "main"}).json()["run"]
    run = ask(world, "GET", f"/runs/{waiting}", key).json()
    assert (run["state"], run["kind"]) == ("waiting_for_sign_in", "plan")
    assert ask(world, "GET", f"/runs/{waiting}").status_code == 404, "nobody has seen whether it is private"
    app = ask(world, "POST", "/build", key, json={"model": "blueprint:cad"}).json()["run"]
    assert ask(world, "GET", f"/runs/{app}", key).json()["target_space"] == "ada/cad-demo"
    assert ask(world, "POST", f"/runs/{app}/cancel", key).json()["code"] == "OK"
    page = ada.follows(run["links"]["connect"])
    assert page.status_code == 200
    wait_until(lambda: world.rows.get(waiting).state.is_final or None, "the plan", 100)

    started = ask(world, "POST", f"/runs/{waiting}/retry", key, json={"budget": 0.5}).json()["run"]
    stopped = ask(world, "POST", f"/runs/{started}/cancel", key).json()

    assert started != waiting and stopped["code"] == "OK"
    wait_until(lambda: world.rows.get(started).is_settled or None, "its end", 100)
    run = world.rows.get(started)
    assert run.state is RunState.CANCELLED and run.wishes.budget == 0.5


def test_a_key_or_a_token_says_who_calls_and_nothing_else_does(world: World) -> None:
    ada, bob = world.ada.signs_in(), world.bob.signs_in()
    key = makes_key(ada)
    world.ctx.accounts.refused(ada.id)
    run_id = ask(world, "POST", "/plan", key, json={"model": SENTIMENT}).json()["run"]

    bobs = {"Authorization": f"Bearer {world.hub.token('bob')}"}
    for path in ("", "/events", "/stream", "/logs"):
        unseen = ask(world, "GET", f"/runs/{run_id}{path}", headers=bobs)
        assert (unseen.status_code, unseen.json()["code"]) == (404, "E_RUN"), "it may be a private model's"
    assert ask(world, "GET", f"/runs/{run_id}/logs", key).json() == {"lines": []}
    assert ask(world, "GET", "/runs", headers=bobs).json() == {"runs": []}
    assert ask(world, "POST", f"/runs/{run_id}/retry", headers=bobs).json()["code"] == "E_RUN"
    assert ask(world, "GET", "/me", headers=bobs).json()["name"] == "bob"
    ada.follows(ask(world, "GET", f"/runs/{run_id}", key).json()["links"]["connect"])
    wait_until(lambda: world.rows.get(run_id).is_settled or None, "the plan", 100)
    cookie = ada.browser.cookies_for(world.url)
    assert ask(world, "GET", "/me", headers={"Cookie": cookie}).status_code == 401
    assert (
        ask(world, "POST", "/plan", json={"model": SENTIMENT}, headers={"Cookie": cookie}).status_code == 401
    )
    app_token = world.ctx.accounts.open_token(bob.id, lives=0)
    assert ask(world, "GET", "/me", headers={"Authorization": f"Bearer {app_token}"}).status_code == 401
    # The key decides, whatever a proxy was told; and what is wrong is refused also where nothing is needed.
    assert ask(world, "GET", "/me", key, headers=bobs).json()["name"] == "ada"
    wrong = ask(world, "GET", f"/runs/{run_id}", "sf_" + "x" * 43, headers=bobs)
    assert (wrong.status_code, wrong.json()["code"]) == (401, "E_KEY") and "/account#keys" in wrong.text

    ada.browser.open(f"{world.url}/account")
    assert "Last used" in ada.browser.page.text
    ada.browser.submit("/account/keys/revoke")
    assert ask(world, "GET", "/me", key).status_code == 401
    left = makes_key(ada)
    ada.browser.open(f"{world.url}/account")
    ada.browser.submit("/account/disconnect")
    assert ask(world, "GET", "/me", left).status_code == 401
