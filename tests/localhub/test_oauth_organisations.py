"""People choose in which of their organisations an app may act for them."""

from collections.abc import Iterator
from typing import Any

import pytest
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError

from tests.harness.local_hub import LocalHub
from tests.localhub.around_the_hub import REDIRECT_URI, OAuthPerson, hidden_fields, sent_back

SCOPE = "openid profile manage-repos"


@pytest.fixture
def alice(own_hub: LocalHub) -> Iterator[OAuthPerson]:
    own_hub.api("alice").create_repo("acme/secret", private=True)
    with OAuthPerson(own_hub, "alice") as person:
        yield person


def token(person: OAuthPerson, back: dict[str, str]) -> str:
    form = {"grant_type": "authorization_code", "code": back["code"], "redirect_uri": REDIRECT_URI}
    return str(person.redeem(**form).json()["access_token"])


def allow_without_acme(person: OAuthPerson, **asked: str) -> dict[str, str]:
    """Press "allow" with acme left out; returns what goes back to the app."""
    fields: dict[str, Any] = hidden_fields(person.question(scope=SCOPE, **asked).text)
    form = {**fields, "left_out": "acme", "decision": "allow"}
    return sent_back(person.browser.post("/oauth/authorize", data=form))


def acme_id(hub: LocalHub) -> str:
    return str(hub.api("alice").whoami()["orgs"][0]["id"])


def test_an_organisation_that_is_left_out_is_out_of_reach(own_hub: LocalHub, alice: OAuthPerson) -> None:
    api = own_hub.api(token=token(alice, allow_without_acme(alice)))
    assert api.whoami()["orgs"] == []
    with pytest.raises(RepositoryNotFoundError):
        api.model_info("acme/secret")
    with pytest.raises(HfHubHTTPError) as refused:
        api.create_repo("acme/new")
    assert refused.value.response.status_code == 403
    assert api.create_repo("alice/new").repo_id == "alice/new"
    with own_hub.browser() as browser:
        headers = {"Authorization": f"Bearer {api.token}"}
        assert browser.get("/oauth/userinfo", headers=headers).json()["orgs"] == []


def test_the_choice_is_remembered_and_holds_for_refreshed_tokens(
    own_hub: LocalHub, alice: OAuthPerson
) -> None:
    allow_without_acme(alice)
    again = sent_back(alice.question(scope=SCOPE))
    form = {"grant_type": "authorization_code", "code": again["code"], "redirect_uri": REDIRECT_URI}
    first = alice.redeem(**form).json()
    fresh = alice.redeem(grant_type="refresh_token", refresh_token=first["refresh_token"]).json()
    for value in (first["access_token"], fresh["access_token"]):
        assert own_hub.api(token=value).whoami()["orgs"] == []


def test_an_app_that_needs_an_organisation_is_not_let_in_without_it(
    own_hub: LocalHub, alice: OAuthPerson
) -> None:
    allow_without_acme(alice)
    page = alice.question(scope=SCOPE, orgIds=acme_id(own_hub))
    assert "which it needs" in page.text
    back = allow_without_acme(alice, orgIds=acme_id(own_hub))
    assert own_hub.api(token=token(alice, back)).model_info("acme/secret").private
