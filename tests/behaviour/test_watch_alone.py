"""Without the bot: the steps that it prints make a webhook that starts the requester's own Jobs."""

import os
import re
import subprocess
import sys

import pytest
from huggingface_hub import JobInfo

from tests.harness.people import Person
from tests.harness.waiting import wait_until
from tests.harness.world import SENTIMENT, World

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(300)]


def jobs(who: Person) -> list[JobInfo]:
    return sorted(who.api.list_jobs(namespace=who.name), key=lambda job: job.created_at)


def is_over(who: Person, job: JobInfo) -> bool:
    stage = who.api.inspect_job(job_id=job.id, namespace=who.name).status.stage
    assert stage != "ERROR", list(who.api.fetch_job_logs(job_id=job.id, namespace=who.name))[-15:]
    return stage == "COMPLETED"


def test_the_printed_script_builds_the_space_and_rebuilds_it_at_each_new_version(world: World) -> None:
    ada = world.ada
    ada.api.duplicate_repo(SENTIMENT, "ada/sentiment", repo_type="model")
    world.listens_to("ada", kind="user")
    thread = ada.opens_discussion("ada/sentiment", "@space-factory watch alone=yes")
    thread.next_reply()
    script = re.search(r"```python\n(.*?)```", thread.replies()[0].content, re.DOTALL)
    assert script and "hf_" not in script[1]

    signed_in = {"HF_TOKEN": world.hub.token("ada"), "HF_HUB_DISABLE_IMPLICIT_TOKEN": "0"}
    hub = {"HF_ENDPOINT": world.hub.endpoint, **signed_in}
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script[1]],
        input=f"{world.hub.token('ada')}\n",
        env=os.environ | hub,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    [first] = jobs(ada)
    wait_until(lambda: is_over(ada, first), "the first build", 120, every=0.5)
    before = ada.api.space_info("ada/sentiment-demo").sha

    sha = ada.api.upload_file(path_or_fileobj=b"new", path_in_repo="notes.txt", repo_id="ada/sentiment").oid

    again = wait_until(lambda: jobs(ada)[1:], "the webhook's Job", 30)[0]
    wait_until(lambda: is_over(ada, again), "the rebuild", 120, every=0.5)
    assert ada.api.space_info("ada/sentiment-demo").sha != before
    records = world.hub.folder / "buckets" / "ada" / "space-factory-runs" / "runs"
    assert (records / "alone" / "report.json").exists()
    assert sha in (records / f"alone-{sha[:12]}" / "report.json").read_text()
    assert world.runs() == []
