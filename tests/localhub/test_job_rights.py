"""Who may launch Jobs and see them, what a Job may reach, and what is refused at the launch."""

from typing import Any

import pytest
from huggingface_hub import Volume
from huggingface_hub.errors import HfHubHTTPError, JobNotFoundError

from tests.harness.local_hub import LocalHub
from tests.localhub.around_the_hub import OAuthPerson
from tests.localhub.some_jobs import end_of, log, run


def test_only_the_namespace_sees_its_jobs(hub: LocalHub) -> None:
    api, bob = hub.api("alice"), hub.api("bob")
    job = run(api, "print('private')")
    end_of(api, job)
    with pytest.raises(JobNotFoundError):
        bob.inspect_job(job_id=job.id, namespace="alice")
    with pytest.raises(JobNotFoundError):
        bob.inspect_job(job_id=job.id, namespace="bob")
    with pytest.raises(HfHubHTTPError):
        log(bob, job)
    with pytest.raises(HfHubHTTPError):
        bob.cancel_job(job_id=job.id, namespace="alice")
    with pytest.raises(HfHubHTTPError) as refused:
        list(bob.list_jobs(namespace="alice"))
    assert refused.value.response.status_code == 403
    with pytest.raises(HfHubHTTPError) as refused:
        run(bob, "pass", namespace="alice")
    assert refused.value.response.status_code == 403


def test_an_organisations_jobs_belong_to_its_members(hub: LocalHub) -> None:
    api = hub.api("alice")
    job = run(api, "pass", namespace="acme")
    assert (end_of(api, job).owner.type, job.initiator and job.initiator.name) == ("org", "alice")
    with pytest.raises(JobNotFoundError):
        hub.api("bob").inspect_job(job_id=job.id, namespace="acme")


def test_an_oauth_token_needs_the_scope_jobs(hub: LocalHub) -> None:
    alice = OAuthPerson(hub, "alice")
    with pytest.raises(HfHubHTTPError, match="jobs") as refused:
        run(hub.api(token=alice.token("openid profile")), "pass")
    assert refused.value.response.status_code == 403
    api = hub.api(token=alice.token("openid profile jobs"))
    assert end_of(api, run(api, "pass")).status.stage == "COMPLETED"
    alice.browser.close()


def test_a_volume_needs_the_callers_own_right_to_the_bucket(hub: LocalHub) -> None:
    hub.api("alice").create_bucket("alice/closed", private=True)
    hub.api("alice").create_bucket("alice/open")
    volume = Volume(type="bucket", source="alice/closed", mount_path="/b")
    with pytest.raises(HfHubHTTPError) as refused:
        run(hub.api("bob"), "pass", namespace="bob", volumes=[volume])
    assert refused.value.response.status_code == 404
    volume = Volume(type="bucket", source="alice/open", mount_path="/b")
    with pytest.raises(HfHubHTTPError) as refused:
        run(hub.api("bob"), "pass", namespace="bob", volumes=[volume])
    assert refused.value.response.status_code == 403
    volume = Volume(type="bucket", source="alice/open", mount_path="/b", read_only=True)
    bob = hub.api("bob")
    assert end_of(bob, run(bob, "pass", namespace="bob", volumes=[volume])).status.stage == "COMPLETED"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"flavor": "abacus"}, "Unknown flavor 'abacus'"),
        ({"labels": {"a b": "c"}}, "Invalid label 'a b'"),
        ({"expose": [8000]}, "does not have expose"),
        ({"volumes": [Volume(type="model", source="alice/m", mount_path="/m")]}, "Repository Not Found"),
        ({"volumes": [Volume(type="bucket", source="alice/m", mount_path="/")]}, "Invalid mount path '/'"),
        (
            {"volumes": [Volume(type="bucket", source="alice/m", mount_path="/m", path="../x")]},
            "Invalid path in the bucket or repo",
        ),
        ({"image": "hf.co/spaces/alice/no-such-space"}, "Repository Not Found"),
    ],
)
def test_a_launch_that_cannot_be_is_refused_with_the_reason(
    hub: LocalHub, options: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(HfHubHTTPError) as refused:
        run(hub.api("alice"), "pass", **options)
    assert sentence in str(refused.value)


def test_hardware_is_listed(hub: LocalHub) -> None:
    names = [flavor.name for flavor in hub.api("alice").list_jobs_hardware()]
    assert names[0] == "cpu-basic"
    assert "zero-a10g" not in names
