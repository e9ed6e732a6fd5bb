"""Buckets, discussions, webhooks, repos, Spaces and Jobs with the `hf` command, typed as a person would."""

import re
import secrets
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.harness.hf_command import hf
from tests.harness.local_hub import LocalHub
from tests.harness.waiting import wait_until
from tests.localhub.small_apps import STATIC_README

Type = Callable[..., str]
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(16)


@pytest.fixture
def typed(hub: LocalHub, tmp_path: Path) -> Type:
    """Types a command in a folder that has the folder `data` with two small files."""
    (tmp_path / "data/sub").mkdir(parents=True)
    (tmp_path / "data/a.txt").write_text("one\n")
    (tmp_path / "data/sub/b.txt").write_text("two\n")
    return partial(hf, hub, tmp_path, COLUMNS="200")


def fresh(kind: str) -> str:
    return f"alice/{kind}-{secrets.token_hex(4)}"


def test_buckets_are_made_synced_listed_moved_and_emptied(typed: Type, tmp_path: Path) -> None:
    bucket, moved = fresh("bucket"), fresh("bucket")
    typed("buckets", "create", bucket)
    typed("buckets", "sync", "data", f"hf://buckets/{bucket}/dir")
    assert '"skips": 2' in typed("sync", "data", f"hf://buckets/{bucket}/dir", "--dry-run")
    typed("sync", f"hf://buckets/{bucket}/dir", "out")
    assert (tmp_path / "out/sub/b.txt").read_text() == "two\n"
    typed("cp", "data/a.txt", f"hf://buckets/{bucket}/c.txt")
    typed("cp", f"hf://buckets/{bucket}/c.txt", f"hf://buckets/{bucket}/d.txt")
    assert typed("buckets", "cp", f"hf://buckets/{bucket}/d.txt", "-") == "one\n"
    typed("buckets", "remove", f"{bucket}/d.txt", "--yes")
    typed("buckets", "remove", f"{bucket}/dir", "--recursive", "--yes")
    typed("buckets", "settings", bucket, "--private")
    assert '"private": true' in typed("buckets", "info", bucket)
    typed("buckets", "move", bucket, moved)
    assert moved in typed("buckets", "list")
    assert "c.txt" in typed("buckets", "list", moved, "--recursive")
    typed("sync", "data", f"hf://buckets/{moved}", "--delete", "--plan", "plan.jsonl")
    typed("sync", "--apply", "plan.jsonl")
    left = typed("buckets", "list", moved, "--recursive", "--quiet").split()
    assert sorted(left) == ["a.txt", "sub/b.txt"]
    typed("buckets", "delete", moved, "--yes")
    assert moved not in typed("buckets", "list")


def test_discussions_go_from_a_question_to_a_merge(typed: Type, model: str, tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(PICTURE)
    typed("discussions", "create", model, "--title", "A question", "--body", "why", "--attach", "picture.png")
    typed("discussions", "create", model, "--title", "A proposal", "--pull-request")
    assert "A question" in typed("discussions", "list", model)
    assert "A proposal" in typed("discussions", "list", model, "--kind", "pull_request", "--status", "draft")
    typed("discussions", "comment", model, "1", "--body", "because")
    told = typed("discussions", "info", model, "1", "--format", "json")
    assert "because" in told
    assert re.search(r"/uploads/[0-9a-f]{32}\.png", told)
    typed("discussions", "rename", model, "1", "A better question")
    typed("discussions", "close", model, "1", "--yes")
    typed("discussions", "reopen", model, "1", "--yes")
    typed("upload", model, "data", "--revision", "refs/pr/2")
    assert "+two" in typed("discussions", "diff", model, "2")
    typed("discussions", "merge", model, "2", "--yes")
    assert typed("cp", f"hf://{model}/sub/b.txt", "-") == "two\n"


def test_webhooks_are_set_up_changed_and_switched_off(typed: Type, model: str) -> None:
    made = typed("webhooks", "create", "--url", "http://127.0.0.1:9/a", "--watch", f"model:{model}")
    webhook = re.findall(r"[0-9a-f]{24}", made)[0]
    typed("webhooks", "update", webhook, "--url", "http://127.0.0.1:9/b", "--watch", f"model:{model}")
    typed("webhooks", "disable", webhook)
    assert '"disabled": true' in typed("webhooks", "info", webhook)
    typed("webhooks", "enable", webhook)
    told = typed("webhooks", "info", webhook)
    assert ("http://127.0.0.1:9/b" in told, model in told, '"disabled": false' in told) == (True, True, True)
    typed("webhooks", "delete", webhook, "--yes")
    assert webhook not in typed("webhooks", "list")


def test_repos_are_made_tagged_copied_moved_and_deleted(typed: Type) -> None:
    repo, copy, moved = fresh("model"), fresh("model"), fresh("model")
    typed("repos", "create", repo)
    typed("repos", "cp", "data/a.txt", f"hf://{repo}/x/a.txt")
    typed("repos", "branch", "create", repo, "work")
    typed("repos", "branch", "delete", repo, "work")
    typed("repos", "tag", "create", repo, "v1")
    assert "refs/tags/v1" in typed("repos", "tag", "list", repo)
    typed("repos", "tag", "delete", repo, "v1", "--yes")
    typed("repos", "duplicate", repo, copy)
    typed("repos", "move", copy, moved)
    typed("repos", "delete-files", repo, "x/a.txt")
    typed("repos", "settings", repo, "--private", "--gated", "auto")
    assert typed("cp", f"hf://{moved}/x/a.txt", "-") == "one\n"
    assert {repo, moved} <= set(re.findall(r"alice/[\w-]+", typed("repos", "list")))
    for each in (repo, moved):
        typed("repos", "delete", each, "--yes")


def test_spaces_are_found_copied_moved_and_given_a_bucket(typed: Type, tmp_path: Path) -> None:
    space, copy, moved, bucket = fresh("space"), fresh("space"), fresh("space"), fresh("bucket")
    readme = STATIC_README.replace("Small", "Blue elephants")
    (tmp_path / "data/README.md").write_text(readme)
    (tmp_path / "data/index.html").write_text("<p>here")
    typed("repos", "create", space, "--type", "space", "--space-sdk", "static")
    typed("upload", space, "data", ".", "--repo-type", "space")
    typed("spaces", "wait", space)
    assert space in typed("spaces", "search", "elephants", "--sdk", "static")
    assert space not in typed("spaces", "search", "elephants", "--sdk", "gradio")
    assert space in typed("spaces", "list", "--author", "alice")
    assert "title: Blue elephants" in typed("spaces", "card", space)
    typed("spaces", "templates")
    typed("spaces", "settings", space, "--hardware", "cpu-upgrade", "--sleep-time", "300")
    typed("spaces", "dev-mode", space)
    typed("spaces", "dev-mode", space, "--stop")
    typed("buckets", "create", bucket)
    typed("spaces", "volumes", "set", space, "-v", f"hf://buckets/{bucket}:/data")
    assert bucket in typed("spaces", "volumes", "list", space)
    typed("spaces", "volumes", "delete", space, "--yes")
    typed("repos", "duplicate", space, copy, "--type", "space")
    typed("repos", "move", copy, moved, "--type", "space")
    assert "RUNNING" in typed("spaces", "wait", moved)
    for each in (space, moved):
        typed("repos", "delete", each, "--type", "space", "--yes")


def test_a_running_job_is_measured_and_labelled_and_a_schedule_triggered(typed: Type) -> None:
    made = typed("jobs", "run", "--detach", "--name", "first", "python:3.12", "sleep", "600")
    job = re.findall(r"[0-9a-f]{24}", made)[0]
    wait_until(lambda: job in typed("jobs", "list", "--status", "running"), "the Job runs", every=0.2)
    assert job in typed("jobs", "stats", job)
    typed("jobs", "labels", job, "--label", "colour=green")
    assert job in typed("jobs", "list", "--label", "colour=green")
    typed("jobs", "labels", job, "--clear")
    typed("jobs", "cancel", job)
    scheduled = typed("jobs", "scheduled", "run", "@hourly", "python:3.12", "echo", "hi")
    schedule = re.findall(r"[0-9a-f]{24}", scheduled)[0]
    started = re.findall(r"[0-9a-f]{24}", typed("jobs", "scheduled", "trigger", schedule))[0]
    typed("jobs", "wait", started)
    typed("jobs", "scheduled", "labels", schedule, "--label", "a=b")
    typed("jobs", "scheduled", "delete", schedule)
