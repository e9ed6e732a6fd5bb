"""Every route that changes something asks who is calling, and whether the token may."""

import re
import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.routing import APIRoute
from pydantic import TypeAdapter
from starlette.routing import BaseRoute

from bot.localhub.app import ROUTERS
from tests.harness.local_hub import LocalHub
from tests.localhub.around_the_hub import ARGUMENTS, OAuthPerson

WRITING = {"POST", "PUT", "PATCH", "DELETE"}
LFS = "/{kind:prefix}{namespace}/{name}.git/info/lfs/objects"
ONLY_READ = {
    f"{LFS}/verify",
    "/api/validate-yaml",
    "/api/{kind:repos}/{namespace}/{name}/paths-info/{revision:path}",
    "/api/buckets/{namespace}/{name}/paths-info",
}
"""These send a question in their body. What they may see is asked elsewhere."""
OWNERLESS = "/api/{kind:repos}/{name}/"
"""Names without an owner: nothing is ever found there."""
BODIES: dict[str, dict[str, Any]] = {
    "/api/repos/create": {"name": "alice/new", "type": "model"},
    "/api/repos/delete": {"name": "alice/probe", "type": "model"},
    "/api/jobs/{namespace}": {"dockerImage": "python:3.12", "command": ["true"], "flavor": "cpu-basic"},
    f"{LFS}/batch": {"operation": "upload", "objects": []},
}
"""Bodies that mean something; all others are made from the route's own declaration."""


def writing_routes() -> list[tuple[str, APIRoute]]:
    routes = [route for router in ROUTERS for route in _flat(router.routes)]
    return [
        (method, route)
        for route in routes
        if route.path.startswith("/api/") or ".git/" in route.path
        for method in sorted(route.methods & WRITING)
        if route.path not in ONLY_READ
        and not route.path.startswith(OWNERLESS)
        and "{rest:path}" not in route.path
    ]


def _flat(routes: list[BaseRoute]) -> Iterator[APIRoute]:
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        else:
            yield from _flat(route.original_router.routes)  # type: ignore[attr-defined]  # an included router


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LocalHub, dict[str, str]]]:
    """A Hub with one public thing of each kind, and headers of alice's app, whose only scope is `openid`."""
    hub = LocalHub(tmp_path_factory.mktemp("strict") / "hub", list(ARGUMENTS)).start()
    api = hub.api("alice")
    for kind in ("model", "dataset", "space"):
        api.create_repo("alice/probe", repo_type=kind, space_sdk="static" if kind == "space" else None)
    api.create_bucket("alice/probe")
    api.create_discussion("alice/probe", "A question")
    with hub.browser() as browser:
        browser.delete("/__misbehave/oauth-refused-on-hardware").raise_for_status()
    with OAuthPerson(hub, "alice") as alice:
        yield hub, {"Authorization": f"Bearer {alice.token('openid')}"}
    hub.stop()


@pytest.mark.parametrize(
    ("method", "route"), [pytest.param(*each, id=f"{each[0]} {each[1].path}") for each in writing_routes()]
)
def test_a_writing_route_refuses_strangers_and_tokens_without_its_scope(
    strict: tuple[LocalHub, dict[str, str]], method: str, route: APIRoute
) -> None:
    hub, without_scope = strict
    path, body = _address(route), _body(route)
    with hub.browser() as browser:
        stranger = browser.request(method, path, json=body)
        app = browser.request(method, path, json=body, headers=without_scope)

    assert stranger.status_code == 401, stranger.text
    assert app.status_code == 403, app.text


def test_the_walk_meets_the_whole_api() -> None:
    paths = {route.path for _, route in writing_routes()}

    assert len(paths) > 30
    assert {"/api/repos/create", "/api/jobs/{namespace}", "/api/settings/webhooks"} <= paths


@pytest.mark.parametrize("path", ["/lfs-upload", "/xet/none/none/v1/shards"])
def test_an_upload_needs_the_pass_it_was_given(hub: LocalHub, path: str) -> None:
    with hub.browser() as browser:
        answers = [
            browser.request(method, path, content=b"x", headers=headers)
            for method in ("POST", "PUT")
            for headers in ({}, {"Authorization": f"Bearer {hub.token('alice')}"})
        ]

    assert {answer.status_code for answer in answers} <= {400, 401, 403, 404, 405}


def test_a_token_that_has_ended_opens_nothing(hub: LocalHub, model: str) -> None:
    headers = {"Authorization": f"Bearer hf_{secrets.token_hex(8)}"}
    with hub.browser() as browser:
        for path in ("/api/whoami-v2", f"/api/models/{model}", "/api/settings/webhooks", "/oauth/userinfo"):
            assert browser.get(path, headers=headers).status_code == 401


def test_a_member_who_may_only_read_changes_nothing(own_hub: LocalHub) -> None:
    own_hub.arguments[own_hub.arguments.index("acme=alice")] = "acme=alice,bob:read"
    own_hub.restart()
    own_hub.api("alice").create_repo("acme/shared", private=True)

    me = own_hub.api("bob").whoami()
    assert [(org["name"], org["roleInOrg"]) for org in me["orgs"]] == [("acme", "read")]
    assert own_hub.api("bob").model_info("acme/shared").private
    with own_hub.browser() as browser:
        headers = {"Authorization": f"Bearer {own_hub.token('bob')}"}
        refused = browser.get("/api/models/acme/shared/auth-check/write", headers=headers)
        created = browser.post("/api/repos/create", json={"name": "acme/new"}, headers=headers)
    assert (refused.status_code, created.status_code) == (403, 403)
    assert [member.username for member in own_hub.api().list_organization_members("acme")] == ["alice", "bob"]


def _address(route: APIRoute) -> str:
    """An address that the route answers: alice's things are all called probe, other parts are any."""
    given = {"kind:repos": "models", "kind:prefix": "", "namespace": "alice", "name": "probe", "num": "1"}
    return re.sub(r"{([^}]+)}", lambda found: given.get(found[1], "a" * 24), route.path)


def _body(route: APIRoute) -> Any:
    if route.path in BODIES:
        return BODIES[route.path]
    if route.body_field is None:
        return {}
    schema = TypeAdapter(route.body_field.field_info.annotation).json_schema()
    return _smallest(schema, schema.get("$defs", {}))


def _smallest(schema: dict[str, Any], known: dict[str, Any]) -> Any:
    """The smallest value that fits a JSON schema."""
    if "$ref" in schema or "anyOf" in schema:
        inner = known[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema["anyOf"][0]
        return _smallest(inner, known)
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "object":
        wanted = schema.get("required", [])
        return {name: _smallest(schema["properties"][name], known) for name in wanted}
    plain = {"array": [], "string": schema.get("const", "probe"), "boolean": True}
    return plain.get(schema.get("type", ""), schema.get("minimum", 1))
