"""What the webhook's door lets in, and with which words it turns others away."""

import json
import threading

import httpx2
import pytest

from bot.web.webhooks import BODY_LIMIT
from tests.harness.waiting import wait_until
from tests.harness.world import SENTIMENT, World


def deliver(world: World, body: bytes, secret: str | None = None) -> httpx2.Response:
    headers = {"X-Webhook-Secret": world.webhook_secret if secret is None else secret}
    return httpx2.post(f"{world.url}/webhooks/hub", content=body, headers=headers, timeout=60)


def comment_payload(world: World, *, comment_id: str, author_id: str, text: str, num: int = 1) -> bytes:
    return json.dumps(
        {
            "event": {"action": "create", "scope": "discussion.comment"},
            "repo": {"type": "model", "name": SENTIMENT, "id": "0" * 24, "private": False},
            "discussion": {"id": "0" * 24, "title": "x", "num": num, "status": "open"},
            "comment": {"id": comment_id, "author": {"id": author_id}, "content": text, "hidden": False},
            "webhook": {"id": "0" * 24, "version": 3},
        }
    ).encode()


def test_a_wrong_secret_is_turned_away(world: World) -> None:
    for secret in ("", "wrong", "ä" * 40, world.webhook_secret[:-1]):
        answer = httpx2.post(
            f"{world.url}/webhooks/hub", content=b"{}", headers={b"X-Webhook-Secret": secret.encode()}
        )

        assert answer.status_code == 401
        assert answer.json() == {"error": "The X-Webhook-Secret header is missing or wrong."}


def test_a_body_that_is_too_large_is_turned_away_even_if_it_hides_its_length(world: World) -> None:
    chunks = (b" " * 4096 for _ in range(BODY_LIMIT // 4096 + 2))
    headers = {"X-Webhook-Secret": world.webhook_secret}

    assert deliver(world, b"{" + b" " * BODY_LIMIT).status_code == 413
    assert httpx2.post(f"{world.url}/webhooks/hub", content=chunks, headers=headers).status_code == 413


def test_a_body_that_is_no_webhook_is_refused_without_a_trace(world: World) -> None:
    for body in (b"", b"{", b"[]", b"null", b'{"event": 1}', b"\xff\xfe", b"[" * 5000):
        answer = deliver(world, body)

        assert answer.status_code == 400, body
        assert answer.json()["error"].startswith("The body is not a webhook's JSON"), body


def test_what_is_not_for_us_is_taken_with_a_reason(world: World) -> None:
    payload = json.loads(
        comment_payload(world, comment_id="a" * 24, author_id="b" * 24, text="@space-factory build")
    )
    reasons = {
        "nothing to do for repo.content": {"event": {"action": "update", "scope": "repo.content"}},
        "nothing to do for cake.bake": {"event": {"action": "create", "scope": "cake.bake"}},
        "neither posted nor edited": {"event": {"action": "delete", "scope": "discussion.comment"}},
        "no comment in it": {"comment": None},
        "not on a model": {"repo": {"type": "dataset", "name": "a/b"}},
    }

    for reason, change in reasons.items():
        answer = deliver(world, json.dumps(payload | change).encode())

        assert (answer.status_code, answer.json()) == (202, {"ignored": reason})


def test_ids_of_a_hostile_form_never_reach_the_hub(world: World) -> None:
    body = comment_payload(world, comment_id="../../x", author_id="b" * 24, text="@space-factory build")

    assert deliver(world, body).json()["ignored"].startswith("ids of an unknown form: comment_id")


@pytest.mark.world(webhook_secrets=f"{'n' * 40},{'o' * 40}")
def test_any_of_several_secrets_opens_during_a_rotation(world: World) -> None:
    assert deliver(world, b"{}", secret="o" * 40).status_code == 400
    assert deliver(world, b"{}", secret="n" * 40).status_code == 400
    assert deliver(world, b"{}", secret="x" * 40).status_code == 401


def test_a_forged_author_spends_nobodys_money(world: World) -> None:
    world.bob.signs_in()
    world.ada.api.create_repo("ada/unheard")
    thread = world.ada.opens_discussion("ada/unheard", "just talking")
    comment = world.ada.says(thread, "@space-factory build")
    forged = json.loads(
        comment_payload(world, comment_id=comment, author_id=world.bob.id, text="@space-factory build")
    )
    forged["repo"]["name"] = "ada/unheard"

    assert deliver(world, json.dumps(forged).encode()).status_code == 202

    wait_until(lambda: "the author is someone else" in world.log.file.read_text(), "the delivery's end")
    assert world.runs() == []


def test_a_replay_storm_has_one_effect(world: World) -> None:
    thread = world.ada.opens_discussion(SENTIMENT, "hello")
    comment = world.ada.says(thread, "@space-factory help")
    body = comment_payload(
        world, comment_id=comment, author_id=world.ada.id, text="@space-factory help", num=thread.num
    )
    storm = [threading.Thread(target=deliver, args=(world, body)) for _ in range(40)]
    for each in storm:
        each.start()
    for each in storm:
        each.join()

    assert "I turn a model card into" in thread.next_reply()
    assert deliver(world, body).status_code == 202
    assert len(thread.replies()) == 1
