"""Meetings with switches that concern Spaces, Jobs, buckets and webhooks."""

import queue
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from huggingface_hub import Volume, WebhookInfo
from huggingface_hub.errors import JobNotFoundError

from bot.localhub.misbehaviour import Switch
from tests.harness.waiting import wait_until
from tests.localhub import some_jobs
from tests.localhub.meetings import Scene, meets, refused


@meets(Switch.NO_PLAN)
def no_paid_plan(scene: Scene) -> None:
    scene.set(Switch.NO_PLAN)
    for sdk in ("gradio", "docker"):
        refused(402, lambda sdk=sdk: _space(scene, sdk=sdk), match="requires a PRO subscription")
    _space(scene)
    _space(scene, sdk="gradio", hardware="zero-a10g")


@meets(Switch.NO_PAID_HARDWARE)
def no_payment_method(scene: Scene) -> None:
    scene.set(Switch.NO_PAID_HARDWARE)
    refused(402, lambda: _space(scene, hardware="t4-small"), match="payment method")
    space = _space(scene)
    refused(402, lambda: scene.alice.request_space_hardware(space, "t4-small"))  # type: ignore[arg-type]  # a name is taken too


@meets(Switch.SPACE_NO_APP_FILE)
def a_space_that_has_not_seen_its_upload(scene: Scene) -> None:
    space = _running_space(scene)
    scene.set(Switch.SPACE_NO_APP_FILE, key=space, times=2)
    stages = [scene.alice.get_space_runtime(space).stage for _ in range(3)]
    assert stages == ["NO_APP_FILE", "NO_APP_FILE", "RUNNING"]


@meets(Switch.SPACE_STALE_RUNNING)
def a_space_that_still_says_running(scene: Scene) -> None:
    space = _space(scene)
    scene.set(Switch.SPACE_STALE_RUNNING, key=space, times=1)
    stale, true = (scene.alice.get_space_runtime(space) for _ in range(2))
    assert (stale.stage, stale.raw["sha"], true.stage) == ("RUNNING", None, "NO_APP_FILE")


@meets(Switch.SPACE_SLEEPING)
def a_sleeping_space(scene: Scene) -> None:
    space = _running_space(scene)
    scene.set(Switch.SPACE_SLEEPING)
    assert scene.alice.get_space_runtime(space).stage == "SLEEPING"
    info = scene.alice.space_info(space)
    assert info.runtime is not None
    assert info.runtime.stage == "SLEEPING"


@meets(Switch.NO_CREDITS)
def no_credits(scene: Scene) -> None:
    scene.set(Switch.NO_CREDITS)
    refused(402, lambda: some_jobs.run(scene.alice, "pass"), match="credit balance is insufficient")


@meets(Switch.JOB_STUCK)
def a_job_that_is_never_scheduled(scene: Scene) -> None:
    scene.set(Switch.JOB_STUCK, times=1)
    stuck, other = (some_jobs.run(scene.alice, "pass") for _ in range(2))
    assert some_jobs.end_of(scene.alice, other).status.stage == "COMPLETED"
    assert some_jobs.stage(scene.alice, stuck) == "SCHEDULING"
    scene.alice.cancel_job(job_id=stuck.id, namespace="alice")
    assert some_jobs.stage(scene.alice, stuck) == "CANCELED"


@meets(Switch.JOB_LOST)
def a_job_that_nobody_knows(scene: Scene) -> None:
    job = some_jobs.run(scene.alice, "pass")
    scene.set(Switch.JOB_LOST, key=job.id)
    with pytest.raises(JobNotFoundError):
        scene.alice.inspect_job(job_id=job.id, namespace="alice")
    scene.remove(Switch.JOB_LOST)
    assert some_jobs.end_of(scene.alice, job).status.stage == "COMPLETED"


@meets(Switch.JOB_WITHOUT_FILES)
def a_job_that_wrote_nothing(scene: Scene) -> None:
    bucket = _bucket(scene)
    scene.set(Switch.JOB_WITHOUT_FILES, times=1)
    assert _write(scene, bucket, "lost.txt") == "COMPLETED"
    assert _write(scene, bucket, "kept.txt") == "COMPLETED"
    assert _paths(scene, bucket) == ["kept.txt"]


@meets(Switch.BUCKET_LATE)
def a_late_flush(scene: Scene) -> None:
    bucket = _bucket(scene)
    scene.set(Switch.BUCKET_LATE, seconds=4)
    assert _write(scene, bucket, "late.txt") == "COMPLETED"
    assert _paths(scene, bucket) == []
    wait_until(lambda: _paths(scene, bucket) == ["late.txt"], what="the file is seen")


@meets(Switch.BUCKET_HUNG)
def a_flush_that_hangs(scene: Scene) -> None:
    bucket = _bucket(scene)
    _write(scene, bucket, "before.txt")
    scene.set(Switch.BUCKET_HUNG)
    assert _write(scene, bucket, "hung.txt") == "COMPLETED"
    assert _paths(scene, bucket) == ["before.txt"]
    scene.remove(Switch.BUCKET_HUNG)
    assert _paths(scene, bucket) == ["before.txt", "hung.txt"]


@meets(Switch.WEBHOOK_TWICE)
def the_same_delivery_twice(scene: Scene) -> None:
    with _webhook(scene) as webhook:
        scene.set(Switch.WEBHOOK_TWICE, key=webhook.id)
        scene.alice.create_discussion(scene.model, "A question")
        first, second = scene.listener.next_with_headers(), scene.listener.next_with_headers()
    assert first == second


@meets(Switch.WEBHOOK_REORDERED)
def deliveries_in_another_order(scene: Scene) -> None:
    with _webhook(scene):
        scene.set(Switch.WEBHOOK_REORDERED, seconds=1)
        for title in ("Asked first", "Asked second"):
            scene.alice.create_discussion(scene.model, title)
        arrived = [scene.listener.next()["discussion"]["title"] for _ in range(2)]
    assert arrived == ["Asked second", "Asked first"]


@meets(Switch.WEBHOOK_LATE)
def a_late_delivery(scene: Scene) -> None:
    with _webhook(scene):
        scene.set(Switch.WEBHOOK_LATE, seconds=1.5)
        scene.alice.create_discussion(scene.model, "A question")
        with pytest.raises(queue.Empty):
            scene.listener.received.get(timeout=0.7)
        assert scene.listener.next()["discussion"]["title"] == "A question"


@meets(Switch.WEBHOOK_LOST)
def a_lost_delivery(scene: Scene) -> None:
    with _webhook(scene):
        scene.set(Switch.WEBHOOK_LOST, times=1)
        for title in ("Never heard of", "Heard of"):
            scene.alice.create_discussion(scene.model, title)
        assert scene.listener.next()["discussion"]["title"] == "Heard of"


@meets(Switch.WEBHOOK_SUSPENDED)
def a_suspended_webhook(scene: Scene) -> None:
    with _webhook(scene) as webhook:
        scene.set(Switch.WEBHOOK_SUSPENDED, times=1)
        scene.alice.create_discussion(scene.model, "Never heard of")
        assert scene.alice.get_webhook(webhook.id).disabled
        assert "never answered with 2xx" in _disabled_reason(scene, webhook)
        scene.alice.enable_webhook(webhook.id)
        scene.alice.create_discussion(scene.model, "Heard of")
        assert scene.listener.next()["discussion"]["title"] == "Heard of"


def _disabled_reason(scene: Scene, webhook: WebhookInfo) -> str:
    """The client's own type leaves it out."""
    with scene.hub.browser() as browser:
        headers = {"Authorization": f"Bearer {scene.hub.token('alice')}"}
        told = browser.get(f"/api/settings/webhooks/{webhook.id}", headers=headers).json()
    return str(told["webhook"]["disabledReason"])


def _space(scene: Scene, *, sdk: str = "static", hardware: str | None = None) -> str:
    space = f"alice/space-{secrets.token_hex(4)}"
    wishes = {"space_hardware": hardware} if hardware else {}
    scene.alice.create_repo(space, repo_type="space", space_sdk=sdk, **wishes)  # type: ignore[arg-type]  # names are taken too
    return space


def _running_space(scene: Scene) -> str:
    space = _space(scene)
    scene.alice.upload_file(
        path_or_fileobj=b"hello", path_in_repo="index.html", repo_id=space, repo_type="space"
    )
    wait_until(lambda: scene.alice.get_space_runtime(space).stage == "RUNNING", what=f"{space} runs")
    return space


def _bucket(scene: Scene) -> str:
    bucket = f"alice/bucket-{secrets.token_hex(4)}"
    scene.alice.create_bucket(bucket)
    return bucket


def _write(scene: Scene, bucket: str, name: str) -> str:
    """Let a Job write a file to the bucket; the stage in which it ends."""
    volumes = [Volume(type="bucket", source=bucket, mount_path="/data")]
    job = some_jobs.run(scene.alice, f"open('/data/{name}', 'w').write('x')", volumes=volumes)
    return str(some_jobs.end_of(scene.alice, job).status.stage)


def _paths(scene: Scene, bucket: str) -> list[str]:
    return [file.path for file in scene.alice.list_bucket_tree(bucket)]


@contextmanager
def _webhook(scene: Scene) -> Iterator[WebhookInfo]:
    """A webhook of alice's on her model."""
    watched = [{"type": "model", "name": scene.model}]
    webhook = scene.alice.create_webhook(url=scene.listener.url, watched=watched, domains=["discussion"])
    yield webhook
    scene.alice.delete_webhook(webhook.id)
