"""Connected apps: what a person lets in, they can put out, at once and for good."""

from collections.abc import Iterator

import httpx2
import pytest
from huggingface_hub.errors import HfHubHTTPError

from tests.harness.local_hub import LocalHub
from tests.localhub.around_the_hub import REDIRECT_URI, OAuthPerson, hidden_fields


@pytest.fixture
def alice(own_hub: LocalHub) -> Iterator[OAuthPerson]:
    with OAuthPerson(own_hub, "alice") as person:
        yield person


def revoke(person: OAuthPerson) -> httpx2.Response:
    csrf = hidden_fields(person.browser.get("/settings").text)["csrf"]
    address = f"/settings/connected-apps/{person.app['client_id']}/revoke"
    return person.browser.post(address, data={"csrf": csrf})


def test_revoking_ends_every_token_of_the_app_at_once(own_hub: LocalHub, alice: OAuthPerson) -> None:
    code = alice.allows(scope="openid jobs")
    tokens = alice.redeem(grant_type="authorization_code", code=code, redirect_uri=REDIRECT_URI).json()
    other = alice.token("openid")
    unused = alice.allows(scope="openid")
    with OAuthPerson(own_hub, "bob") as bob:
        of_bob = bob.token("openid")
    assert "demo" in alice.browser.get("/settings").text

    assert revoke(alice).status_code == 303

    for token in (tokens["access_token"], other):
        with pytest.raises(HfHubHTTPError, match="Invalid user token"):
            own_hub.api(token=token).whoami()
    refreshed = alice.redeem(grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    redeemed = alice.redeem(grant_type="authorization_code", code=unused, redirect_uri=REDIRECT_URI)
    assert [answer.json()["error"] for answer in (refreshed, redeemed)] == ["invalid_grant"] * 2
    assert own_hub.api(token=of_bob).whoami()["name"] == "bob"
    assert own_hub.api("alice").whoami()["name"] == "alice"


def test_after_revoking_the_person_is_asked_again(alice: OAuthPerson) -> None:
    alice.allows(scope="openid")
    revoke(alice)

    assert "Allow demo?" in alice.question(scope="openid").text
    assert "You have not let any app in" in alice.browser.get("/settings").text
    assert revoke(alice).status_code == 404


def test_revoking_lasts_over_a_restart(own_hub: LocalHub, alice: OAuthPerson) -> None:
    token = alice.token("openid")
    revoke(alice)
    own_hub.restart()

    with pytest.raises(HfHubHTTPError, match="Invalid user token"):
        own_hub.api(token=token).whoami()


def test_only_the_person_themselves_can_revoke(own_hub: LocalHub, alice: OAuthPerson) -> None:
    token = alice.token("openid")
    address = f"/settings/connected-apps/{alice.app['client_id']}/revoke"

    assert alice.browser.post(address, data={"csrf": "guess"}).status_code == 403
    with own_hub.browser() as stranger:
        assert stranger.post(address).status_code == 401
    assert own_hub.api(token=token).whoami()["name"] == "alice"
