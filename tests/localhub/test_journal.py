"""The journal: every request is there, and no token ever."""

import json
from typing import Any

import httpx2
import pytest

from tests.harness.local_hub import LocalHub
from tests.localhub.around_the_hub import OAuthPerson


def journal(hub: LocalHub, **asked: Any) -> dict[str, Any]:
    with hub.browser() as browser:
        found: dict[str, Any] = browser.get("/__journal", params=asked).json()
    return found


def test_a_request_is_noted_with_who_and_how_it_was_answered(hub: LocalHub, model: str) -> None:
    since = journal(hub)["last"]
    hub.api("alice").model_info(model)
    hub.api().model_info(model)
    with OAuthPerson(hub, "bob") as bob:
        hub.api(token=bob.token("openid")).whoami()

    requests = journal(hub, since=since)["requests"]
    info = [each for each in requests if each["path"] == f"/api/models/{model}"]
    assert [(each["kind"], each["user"], each["status"]) for each in info] == [
        ("token", "alice", 200),
        ("anonymous", None, 200),
    ]
    assert info[0]["route"] == "/api/{kind:repos}/{namespace}/{name}"
    assert info[0]["user_id"] == hub.user_id("alice")
    assert info[0]["milliseconds"] > 0
    me = next(each for each in requests if each["path"] == "/api/whoami-v2")
    assert (me["kind"], me["app"], me["user"]) == ("oauth", "demo", "bob")
    assert any((each["kind"], each["user"]) == ("browser", "bob") for each in requests)


def test_the_calls_of_a_run_are_counted(hub: LocalHub, model: str) -> None:
    since = journal(hub)["last"]
    for _ in range(3):
        hub.api("bob").model_info(model)
    hub.api("alice").model_info(model)

    of_bob = journal(hub, since=since, user="bob")
    assert of_bob["count"] == 3
    assert of_bob["by_route"] == {"GET /api/{kind:repos}/{namespace}/{name}": 3}
    assert journal(hub, since=since, user=hub.user_id("bob"))["count"] == 3
    assert journal(hub, since=of_bob["last"])["count"] == 0


def test_no_token_is_in_the_journal_nor_in_its_file(own_hub: LocalHub) -> None:
    file = own_hub.folder.with_name("journal.jsonl")
    own_hub.arguments += ["--journal", str(file)]
    own_hub.restart()
    with OAuthPerson(own_hub, "alice") as alice:
        token = alice.token("openid jobs")
        own_hub.api(token=token).whoami()
        own_hub.api("bob").whoami()
    with own_hub.browser() as browser:
        kept = browser.get("/__journal").text + file.read_text()

    assert json.loads(file.read_text().splitlines()[0])["number"] == 1
    for secret in (token, own_hub.token("bob"), "hf_", "code="):
        assert secret not in kept


def test_the_journal_is_only_for_this_machine(hub: LocalHub) -> None:
    with hub.browser() as browser:
        rebound = browser.get("/__journal", headers={"Host": "evil.test"})
        other_site = browser.put("/__misbehave/status", json={}, headers={"Origin": "https://evil.test"})
    assert (rebound.status_code, other_site.status_code) == (403, 403)


@pytest.mark.parametrize("page", ["/journal", "/settings/misbehaviour"])
def test_the_pages_show_them_to_people_who_are_signed_in(hub: LocalHub, page: str) -> None:
    with hub.browser() as browser:
        stranger = browser.get(page)
        browser.post("/login", data={"username": "alice"})
        answer: httpx2.Response = browser.get(page)

    assert stranger.status_code == 401
    assert answer.status_code == 200
    assert "<h1>" in answer.text
    assert hub.token("alice") not in answer.text
