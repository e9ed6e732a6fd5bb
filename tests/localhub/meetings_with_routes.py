"""Meetings with switches that concern routes, people and repos."""

import secrets
import time

import httpx2
import pytest
from huggingface_hub.errors import RepositoryNotFoundError
from huggingface_hub.utils import parse_ratelimit_headers

from bot.localhub.misbehaviour import Switch
from tests.harness.waiting import wait_until
from tests.localhub.around_the_hub import REDIRECT_URI, OAuthPerson
from tests.localhub.meetings import Scene, meets, refused

INFO = "GET /api/models/*/*"


@meets(Switch.STATUS)
def a_server_error_passes(scene: Scene) -> None:
    scene.set(Switch.STATUS, route=INFO, status=502, after=1, times=2)
    scene.alice.model_info(scene.model)
    for _ in range(2):
        refused(502, lambda: scene.alice.model_info(scene.model))
    scene.alice.model_info(scene.model)

    scene.set(Switch.STATUS, route="GET /api/models/*/*/tree/**", times=1)
    assert list(scene.alice.list_repo_tree(scene.model)), "the client tries again by itself"


@meets(Switch.RATE_LIMITED)
def too_many_requests(scene: Scene) -> None:
    scene.set(Switch.RATE_LIMITED, route="GET /api/whoami-v2", seconds=7)
    error = refused(429, scene.alice.whoami, match="rate limit for the /whoami-v2 endpoint")
    told = parse_ratelimit_headers(error.response.headers)
    assert told is not None
    assert (told.remaining, told.reset_in_seconds) == (0, 7)
    scene.alice.model_info(scene.model)

    scene.set(Switch.RATE_LIMITED, route="POST /api/*/*/*/discussions/*/comment", times=1)
    num = scene.alice.create_discussion(scene.model, "A question").num
    refused(429, lambda: scene.alice.comment_discussion(scene.model, num, "hello"))
    scene.alice.comment_discussion(scene.model, num, "hello")

    scene.set(Switch.RATE_LIMITED, user="alice")
    refused(429, lambda: scene.alice.model_info(scene.model))
    scene.hub.api("bob").model_info(scene.model)


@meets(Switch.SLOW_ANSWER)
def a_slow_answer(scene: Scene) -> None:
    scene.set(Switch.SLOW_ANSWER, route=INFO, seconds=2, times=1)
    with pytest.raises(httpx2.ReadTimeout):
        scene.alice.model_info(scene.model, timeout=0.2)
    scene.alice.model_info(scene.model, timeout=5)


@meets(Switch.SLOW_BODY)
def a_slow_body(scene: Scene) -> None:
    scene.set(Switch.SLOW_BODY, route=INFO, seconds=0.6)
    began = time.monotonic()
    assert scene.alice.model_info(scene.model).id == scene.model
    assert time.monotonic() - began > 0.5


@meets(Switch.TRUNCATED_BODY)
def half_a_body(scene: Scene) -> None:
    scene.set(Switch.TRUNCATED_BODY, route=INFO, times=1)
    with pytest.raises(httpx2.RemoteProtocolError, match="without sending complete message body"):
        scene.alice.model_info(scene.model)
    scene.alice.model_info(scene.model)


@meets(Switch.CLOSED_CONNECTION)
def no_answer_at_all(scene: Scene) -> None:
    scene.set(Switch.CLOSED_CONNECTION, route=INFO, times=1)
    with pytest.raises(httpx2.RemoteProtocolError, match="without sending a response"):
        scene.alice.model_info(scene.model)
    scene.alice.model_info(scene.model)


@meets(Switch.OAUTH_REFUSED)
def an_apps_token_on_hardware(scene: Scene) -> None:
    """It is on from the start."""
    space = f"alice/space-{secrets.token_hex(4)}"
    scene.alice.create_repo(space, repo_type="space", space_sdk="static")
    with OAuthPerson(scene.hub, "alice") as alice:
        app = scene.hub.api(token=alice.token("openid manage-repos write-repos"))
    refused(401, lambda: app.restart_space(space), match="Invalid username or password")
    refused(401, lambda: app.set_space_sleep_time(space, 300), match="Invalid username or password")
    refused(401, lambda: app.request_space_hardware(space, "cpu-basic"))  # type: ignore[arg-type]  # a name is taken too
    assert app.get_space_runtime(space)
    scene.alice.restart_space(space)
    scene.remove(Switch.OAUTH_REFUSED)
    app.restart_space(space)


@meets(Switch.TOKEN_REVOKED)
def revoked_tokens(scene: Scene) -> None:
    scene.set(Switch.TOKEN_REVOKED, user="alice")
    refused(401, scene.alice.whoami, match="Invalid user token")
    refused(401, lambda: scene.alice.create_discussion(scene.model, "A question"))
    assert scene.hub.api("bob").whoami()["name"] == "bob"


@meets(Switch.NO_REFRESH_TOKEN)
def no_refresh_token(scene: Scene) -> None:
    scene.set(Switch.NO_REFRESH_TOKEN)
    with OAuthPerson(scene.hub, "bob") as bob:
        code = bob.allows(scope="openid")
        tokens = bob.redeem(grant_type="authorization_code", code=code, redirect_uri=REDIRECT_URI).json()
    assert "refresh_token" not in tokens
    assert scene.hub.api(token=tokens["access_token"]).whoami()["name"] == "bob"


@meets(Switch.REPO_LATE)
def a_new_repo_is_not_found(scene: Scene) -> None:
    repo_id = f"{scene.model}-late"
    scene.set(Switch.REPO_LATE, seconds=1.5)
    scene.alice.create_repo(repo_id)
    with pytest.raises(RepositoryNotFoundError):
        scene.alice.model_info(repo_id)
    wait_until(lambda: scene.alice.repo_exists(repo_id), what="the repo is there")


@meets(Switch.REPO_RENAMED)
def a_renamed_repo(scene: Scene) -> None:
    scene.set(Switch.REPO_RENAMED, key="alice/old-name", to=scene.model)
    assert scene.alice.model_info("alice/old-name").id == scene.model
    assert scene.alice.create_discussion("alice/old-name", "A question").num == 1


@meets(Switch.COMMENTS_REFUSED)
def comments_are_refused(scene: Scene) -> None:
    num = scene.alice.create_discussion(scene.model, "A question").num
    scene.set(Switch.COMMENTS_REFUSED, key=scene.model)
    refused(403, lambda: scene.alice.comment_discussion(scene.model, num, "hello"))
    refused(403, lambda: scene.alice.create_discussion(scene.model, "Another question"))
    assert len(scene.alice.get_discussion_details(scene.model, num).events) == 1


@meets(Switch.DISCUSSION_LOCKED)
def a_locked_discussion(scene: Scene) -> None:
    num = scene.alice.create_discussion(scene.model, "A question").num
    scene.set(Switch.DISCUSSION_LOCKED)
    refused(403, lambda: scene.alice.comment_discussion(scene.model, num, "hello"), match="locked")
    scene.alice.create_discussion(scene.model, "Another question")
