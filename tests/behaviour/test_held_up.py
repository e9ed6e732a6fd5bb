"""The bot is held up in the middle of a step for so long that its run is taken over, and then it comes back."""

import httpx2
import pytest
from huggingface_hub import JobInfo

from bot.domain.living_message import living_mark
from bot.domain.models import RunState
from bot.runs.progress import report_key
from bot.store.claims import Claims
from bot.store.database import close_databases, open_database
from tests.harness.calls import OF_DOUBLES
from tests.harness.people import Person
from tests.harness.waiting import wait_until
from tests.harness.world import SENTIMENT, World

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(180)]

LAUNCH = "POST /api/jobs/ada"
COMMENT = "POST /api/models/*/*/discussions/*/comment"
HIDE = OF_DOUBLES["take back a comment"].route


def two_jobs(who: Person, run_id: str) -> list[JobInfo] | None:
    found = sorted(
        who.api.list_jobs(namespace=who.name, labels={"run": run_id}), key=lambda job: job.created_at
    )
    return found if len(found) == 2 else None


def stage_of(who: Person, job: JobInfo) -> str:
    return str(who.api.inspect_job(job_id=job.id, namespace=who.name).status.stage)


def test_of_two_jobs_with_one_label_the_older_stays(world: World) -> None:
    ada = world.ada.signs_in()
    world.hub.misbehaves("slow-answer", route=LAUNCH, seconds=8, times=1)
    thread = ada.opens_discussion(SENTIMENT, "@space-factory plan")
    wait_until(lambda: world.hub.has_met("slow-answer"), "the launch that hangs")

    world.passes(hours=0.1)

    run = thread.run_ends()
    older, newer = wait_until(lambda: two_jobs(ada, run.id), "both Jobs")
    assert older.id == run.job_id
    wait_until(lambda: stage_of(ada, newer) == "CANCELED", "the end of the newer one")
    assert run.state is RunState.SUCCEEDED
    for _ in range(2):
        thread.next_reply()


def test_of_two_living_messages_one_stays(world: World) -> None:
    ada = world.ada.signs_in()
    world.hub.misbehaves("slow-answer", route=COMMENT, seconds=8, times=1)
    world.hub.misbehaves("status", status=503, route=HIDE, times=1)
    thread = ada.opens_discussion(SENTIMENT, "@space-factory plan")
    wait_until(lambda: world.hub.has_met("slow-answer"), "the comment that hangs")

    world.passes(hours=0.1)

    run = thread.run_ends()
    wait_until(lambda: any(reply.hidden for reply in thread.replies()), "the message that is taken back")
    assert world.hub.has_met("status")  # the first attempt to take it back
    living = [each for each in thread.replies() if not each.hidden and living_mark(run.id) in each.content]
    assert [each.id for each in living] == [run.message_id]
    thread.read.update(reply.id for reply in thread.replies())


def test_who_was_held_up_has_lost_its_claim(world: World) -> None:
    thread = world.ada.opens_discussion(SENTIMENT, "@space-factory plan")
    run = thread.run()
    thread.next_reply()
    world.stops()
    database = open_database(world.settings.main_database, "main")
    claims = Claims(database)
    held_up = claims.claim(run.id, now=1e10, seconds=180)
    assert held_up and claims.renew(held_up, now=1e10 + 170, seconds=180)

    taken_over = claims.claim(run.id, now=1e10 + 400, seconds=180)

    assert taken_over and not claims.renew(held_up, now=1e10 + 401, seconds=180)
    assert claims.renew(taken_over, now=1e10 + 402, seconds=180)
    claims.release(held_up, due_at=None)
    assert not claims.claim(run.id, now=1e10 + 403, seconds=180)
    claims.release(taken_over, due_at=0.0)
    close_databases(database)
    world.starts()
    world.passes(hours=25)
    thread.run_ends()
    assert "final answer" in thread.next_reply()


def test_an_unknown_job_that_reports_for_a_run_is_stopped(world: World) -> None:
    ada = world.ada.signs_in()
    world.hub.misbehaves("job-stuck-in-scheduling")
    thread = ada.opens_discussion(SENTIMENT, "@space-factory plan")
    run = thread.run_reaches(RunState.RUNNING)
    other = ada.api.rerun_job(job_id=run.job_id, namespace="ada")

    key = {"Authorization": f"Bearer {report_key(world.ctx, run.id)}"}
    body = {"run_id": run.id, "job_id": other.id}
    answer = httpx2.post(f"{world.url}/api/runs/{run.id}/reports", json=body, headers=key)

    assert answer.status_code == 404
    older, newer = wait_until(lambda: two_jobs(ada, run.id), "both Jobs")
    assert (older.id, newer.id) == (run.job_id, other.id)
    assert (stage_of(ada, older), stage_of(ada, newer)) == ("SCHEDULING", "CANCELED")
    ada.says(thread, "@space-factory cancel")
    thread.run_ends()
    thread.read.update(reply.id for reply in thread.replies())
