"""Jobs that are not launched by a person's own call: done again, or started by a webhook."""

import json

import pytest
from huggingface_hub import HfApi, JobInfo
from huggingface_hub.errors import HfHubHTTPError

from tests.harness.local_hub import LocalHub
from tests.harness.waiting import wait_until
from tests.localhub.some_jobs import end_of, log, run

TELL = """
import json, os
names = ("WEBHOOK_REPO_ID", "WEBHOOK_REPO_TYPE", "WEBHOOK_SECRET", "OWN", "KEPT", "A")
told = {name: os.environ.get(name) for name in names}
told["scope"] = json.loads(os.environ.get("WEBHOOK_PAYLOAD", '{"event": {"scope": ""}}'))["event"]["scope"]
print(json.dumps(told))
"""


def started_by(api: HfApi, webhook_id: str) -> list[JobInfo]:
    jobs = api.list_jobs(namespace="alice")
    return [job for job in jobs if job.initiator is not None and job.initiator.id == webhook_id]


def test_a_job_is_done_again_with_its_secrets(hub: LocalHub) -> None:
    api = hub.api("alice")
    code = "import os; print(os.environ['S'][::-1])"
    first = end_of(api, run(api, code, secrets={"S": "terces"}, labels={"team": "red"}, attempts=2))
    second = end_of(api, api.rerun_job(job_id=first.id, namespace="alice"))
    assert log(api, second) == ["secret"]
    assert second.id != first.id
    assert (second.labels, second.retry, second.command) == (first.labels, 1, first.command)
    assert second.initiator is not None
    assert (second.initiator.type, second.initiator.id) == ("duplicated-job", first.id)


def test_after_a_restart_a_job_is_done_again_only_if_it_needs_no_secret(own_hub: LocalHub) -> None:
    api = own_hub.api("alice")
    plain, secretive = run(api, "print('plain')"), run(api, "pass", secrets={"S": "made-up"})
    end_of(api, plain)
    end_of(api, secretive)
    own_hub.restart()
    assert log(api, end_of(api, api.rerun_job(job_id=plain.id, namespace="alice"))) == ["plain"]
    with pytest.raises(HfHubHTTPError, match="secrets of this Job went") as refused:
        api.rerun_job(job_id=secretive.id, namespace="alice")
    assert refused.value.response.status_code == 409


def test_a_webhook_starts_a_job_with_its_own_secrets_and_the_event(hub: LocalHub, model: str) -> None:
    api = hub.api("alice")
    source = end_of(api, run(api, TELL, env={"A": "1"}, secrets={"KEPT": "made-up"}))
    webhook = api.create_webhook(
        job_id=source.id,
        watched=[{"type": "model", "name": model}],
        secret="shared",
        secrets={"OWN": "made-up-too"},
    )
    assert webhook.url is None
    assert webhook.job is not None
    assert webhook.job.command == source.command
    api.create_discussion(model, "Hello", description="there")
    [job] = wait_until(lambda: started_by(api, webhook.id), "the Job of the webhook")
    [line] = log(api, end_of(api, job))
    assert json.loads(line) == {
        "WEBHOOK_REPO_ID": model,
        "WEBHOOK_REPO_TYPE": "model",
        "WEBHOOK_SECRET": "shared",
        "OWN": "made-up-too",
        "KEPT": None,
        "A": "1",
        "scope": "discussion",
    }
    api.delete_webhook(webhook.id)


def test_a_webhook_cannot_run_a_strangers_job(hub: LocalHub, model: str) -> None:
    source = end_of(hub.api("alice"), run(hub.api("alice"), "pass"))
    with pytest.raises(HfHubHTTPError) as refused:
        hub.api("bob").create_webhook(job_id=source.id, watched=[{"type": "model", "name": model}])
    assert refused.value.response.status_code == 404
