"""What a free account is refused, and how many Spaces on ZeroGPU anyone may have."""

from collections.abc import Iterator

import pytest
from huggingface_hub import HfApi

from tests.harness.local_hub import LocalHub
from tests.localhub import some_jobs
from tests.localhub.meetings import refused


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    """Carol has a free account, alice a paid one; both belong to acme."""
    people = ("--user", "alice", "--free-user", "carol", "--org", "acme=alice,carol", "--no-zoo")
    running = LocalHub(tmp_path_factory.mktemp("plans") / "hub", list(people))
    running.start()
    yield running
    running.stop()


@pytest.fixture
def carol(place: LocalHub) -> HfApi:
    return place.api("carol")


def create_space(api: HfApi, space: str, *, sdk: str = "gradio", hardware: str | None = None) -> str:
    wishes = {"space_hardware": hardware} if hardware else {}
    return api.create_repo(space, repo_type="space", space_sdk=sdk, **wishes).repo_id  # type: ignore[arg-type]  # names are taken too


def test_a_free_account_says_so(place: LocalHub, carol: HfApi) -> None:
    assert {key: carol.whoami()[key] for key in ("isPro", "canPay")} == {"isPro": False, "canPay": False}
    assert (carol.get_zero_gpu_quota().base, place.api("alice").get_zero_gpu_quota().base) == (300, 2400)


def test_without_credits_there_are_no_jobs_except_where_an_organisation_pays(carol: HfApi) -> None:
    refused(
        402, lambda: some_jobs.run(carol, "pass", namespace="carol"), match="credit balance is insufficient"
    )
    assert list(carol.list_jobs(namespace="carol")) == []
    job = some_jobs.run(carol, "pass", namespace="acme")
    assert some_jobs.end_of(carol, job).status.stage == "COMPLETED"
    assert carol.rerun_job(job_id=job.id, namespace="acme").owner.name == "acme"


def test_a_schedule_without_credits_launches_nothing(place: LocalHub, carol: HfApi) -> None:
    made = carol.create_scheduled_job(
        image="python:3.12", command=["true"], schedule="@hourly", namespace="carol"
    )
    refused(402, lambda: carol.trigger_scheduled_job(scheduled_job_id=made.id, namespace="carol"))


def test_a_free_account_hosts_static_spaces_and_two_on_zero_gpu(place: LocalHub, carol: HfApi) -> None:
    for sdk in ("gradio", "docker"):
        refused(
            402, lambda sdk=sdk: create_space(carol, "carol/no", sdk=sdk), match="requires a PRO subscription"
        )
    create_space(carol, "carol/static", sdk="static")
    theirs = create_space(place.api("alice"), "alice/gradio")
    refused(402, lambda: carol.duplicate_repo(theirs, "carol/copy", repo_type="space"))
    refused(402, lambda: create_space(carol, "carol/gpu", hardware="t4-small"), match="payment method")
    for number in range(2):
        create_space(carol, f"carol/zero-{number}", hardware="zero-a10g")
    limit = "limited to 2 per user account"
    refused(403, lambda: create_space(carol, "carol/zero-2", hardware="zero-a10g"), match=limit)
    refused(403, lambda: carol.request_space_hardware("carol/static", "zero-a10g"), match=limit)  # type: ignore[arg-type]  # a name is taken too
    assert carol.request_space_hardware("carol/zero-0", "zero-a10g").requested_hardware == "zero-a10g"  # type: ignore[arg-type]
    carol.delete_repo("carol/zero-1", repo_type="space")
    create_space(carol, "carol/zero-2", hardware="zero-a10g")
    create_space(carol, "acme/hosted")


def test_a_paid_account_hosts_ten_on_zero_gpu(place: LocalHub) -> None:
    alice = place.api("alice")
    for number in range(10):
        create_space(alice, f"alice/zero-{number}", hardware="zero-a10g")
    refused(
        403,
        lambda: create_space(alice, "alice/zero-10", hardware="zero-a10g"),
        match="limited to 10 per user account",
    )
    create_space(alice, "acme/zero", hardware="zero-a10g")
