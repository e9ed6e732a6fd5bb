"""Webhooks: what is delivered, to whom, and that a delivery is not lost."""

import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from huggingface_hub import CommitOperationAdd, WebhookInfo, WebhookPayload
from huggingface_hub.errors import HfHubHTTPError

from tests.harness.local_hub import LocalHub
from tests.harness.waiting import wait_until
from tests.localhub.around_the_hub import Receiver, receiver


@pytest.fixture
def watching(hub: LocalHub, model: str, listener: Receiver) -> Iterator[WebhookInfo]:
    """A webhook of bob's on alice's model."""
    api = hub.api("bob")
    webhook = api.create_webhook(
        url=listener.url,
        watched=[{"type": "model", "name": model}],
        domains=["repo", "discussion"],
        secret="tell-nobody",
    )
    yield webhook
    api.delete_webhook(webhook.id)


def journal(hub: LocalHub, webhook_id: str, name: str = "bob") -> list[dict[str, Any]]:
    with hub.browser() as browser:
        headers = {"Authorization": f"Bearer {hub.token(name)}"}
        answer = browser.get(f"/api/settings/webhooks/{webhook_id}/deliveries", headers=headers)
    found: list[dict[str, Any]] = answer.json()
    return found


def test_a_webhook_is_set_up_changed_and_deleted(hub: LocalHub) -> None:
    api = hub.api("bob")
    made = api.create_webhook(
        url="http://127.0.0.1:9/", watched=[{"type": "user", "name": "alice"}], secret="s"
    )
    assert (made.url, made.disabled, made.secret) == ("http://127.0.0.1:9/", False, "s")
    assert [(item.type, item.name) for item in made.watched] == [("user", "alice")]
    assert made.domains == ["repo", "discussion"]

    changed = api.update_webhook(
        made.id, url="https://example.test/x", watched=[{"type": "org", "name": "acme"}]
    )
    assert (changed.url, changed.secret) == ("https://example.test/x", "s")
    assert api.disable_webhook(made.id).disabled
    assert not api.enable_webhook(made.id).disabled
    assert made.id in [webhook.id for webhook in api.list_webhooks()]
    assert made.id not in [webhook.id for webhook in hub.api("alice").list_webhooks()]
    with pytest.raises(HfHubHTTPError) as refused:
        hub.api("alice").get_webhook(made.id)
    assert refused.value.response.status_code == 404

    api.delete_webhook(made.id)
    with pytest.raises(HfHubHTTPError):
        api.get_webhook(made.id)


@pytest.mark.parametrize(
    "url", ["ftp://example.test/", "file:///etc/passwd", "nonsense", "http://", "http://[::1"]
)
def test_an_address_that_is_not_the_web_is_refused(hub: LocalHub, url: str) -> None:
    with pytest.raises(HfHubHTTPError, match="must begin with http"):
        hub.api("bob").create_webhook(url=url, watched=[])


def test_a_comment_arrives_as_documented(
    hub: LocalHub, model: str, listener: Receiver, watching: WebhookInfo
) -> None:
    discussion = hub.api("bob").create_discussion(model, "deploy please", description="the opening")
    opening = listener.next()
    comment = hub.api("alice").comment_discussion(model, discussion.num, "@bot deploy")
    headers, body = listener.next_with_headers()

    assert opening["event"] == {"action": "create", "scope": "discussion"}
    assert opening["comment"]["content"] == "the opening"
    assert headers["x-webhook-secret"] == "tell-nobody"
    WebhookPayload.model_validate(body)
    web, api = f"{hub.endpoint}/{model}", f"{hub.endpoint}/api/models/{model}"
    ids = {"repo": body["repo"]["id"], "discussion": body["discussion"]["id"]}
    assert all(len(value) == 24 for value in ids.values())
    assert body == {
        "event": {"action": "create", "scope": "discussion.comment"},
        "repo": {
            "type": "model",
            "name": model,
            "id": ids["repo"],
            "private": False,
            "url": {"web": web, "api": api},
            "owner": {"id": hub.user_id("alice")},
        },
        "discussion": {
            "id": ids["discussion"],
            "title": "deploy please",
            "num": 1,
            "status": "open",
            "isPullRequest": False,
            "author": {"id": hub.user_id("bob")},
            "url": {"web": f"{web}/discussions/1", "api": f"{api}/discussions/1"},
        },
        "comment": {
            "id": comment.id,
            "author": {"id": hub.user_id("alice")},
            "content": "@bot deploy",
            "hidden": False,
            "url": {"web": f"{web}/discussions/1#{comment.id}"},
        },
        "webhook": {"id": watching.id, "version": 3},
    }


def test_edits_and_hiding_arrive_as_updates(
    hub: LocalHub, model: str, listener: Receiver, watching: WebhookInfo
) -> None:
    num = hub.api("bob").create_discussion(model, "A question", description="one").num
    comment = listener.next()["comment"]["id"]
    hub.api("bob").edit_discussion_comment(model, num, comment, "two")
    edited = listener.next()
    with pytest.warns(UserWarning, match="irreversible"):
        hub.api("bob").hide_discussion_comment(model, num, comment)
    hidden = listener.next()
    hub.api("bob").change_discussion_status(model, num, "closed")
    closed = listener.next()

    assert edited["event"] == {"action": "update", "scope": "discussion.comment"}
    assert edited["comment"]["content"] == "two"
    assert hidden["comment"]["hidden"]
    assert "content" not in hidden["comment"]
    assert (closed["event"]["scope"], closed["discussion"]["status"]) == ("discussion", "closed")
    assert "comment" not in closed


def test_commits_tags_and_settings_arrive_with_what_changed(
    hub: LocalHub, model: str, listener: Receiver, watching: WebhookInfo
) -> None:
    api = hub.api("alice")
    old = api.model_info(model).sha
    new = api.upload_file(path_or_fileobj=b"1", path_in_repo="a.txt", repo_id=model).oid
    pushed = listener.next()
    api.create_tag(model, tag="v1")
    tagged = listener.next()
    api.delete_tag(model, tag="v1")
    untagged = listener.next()
    api.update_repo_settings(model, gated="auto")
    configured = listener.next()

    WebhookPayload.model_validate(pushed)
    assert pushed["event"] == {"action": "update", "scope": "repo.content"}
    assert pushed["repo"]["headSha"] == new
    assert pushed["updatedRefs"] == [{"ref": "refs/heads/main", "oldSha": old, "newSha": new}]
    assert tagged["updatedRefs"] == [{"ref": "refs/tags/v1", "oldSha": None, "newSha": new}]
    assert untagged["updatedRefs"] == [{"ref": "refs/tags/v1", "oldSha": new, "newSha": None}]
    assert (configured["event"]["scope"], configured["updatedConfig"]) == ("repo.config", {})


def test_a_watched_owner_covers_every_kind_of_repo(hub: LocalHub, listener: Receiver) -> None:
    webhook = hub.api("bob").create_webhook(
        url=listener.url, watched=[{"type": "org", "name": "acme"}], domains=["repo"]
    )
    name = f"acme/space-{secrets.token_hex(4)}"
    hub.api("alice").create_repo(name, repo_type="space", space_sdk="gradio")
    created = listener.next()
    hub.api("alice").create_discussion(name, "Not a repo event", repo_type="space")
    hub.api("alice").delete_repo(name, repo_type="space")
    deleted = listener.next()
    hub.api("bob").delete_webhook(webhook.id)

    assert created["event"] == {"action": "create", "scope": "repo"}
    assert (created["repo"]["type"], created["repo"]["name"]) == ("space", name)
    assert created["repo"]["subdomain"] == name.replace("/", "-")
    assert deleted["event"] == {"action": "delete", "scope": "repo"}


def test_only_what_is_watched_and_may_be_seen_is_told(
    hub: LocalHub, model: str, listener: Receiver, watching: WebhookInfo
) -> None:
    api = hub.api("alice")
    other = f"{model}-other"
    api.create_repo(other)
    api.create_discussion(other, "Not watched")
    api.update_repo_settings(model, private=True)
    api.create_discussion(model, "Private now")
    api.update_repo_settings(model, private=False)

    assert listener.next()["updatedConfig"] == {"private": False}
    hub.api("bob").disable_webhook(watching.id)
    api.create_discussion(model, "Switched off")
    hub.api("bob").enable_webhook(watching.id)
    api.create_discussion(model, "Switched on")
    assert listener.next()["discussion"]["title"] == "Switched on"


def test_a_refused_delivery_is_tried_again_and_on_record(
    hub: LocalHub, model: str, listener: Receiver, watching: WebhookInfo
) -> None:
    listener.statuses = [500, 302]
    hub.api("bob").create_discussion(model, "Try again")
    bodies = [listener.next_with_headers() for _ in range(3)]

    assert {headers["path"] for headers, _ in bodies} == {"/hook"}
    assert bodies[0][1] == bodies[1][1] == bodies[2][1]
    [delivery] = wait_until(
        lambda: [entry for entry in journal(hub, watching.id) if entry["status"] == "delivered"],
        what="the journal says so",
    )
    assert [attempt["status"] for attempt in delivery["attempts"]] == [500, 302, 200]
    assert "tell-nobody" not in str(delivery)


def test_an_old_delivery_is_sent_again_on_request(
    hub: LocalHub, model: str, listener: Receiver, watching: WebhookInfo
) -> None:
    hub.api("bob").create_discussion(model, "Once more")
    first = listener.next()
    [delivery] = journal(hub, watching.id)
    with hub.browser() as browser:
        address = f"/api/settings/webhooks/{watching.id}/deliveries/{delivery['id']}/replay"
        browser.post(address, headers={"Authorization": f"Bearer {hub.token('bob')}"}).raise_for_status()

    assert listener.next() == first


def test_a_pending_delivery_survives_a_restart(own_hub: LocalHub) -> None:
    with receiver() as hears:
        hears.statuses = [503]
        api = own_hub.api("alice")
        api.create_repo("alice/m")
        webhook = api.create_webhook(url=hears.url, watched=[{"type": "user", "name": "alice"}])
        operations = [CommitOperationAdd(path_in_repo="a.txt", path_or_fileobj=b"1")]
        api.create_commit("alice/m", operations, commit_message="x")
        before = hears.next()
        wait_until(
            lambda: journal(own_hub, webhook.id, "alice")[0]["attempts"] or None,
            what="the refusal is on record",
        )
        own_hub.restart()

        assert hears.next() == before
