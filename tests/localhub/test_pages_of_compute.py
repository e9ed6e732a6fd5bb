"""The pages of Jobs, buckets and Spaces, as a person with a browser without JavaScript uses them."""

import secrets
from collections.abc import Iterator

import pytest
from huggingface_hub import JobInfo, Volume

from tests.harness.local_hub import LocalHub
from tests.harness.waiting import wait_until
from tests.localhub.harmless import assert_harmless, elements
from tests.localhub.test_pages import Person

SCRIPT = (
    "echo '<script>alert(1)</script>'; printf '\\033[31mred\\033[0m\\n'; mkdir -p /data/runs;"
    " echo '{\"note\": \"<b>bold</b>\"}' > /data/runs/state.json; printf '\\0' > /data/blob"
)


@pytest.fixture(scope="module")
def job(hub: LocalHub) -> JobInfo:
    """A Job of alice's that has written to her private bucket alice/pages-runs."""
    api = hub.api("alice")
    api.create_bucket("alice/pages-runs", private=True)
    started = api.run_job(
        image="python:3.12",
        command=["bash", "-c", SCRIPT],
        namespace="alice",
        labels={"run": "r-17"},
        secrets={"KEY": "hush-hush"},
        volumes=[Volume(type="bucket", source="alice/pages-runs", mount_path="/data")],
    )
    return api.wait_for_job(started.id, namespace="alice", timeout=60)


@pytest.fixture
def people(hub: LocalHub) -> Iterator[tuple[Person, Person, Person]]:
    """alice, bob, and someone who is not signed in."""
    found = Person(hub).sign_in("alice"), Person(hub).sign_in("bob"), Person(hub)
    yield found
    for one in found:
        one.close()


def test_a_job_page_tells_its_stage_and_shows_its_log_to_its_owner_only(
    job: JobInfo, people: tuple[Person, Person, Person]
) -> None:
    alice, bob, stranger = people
    address = f"/jobs/alice/{job.id}"
    page = alice.visit(address)
    assert_harmless(page)
    for shown in (
        "completed",
        "r-17",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "red",
        "KEY",
        "alice/pages-runs",
    ):
        assert shown in page
    assert "hush-hush" not in page and "\x1b" not in page
    [live] = [one["data-live"] for _, one in elements(page) if "data-live" in one]
    assert "completed" in alice.visit(live)
    for path in (address, live):
        bob.visit(path, status=404)
        stranger.visit(path, status=401)


def test_a_private_bucket_can_be_browsed_by_its_owner_only(
    job: JobInfo, people: tuple[Person, Person, Person]
) -> None:
    alice, bob, stranger = people
    root = "/buckets/alice/pages-runs"
    assert f'href="{root}/tree/main/runs"' in alice.visit(root)
    assert "state.json" in alice.visit(f"{root}/tree/main/runs")
    page = alice.visit(f"{root}/tree/main/runs/state.json")
    assert_harmless(page)
    assert "&lt;b&gt;bold&lt;/b&gt;" in page
    assert "This file is not text" in alice.visit(f"{root}/tree/main/blob")
    alice.visit(f"{root}/tree/main/nothing", status=404)
    alice.visit(f"{root}/tree/main/..%2f..%2fhub.sqlite", status=400)
    for path in (root, f"{root}/tree/main/runs/state.json"):
        bob.visit(path, status=404)
        stranger.visit(path, status=401)
    assert "pages-runs" not in bob.visit("/alice")


def test_a_private_space_shows_its_app_in_a_frame_to_its_owner_only(
    hub: LocalHub, people: tuple[Person, Person, Person]
) -> None:
    alice, bob, stranger = people
    api = hub.api("alice")
    repo_id = f"alice/page-{secrets.token_hex(3)}"
    api.create_repo(repo_id, repo_type="space", space_sdk="static", private=True)
    api.upload_file(
        path_or_fileobj=b"<h1>hello from the app</h1>",
        path_in_repo="index.html",
        repo_id=repo_id,
        repo_type="space",
    )
    address = f"/spaces/{repo_id}"
    wait_until(lambda: "<iframe" in alice.visit(address), what="the Space runs")
    page = alice.visit(address)
    assert "running" in page and "Build log" in page and "private" in page
    [frame] = [one["src"] for tag, one in elements(page) if tag == "iframe"]
    assert alice.page is not None
    assert f"frame-src {frame.partition('/?')[0]}" in alice.page.headers["content-security-policy"]
    assert "hello from the app" in alice.open(frame).text
    lives = [one["data-live"] for _, one in elements(page) if "data-live" in one]
    assert len(lives) == 2
    for path in (address, *lives, f"{address}/tree/main"):
        alice.visit(path)
        bob.visit(path, status=404)
        stranger.visit(path, status=401)
    assert repo_id not in bob.visit("/spaces") and repo_id in alice.visit("/spaces")


def test_the_logs_of_a_public_space_are_for_its_owner(
    hub: LocalHub, people: tuple[Person, Person, Person]
) -> None:
    alice, bob, _ = people
    repo_id = f"alice/page-{secrets.token_hex(3)}"
    hub.api("alice").create_repo(repo_id, repo_type="space", space_sdk="gradio")
    assert "no app yet" in bob.visit(f"/spaces/{repo_id}")
    assert "Build log" not in bob.visit(f"/spaces/{repo_id}")
    assert "Build log" in alice.visit(f"/spaces/{repo_id}")
