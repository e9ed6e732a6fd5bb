"""OAuth: the consent page, codes, tokens, and what a token may do."""

import base64
import hashlib
import json
import secrets
from collections.abc import Iterator

import httpx2
import pytest
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError
from joserfc import jwt
from joserfc.jwk import KeySet

from tests.harness.local_hub import LocalHub
from tests.localhub.around_the_hub import REDIRECT_URI, OAuthPerson, hidden_fields, sent_back


@pytest.fixture
def bob(hub: LocalHub) -> Iterator[OAuthPerson]:
    with OAuthPerson(hub, "bob") as person:
        yield person


@pytest.fixture
def redeemable() -> dict[str, str]:
    return {"grant_type": "authorization_code", "redirect_uri": REDIRECT_URI}


def test_the_consent_page_says_who_asks_for_what(bob: OAuthPerson) -> None:
    page = bob.question(scope="openid profile jobs contribute-repos", prompt="consent")

    assert page.status_code == 200
    for words in ("demo", "bob", "run Jobs in your name", "create repos", "127.0.0.1:9"):
        assert words in page.text
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]


def test_allowing_gives_a_code_and_the_state_back(bob: OAuthPerson, redeemable: dict[str, str]) -> None:
    page = bob.question(scope="openid profile email", state="abc d", nonce="n-1", prompt="consent")
    back = bob.decides(page, "allow")
    answer = bob.redeem(**redeemable, code=back["code"])

    assert back["state"] == "abc d"
    tokens = answer.json()
    assert tokens["access_token"].startswith("hf_oauth_")
    assert (tokens["token_type"], tokens["expires_in"]) == ("bearer", 8 * 3600)
    assert tokens["scope"] == "openid profile email"
    keys = KeySet.import_key_set(bob.browser.get("/oauth/jwks").json())
    claims = jwt.decode(tokens["id_token"], keys, algorithms=["RS256"]).claims
    assert (claims["sub"], claims["nonce"]) == (bob.hub.user_id("bob"), "n-1")
    assert (claims["iss"], claims["aud"]) == (bob.hub.endpoint, bob.app["client_id"])


def test_userinfo_and_whoami_know_the_bearer(bob: OAuthPerson) -> None:
    token = bob.token("openid profile email")

    about = bob.browser.get("/oauth/userinfo", headers={"Authorization": f"Bearer {token}"}).json()
    assert (about["sub"], about["preferred_username"]) == (bob.hub.user_id("bob"), "bob")
    assert "email" in about
    me = bob.hub.api(token=token).whoami()
    assert (me["name"], me["auth"]["type"]) == ("bob", "oauth")


def test_the_configuration_leads_everywhere(bob: OAuthPerson) -> None:
    known = bob.browser.get("/.well-known/openid-configuration").json()

    assert known["issuer"] == bob.hub.endpoint
    assert bob.browser.get(known["jwks_uri"]).json()["keys"][0]["kty"] == "RSA"
    assert bob.browser.post(known["token_endpoint"]).status_code == 401
    assert bob.browser.get(known["userinfo_endpoint"]).status_code == 401


def test_denying_says_so(bob: OAuthPerson) -> None:
    page = bob.question(scope="openid", state="s", prompt="consent")

    back = bob.decides(page, "deny")
    assert (back["error"], back["state"]) == ("access_denied", "s")
    assert "code" not in back


def test_what_was_allowed_is_not_asked_again_but_more_is(own_hub: LocalHub) -> None:
    with OAuthPerson(own_hub, "alice") as alice:
        alice.allows(scope="openid profile")
        again = alice.question(scope="openid")
        more = alice.question(scope="openid profile jobs")
        forced = alice.question(scope="openid", prompt="consent")
    assert "code" in sent_back(again)
    assert (more.status_code, forced.status_code) == (200, 200)


def test_a_code_works_once(bob: OAuthPerson, redeemable: dict[str, str]) -> None:
    code = bob.allows(scope="openid")

    assert bob.redeem(**redeemable, code=code).status_code == 200
    again = bob.redeem(**redeemable, code=code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


def test_a_code_needs_the_verifier_of_its_challenge(bob: OAuthPerson, redeemable: dict[str, str]) -> None:
    verifier = secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {"scope": "openid", "code_challenge": challenge, "code_challenge_method": "S256"}

    wrong = bob.redeem(**redeemable, code=bob.allows(**asked), code_verifier="another")
    missing = bob.redeem(**redeemable, code=bob.allows(**asked))
    right = bob.redeem(**redeemable, code=bob.allows(**asked), code_verifier=verifier)
    assert [answer.status_code for answer in (wrong, missing, right)] == [400, 400, 200]


def test_an_app_must_show_its_secret_and_the_same_address(
    bob: OAuthPerson, redeemable: dict[str, str]
) -> None:
    form = {**redeemable, "code": bob.allows(scope="openid")}
    impostor = {**form, "client_id": bob.app["client_id"], "client_secret": "guess"}
    honest = {**impostor, "client_secret": bob.app["client_secret"]}

    assert bob.browser.post("/oauth/token", data=impostor).json()["error"] == "invalid_client"
    assert bob.browser.post("/oauth/token", data=honest).status_code == 200
    elsewhere = {**form, "code": bob.allows(scope="openid"), "redirect_uri": "http://127.0.0.1:9/other"}
    assert bob.redeem(**elsewhere).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param({"client_id": "unknown"}, id="unknown app"),
        pytest.param({"redirect_uri": REDIRECT_URI + "/deeper"}, id="deeper address"),
        pytest.param({"redirect_uri": "https://evil.test/"}, id="other address"),
    ],
)
def test_nobody_is_sent_to_an_address_that_is_not_registered(bob: OAuthPerson, asked: dict[str, str]) -> None:
    answer = bob.question(scope="openid", **asked)

    assert answer.status_code == 400
    assert "location" not in answer.headers
    assert "cannot go on" in answer.text


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"scope": "openid take-over"}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge": "x", "code_challenge_method": "plain"}, "invalid_request"),
        ({"prompt": "none"}, "login_required"),
    ],
)
def test_a_wrong_question_goes_back_with_its_error(
    bob: OAuthPerson, asked: dict[str, str], error: str
) -> None:
    answer = bob.question(**{"scope": "openid", "state": "s", **asked})

    assert (sent_back(answer)["error"], sent_back(answer)["state"]) == (error, "s")


def test_consent_needs_the_form_of_this_very_browser(bob: OAuthPerson) -> None:
    fields = hidden_fields(bob.question(scope="openid", prompt="consent").text) | {"decision": "allow"}

    forged = bob.browser.post("/oauth/authorize", data={**fields, "csrf": "guess"})
    from_elsewhere = bob.browser.post(
        "/oauth/authorize", data=fields, headers={"Origin": "https://evil.test"}
    )
    signed_out = httpx2.post(f"{bob.hub.endpoint}/oauth/authorize", data=fields, trust_env=False)
    assert [answer.status_code for answer in (forged, from_elsewhere, signed_out)] == [403, 403, 403]


@pytest.mark.parametrize("target", ["https://evil.test/", "//evil.test/", "/\\evil.test/"])
def test_signing_in_never_leads_to_another_site(bob: OAuthPerson, target: str) -> None:
    answer = bob.browser.post("/login", data={"username": "bob", "next": target})

    assert answer.headers["location"] == "/"


def test_signing_out_ends_the_session(bob: OAuthPerson) -> None:
    csrf = hidden_fields(bob.question(scope="openid", prompt="consent").text)["csrf"]
    assert bob.browser.post("/logout", data={"csrf": csrf}).status_code == 303

    fresh = bob.browser.get(
        "/oauth/authorize", params={"client_id": bob.app["client_id"], "redirect_uri": REDIRECT_URI}
    )
    assert fresh.headers["location"].startswith("/login?next=")


def test_a_refresh_token_rotates(bob: OAuthPerson, redeemable: dict[str, str]) -> None:
    first = bob.redeem(**redeemable, code=bob.allows(scope="openid jobs")).json()
    second = bob.redeem(grant_type="refresh_token", refresh_token=first["refresh_token"]).json()
    again = bob.redeem(grant_type="refresh_token", refresh_token=first["refresh_token"])

    assert second["scope"] == "openid jobs"
    assert second["access_token"] != first["access_token"]
    assert bob.hub.api(token=second["access_token"]).whoami()["name"] == "bob"
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


def test_a_token_ends_when_it_was_said_to(own_hub: LocalHub) -> None:
    own_hub.arguments += ["--oauth-expires", "0"]
    own_hub.restart()

    with OAuthPerson(own_hub, "bob") as bob, pytest.raises(HfHubHTTPError, match="Invalid user token"):
        own_hub.api(token=bob.token("openid")).whoami()


def test_contribute_repos_reaches_what_its_app_made(bob: OAuthPerson) -> None:
    own, other = (f"bob/{kind}-{secrets.token_hex(4)}" for kind in ("made-by-app", "older"))
    bob.hub.api("bob").create_repo(other, private=True)
    public = f"{other}-public"
    bob.hub.api("bob").create_repo(public)
    api = bob.hub.api(token=bob.token("openid contribute-repos"))

    api.create_repo(own, private=True)
    api.upload_file(path_or_fileobj=b"1", path_in_repo="a.txt", repo_id=own)
    assert api.model_info(own).private
    with pytest.raises(RepositoryNotFoundError):
        api.model_info(other)
    assert api.model_info(public).id == public
    with pytest.raises(HfHubHTTPError, match="write-repos or manage-repos"):
        api.upload_file(path_or_fileobj=b"1", path_in_repo="a.txt", repo_id=public)
    with pytest.raises(HfHubHTTPError, match="manage-repos"):
        api.delete_repo(own)
    bob.hub.api(token=bob.token("manage-repos")).delete_repo(own)


def test_scopes_open_only_their_doors(bob: OAuthPerson, model: str) -> None:
    private = f"bob/private-{secrets.token_hex(4)}"
    bob.hub.api("bob").create_repo(private, private=True)
    bare = bob.hub.api(token=bob.token("openid profile"))

    assert bare.model_info(model).id == model
    for refused, scope in [
        (lambda: bare.create_repo(f"{private}-new"), "manage-repos or contribute-repos"),
        (lambda: bare.create_discussion(model, "A question"), "write-discussions"),
        (bare.list_webhooks, "webhooks"),
    ]:
        with pytest.raises(HfHubHTTPError, match=f"missing the required scope: {scope}"):
            refused()
    with pytest.raises(RepositoryNotFoundError):
        bare.model_info(private)

    reader = bob.hub.api(token=bob.token("read-repos"))
    assert reader.model_info(private).private
    with pytest.raises(HfHubHTTPError, match="write-repos"):
        reader.upload_file(path_or_fileobj=b"1", path_in_repo="a.txt", repo_id=private)
    talker = bob.hub.api(token=bob.token("write-discussions"))
    assert talker.create_discussion(model, "A question").num == 1
    assert bob.hub.api(token=bob.token("webhooks")).list_webhooks() == []


def test_no_other_persons_account_is_reached(bob: OAuthPerson, model: str) -> None:
    api = bob.hub.api(token=bob.token("manage-repos write-repos"))

    with pytest.raises(HfHubHTTPError) as refused:
        api.upload_file(path_or_fileobj=b"1", path_in_repo="a.txt", repo_id=model)
    assert refused.value.response.status_code == 403
    with pytest.raises(HfHubHTTPError, match="don't have the rights"):
        api.create_repo("alice/not-mine")


def test_apps_keep_their_id_and_secret(own_hub: LocalHub) -> None:
    before = json.dumps(own_hub.ready["oauth"])
    own_hub.restart()

    assert json.dumps(own_hub.ready["oauth"]) == before
