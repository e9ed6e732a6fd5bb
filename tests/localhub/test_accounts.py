"""Who is calling, and who may enter."""

import pytest
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError

from tests.harness.local_hub import LocalHub


def test_whoami_knows_the_person_and_their_organisations(hub: LocalHub) -> None:
    me = hub.api("alice").whoami()

    assert (me["name"], me["type"], me["auth"]["type"]) == ("alice", "user", "access_token")
    assert [org["name"] for org in me["orgs"]] == ["acme"]


def test_an_unknown_token_is_refused_by_name(hub: LocalHub) -> None:
    with pytest.raises(HfHubHTTPError, match="Invalid user token") as refused:
        hub.api(token="hf_wrong").whoami()

    assert refused.value.response.status_code == 401
    assert refused.value.response.json() == {"error": "Invalid credentials in Authorization header"}


def test_a_user_is_found_by_name_and_by_id(hub: LocalHub) -> None:
    with hub.browser() as browser:
        by_id = browser.get(f"/api/users/{hub.user_id('bob')}/overview").json()

    assert by_id["user"] == "bob"
    assert hub.api().get_user_overview("bob").username == "bob"


def test_auth_check_separates_reading_from_writing(hub: LocalHub, model: str) -> None:
    hub.api("bob").auth_check(model)
    hub.api("alice").auth_check(model, write=True)

    with pytest.raises(HfHubHTTPError) as refused:
        hub.api("bob").auth_check(model, write=True)
    assert refused.value.response.status_code == 403


def test_a_private_repo_does_not_exist_for_others(hub: LocalHub, model: str) -> None:
    hub.api("alice").update_repo_settings(model, private=True)

    assert hub.api("alice").model_info(model).private
    for stranger in (hub.api("bob"), hub.api()):
        with pytest.raises(RepositoryNotFoundError):
            stranger.model_info(model)
        with pytest.raises(RepositoryNotFoundError):
            stranger.auth_check(model)
        assert model not in [found.id for found in stranger.list_models(author="alice")]


def test_members_share_what_their_organisation_owns(hub: LocalHub) -> None:
    hub.api("alice").create_repo("acme/shared", private=True)

    assert hub.api("alice").model_info("acme/shared").author == "acme"
    with pytest.raises(RepositoryNotFoundError):
        hub.api("bob").model_info("acme/shared")
    with pytest.raises(HfHubHTTPError, match="don't have the rights"):
        hub.api("bob").create_repo("acme/other")


def test_what_the_hub_does_not_have_is_answered_by_name(hub: LocalHub) -> None:
    with pytest.raises(HfHubHTTPError, match="does not have GET /api/daily_papers yet") as refused:
        list(hub.api("alice").list_daily_papers())

    assert refused.value.response.status_code == 501


def test_every_answer_carries_an_exact_date_and_rate_limits(hub: LocalHub) -> None:
    with hub.browser() as browser:
        answer = browser.get("/api/agent-harnesses")

    assert {"date", "ratelimit", "ratelimit-policy"} <= set(answer.headers)
