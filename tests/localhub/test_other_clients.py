"""What clients in browsers and in JavaScript send, beyond what the Python client does."""

import base64
import hashlib
import secrets
from collections.abc import Iterator

import httpx2
import pytest

from tests.harness.local_hub import LocalHub
from tests.localhub.around_the_hub import REDIRECT_URI, OAuthPerson


@pytest.fixture
def alice(hub: LocalHub) -> Iterator[httpx2.Client]:
    """Plain HTTP with alice's token."""
    with hub.browser() as client:
        client.headers["Authorization"] = f"Bearer {hub.token('alice')}"
        yield client


def test_a_page_of_another_address_may_call_the_api_but_not_steer_the_hub(
    hub: LocalHub, model: str, alice: httpx2.Client
) -> None:
    origin = {"Origin": "https://app.example"}
    asks = {
        **origin,
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "authorization",
    }
    allowed = "access-control-allow-origin"
    for path in (f"/api/models/{model}", f"/{model}/resolve/main/.gitattributes", "/oauth/token"):
        answer = alice.options(path, headers=asks)
        assert (answer.status_code, answer.headers[allowed]) == (200, "*"), path
        assert "access-control-allow-credentials" not in answer.headers
    read = alice.get(f"/{model}/resolve/main/.gitattributes", headers=origin)
    assert "X-Repo-Commit" in read.headers["access-control-expose-headers"]
    for path in ("/__journal", "/login", f"/{model}"):
        assert allowed not in alice.get(path, headers=origin).headers, path


def test_an_answer_carries_the_id_that_its_request_had(hub: LocalHub, alice: httpx2.Client) -> None:
    for header in ("X-Request-Id", "X-Amzn-Trace-Id"):
        assert alice.get("/api/models", headers={header: "my-id"}).headers["x-request-id"] == "my-id"
    odd = alice.get("/api/whoami-v2", headers={"X-Request-Id": "<b>", "Authorization": "Bearer hf_x"})
    assert odd.headers["x-request-id"].startswith("Root=1-")


def test_an_app_without_a_server_redeems_its_code_by_proof_alone(hub: LocalHub) -> None:
    verifier = secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    proof = {"code_challenge": challenge, "code_challenge_method": "S256"}
    form = {"grant_type": "authorization_code", "redirect_uri": REDIRECT_URI}
    with OAuthPerson(hub, "alice") as person, hub.browser() as page:
        code = person.allows(scope="openid", **proof)
        token = page.post("/oauth/token", data={**form, "code": code, "code_verifier": verifier}).json()
        assert hub.api(token=token["access_token"]).whoami()["name"] == "alice"

        code = person.allows(scope="openid", **proof)
        guessed = page.post("/oauth/token", data={**form, "code": code, "code_verifier": "guess"})
        assert guessed.json()["error"] == "invalid_grant"
        code = person.allows(scope="openid")
        unproven = page.post("/oauth/token", data={**form, "code": code})
        assert unproven.json()["error"] == "invalid_client"


def test_a_repo_is_created_with_a_license_and_files(hub: LocalHub, alice: httpx2.Client) -> None:
    file = {"path": "a/b.txt", "content": base64.b64encode(b"hello").decode(), "encoding": "base64"}
    body = {"name": f"made-{secrets.token_hex(4)}", "type": "model", "license": "mit", "files": [file]}
    made = alice.post("/api/repos/create", json=body).json()["name"]
    info = hub.api().model_info(made)
    assert info.card_data is not None
    assert info.card_data.license == "mit"
    assert alice.get(f"/{made}/resolve/HEAD/a/b.txt").content == b"hello"
    climbing = {**body, "name": "x", "files": [{**file, "path": "../x"}]}
    assert alice.post("/api/repos/create", json=climbing).status_code == 422


def test_a_branch_can_begin_empty_and_take_anothers_place(
    hub: LocalHub, model: str, alice: httpx2.Client
) -> None:
    address = f"/api/models/{model}/branch/dev"
    assert alice.post(address, json={"emptyBranch": True}).status_code == 200
    assert hub.api().list_repo_files(model, revision="dev") == []
    assert alice.post(address, json={}).status_code == 409
    assert alice.post(address, json={"overwrite": True}).status_code == 200
    assert hub.api().list_repo_files(model, revision="dev") == []
    assert alice.post(address, json={"overwrite": True, "startingPoint": "main"}).status_code == 200
    assert hub.api().list_repo_files(model, revision="dev") == [".gitattributes"]


def test_a_name_with_backslashes_is_a_name_but_none_that_climbs(hub: LocalHub, model: str) -> None:
    api = hub.api("alice")
    api.upload_file(path_or_fileobj=b"x", path_in_repo="folder/..\\file", repo_id=model)
    assert "folder/..\\file" in api.list_repo_files(model)
    with pytest.raises(httpx2.HTTPError) as refused:
        api.upload_file(path_or_fileobj=b"x", path_in_repo="..\\file", repo_id=model)
    assert refused.value.response.status_code == 422  # type: ignore[attr-defined]  # the client's own error


def test_a_card_is_checked_in_json_and_in_words(hub: LocalHub, model: str, alice: httpx2.Client) -> None:
    card = {"content": "---\nlicense: mine\n---\n", "repoType": "model"}
    for accept, begins in (("*/*", '{"error":'), ("text/plain", '- Error: "license" must be one of [')):
        answer = alice.post("/api/validate-yaml", json=card, headers={"Accept": accept})
        assert answer.status_code == 400
        assert answer.text.startswith(begins)
    with pytest.raises(ValueError, match="must be one of"):
        hub.api("alice").upload_file(
            path_or_fileobj=card["content"].encode(), path_in_repo="README.md", repo_id=model
        )
    own_terms = {"content": "---\nlicense: other\nlicense_name: mine\n---\n"}
    assert alice.post("/api/validate-yaml", json=own_terms).json() == {"errors": [], "warnings": []}


def test_the_tasks_are_named_and_no_model_is_recommended(alice: httpx2.Client) -> None:
    tasks = alice.get("/api/tasks").json()
    assert {"text-classification", "text-to-image"} <= set(tasks)
    assert not any(task["widgetModels"] for task in tasks.values())
