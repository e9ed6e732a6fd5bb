"""Gated repos: asking, granting, refusing, and what the files' readers meet."""

from pathlib import Path

import pytest
from huggingface_hub.errors import GatedRepoError, HfHubHTTPError

from tests.harness.local_hub import LocalHub


def ask(hub: LocalHub, model: str, who: str) -> str:
    with hub.browser() as browser:
        headers = {"Authorization": f"Bearer {hub.token(who)}"}
        return str(browser.post(f"/{model}/ask-access", headers=headers).json()["status"])


def refusal(hub: LocalHub, model: str, where: Path) -> str:
    with pytest.raises(GatedRepoError) as refused:
        hub.api("bob").hf_hub_download(model, ".gitattributes", cache_dir=where)
    return str(refused.value)


def test_a_manual_gate_opens_when_its_owner_accepts_and_closes_when_rejected(
    hub: LocalHub, model: str, tmp_path: Path
) -> None:
    alice, bob = hub.api("alice"), hub.api("bob")
    alice.update_repo_settings(model, gated="manual")
    assert "not in the authorized list" in refusal(hub, model, tmp_path)
    assert ask(hub, model, "bob") == "pending"
    assert "awaiting a review" in refusal(hub, model, tmp_path)
    [request] = alice.list_pending_access_requests(model)
    assert (request.username, request.email) == ("bob", "bob@localhost")

    alice.accept_access_request(model, "bob")
    assert Path(bob.hf_hub_download(model, ".gitattributes", cache_dir=tmp_path)).exists()
    bob.auth_check(model)

    alice.reject_access_request(model, "bob", rejection_reason="No")
    with pytest.raises(GatedRepoError, match="has been rejected"):
        bob.auth_check(model)


def test_one_takes_back_a_request_that_nobody_has_decided_about(hub: LocalHub, model: str) -> None:
    alice, headers = hub.api("alice"), {"Authorization": f"Bearer {hub.token('bob')}"}
    alice.update_repo_settings(model, gated="manual")
    ask(hub, model, "bob")
    address = f"/api/models/{model}/user-access-request/cancel"
    with hub.browser() as browser:
        assert browser.post(address, headers=headers).json() == {"success": True}
        assert list(alice.list_pending_access_requests(model)) == []
        assert browser.post(address, headers=headers).status_code == 404
        ask(hub, model, "bob")
        alice.reject_access_request(model, "bob", rejection_reason=None)
        assert browser.post(address, headers=headers).status_code == 404


def test_an_automatic_gate_opens_to_whoever_asks(hub: LocalHub, model: str) -> None:
    hub.api("alice").update_repo_settings(model, gated="auto")
    with pytest.raises(GatedRepoError):
        hub.api("bob").auth_check(model)
    assert ask(hub, model, "bob") == "accepted"
    hub.api("bob").auth_check(model)


def test_a_grant_needs_a_person_who_has_no_access_yet(hub: LocalHub, model: str) -> None:
    alice = hub.api("alice")
    with pytest.raises(HfHubHTTPError, match="not gated"):
        alice.grant_access(model, "bob")
    alice.update_repo_settings(model, gated="manual")
    alice.grant_access(model, "bob")
    with pytest.raises(HfHubHTTPError, match="already has access"):
        alice.grant_access(model, "bob")
    with pytest.raises(HfHubHTTPError) as refused:
        alice.grant_access(model, "nobody-here")
    assert refused.value.response.status_code == 404


def test_only_writers_see_the_requests(hub: LocalHub, model: str) -> None:
    hub.api("alice").update_repo_settings(model, gated="manual")
    with pytest.raises(HfHubHTTPError) as refused:
        list(hub.api("bob").list_pending_access_requests(model))
    assert refused.value.response.status_code == 403
