"""The feed of a bucket's changes, as the stock client follows it and as it stands on the wire."""

import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from huggingface_hub import HfFileSystem
from huggingface_hub._bucket_live_follow import BUCKET_FOLLOWERS, BucketFileChange, BucketFollower

from tests.harness.local_hub import LocalHub
from tests.harness.waiting import wait_until
from tests.localhub.test_buckets import put


@pytest.fixture
def bucket(hub: LocalHub) -> str:
    """A private bucket of alice's."""
    bucket_id = f"alice/events-{secrets.token_hex(4)}"
    hub.api("alice").create_bucket(bucket_id, private=True)
    return bucket_id


@contextmanager
def feed(
    hub: LocalHub, bucket: str, name: str = "alice", **query: str
) -> Iterator[Iterator[tuple[str, Any]]]:
    """The events as they come: name and payload."""

    def parsed(lines: Iterator[str]) -> Iterator[tuple[str, Any]]:
        event = ""
        for line in lines:
            if line.startswith("event: "):
                event = line.removeprefix("event: ")
            elif line.startswith("data: "):
                yield event, json.loads(line.removeprefix("data: "))

    headers = {"Authorization": f"Bearer {hub.token(name)}"}
    with (
        hub.browser() as browser,
        browser.stream("GET", f"/api/buckets/{bucket}/events", params=query, headers=headers) as answer,
    ):
        assert answer.status_code == 200, answer.read()
        yield parsed(answer.iter_lines())


def seen(payload: dict[str, Any]) -> list[tuple[str, str]]:
    return [(change["op"], change["path"]) for change in payload["changes"]]


def test_changes_come_as_they_happen(hub: LocalHub, bucket: str) -> None:
    file = put(hub, bucket, "old", b"old")
    with feed(hub, bucket) as events:
        assert next(events)[0] == "ready"
        put(hub, bucket, "runs/new", b"new")
        name, payload = next(events)
        assert (name, seen(payload)) == ("changes", [("add", "runs/new")])
        [change] = payload["changes"]
        assert (change["size"], len(change["xetHash"])) == (3, 64)
        file.write_bytes(b"older")
        assert seen(next(events)[1]) == [("update", "old")]
        file.unlink()
        assert seen(next(events)[1]) == [("delete", "old")]


def test_who_was_away_gets_what_was_missed(hub: LocalHub, bucket: str) -> None:
    with feed(hub, bucket) as events:
        cursor = next(events)[1]["cursor"]
    put(hub, bucket, "a", b"1")
    with feed(hub, bucket, cursor=cursor) as events:
        name, payload = next(events)
        assert (name, seen(payload)) == ("changes", [("add", "a")])
        assert next(events) == ("ready", {"cursor": payload["cursor"]})
    with feed(hub, bucket, since="2020-01-01T00:00:00Z") as events:
        assert seen(next(events)[1]) == [("add", "a")]
    with feed(hub, bucket, since="2999-01-01T00:00:00Z") as events:
        assert next(events)[0] == "ready"


def test_a_cursor_from_before_a_restart_starts_anew(own_hub: LocalHub) -> None:
    own_hub.api("alice").create_bucket("alice/b")
    with feed(own_hub, "alice/b") as events:
        cursor = next(events)[1]["cursor"]
    own_hub.restart()
    with feed(own_hub, "alice/b", cursor=cursor) as events:
        assert next(events)[0] == "reset"


@pytest.mark.parametrize(
    "query",
    [
        {"cursor": "nonsense"},
        {"cursor": "x-" + "9" * 40},
        {"since": "yesterday"},
        {"since": "2026-01-01T00:00:00"},
    ],
)
def test_a_bad_resume_point_is_refused(hub: LocalHub, bucket: str, query: dict[str, str]) -> None:
    headers = {"Authorization": f"Bearer {hub.token('alice')}"}
    with hub.browser() as browser:
        assert browser.get(f"/api/buckets/{bucket}/events", params=query, headers=headers).status_code == 400
        stranger: httpx2.Response = browser.get(f"/api/buckets/{bucket}/events")
    assert stranger.status_code == 401


def test_the_stock_client_follows_a_bucket(hub: LocalHub, bucket: str) -> None:
    changes: list[BucketFileChange] = []
    alive = threading.Event()
    follower = BucketFollower(
        endpoint=hub.endpoint,
        bucket_id=bucket,
        token=hub.token("alice"),
        on_changes=changes.extend,
        on_reconcile=lambda: None,
        is_alive=lambda: not alive.is_set(),
    )
    follower.start()
    wait_until(lambda: follower.subscribed)
    put(hub, bucket, "runs/state.json", b"{}")
    wait_until(lambda: [change.path for change in changes] == ["runs/state.json"])
    hub.api("alice").batch_bucket_files(bucket, delete=["runs/state.json"])
    wait_until(lambda: changes[-1].op == "delete")
    alive.set()
    follower.stop()
    put(hub, bucket, "last", b"")
    follower.join(20)
    assert not follower.is_alive()


def test_listings_stay_fresh_while_a_bucket_is_followed(hub: LocalHub, bucket: str) -> None:
    put(hub, bucket, "one", b"1")
    files = HfFileSystem(
        endpoint=hub.endpoint, token=hub.token("alice"), live_follow=True, skip_instance_cache=True
    )
    root = f"buckets/{bucket}"
    assert files.ls(root, detail=False) == [f"{root}/one"]
    put(hub, bucket, "two", b"2")
    wait_until(
        lambda: sorted(map(Path, files.ls(root, detail=False))) == [Path(root, "one"), Path(root, "two")]
    )
    for follower, _ in BUCKET_FOLLOWERS.values():  # it ends at the next event
        follower.stop()
        put(hub, bucket, "last", b"")
        follower.join(20)
        assert not follower.is_alive()
