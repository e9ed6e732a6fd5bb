"""Days on which something outside goes wrong: the run ends in the right state, with the right sentence."""

import httpx2
import pytest

from bot.domain.models import RunState
from bot.runs.progress import report_key
from tests.harness.world import SENTIMENT, World


@pytest.mark.world(silence_seconds=1)
def test_a_job_that_its_owner_cancels_ends_the_run_with_a_sentence(world: World) -> None:
    ada = world.ada.signs_in()
    thread = ada.opens_discussion(SENTIMENT, "@space-factory build")
    run = thread.run_reaches(RunState.RUNNING)

    ada.api.cancel_job(job_id=run.job_id, namespace="ada")

    ended = thread.run_ends()
    assert ended.state in {RunState.FAILED, RunState.ERRORED}
    assert "❌ **Not built:**" in (said := thread.next_reply()) or "💥 **Could not be run:**" in said
    assert "@ada" in thread.next_reply()


def test_the_same_request_joins_the_build_under_way(world: World) -> None:
    ada = world.ada.signs_in()
    first = ada.opens_discussion(SENTIMENT, "@space-factory build")
    first.run_reaches(RunState.RUNNING)

    second = ada.opens_discussion(SENTIMENT, "@space-factory build")

    assert "🔁 Already building this version for you" in second.next_reply()
    ada.api.cancel_job(job_id=first.run().job_id, namespace="ada")
    world.passes(hours=1)
    first.run_ends()
    for _ in range(2):
        first.next_reply()


def test_a_report_without_the_runs_key_changes_nothing(world: World) -> None:
    ada = world.ada.signs_in()
    thread = ada.opens_discussion(SENTIMENT, "@space-factory build")
    run = thread.run_reaches(RunState.RUNNING)
    address = f"{world.url}/api/runs/{run.id}/reports"
    body = f'{{"run_id": "{run.id}"}}'

    other = {"Authorization": f"Bearer {report_key(world.ctx, 'r_0000000000000000')}"}
    own = {"Authorization": f"Bearer {report_key(world.ctx, run.id)}"}

    assert httpx2.post(address, content=body).status_code == 401
    assert httpx2.post(address, content=body, headers=other).status_code == 401
    assert httpx2.post(address, content=b"{", headers=own).status_code == 400
    assert httpx2.post(address, content=b'{"run_id": "r_1"}', headers=own).status_code == 404
    assert httpx2.post(address, content=body, headers=own).status_code == 204
    ada.api.cancel_job(job_id=run.job_id, namespace="ada")
    world.passes(hours=1)
    thread.run_ends()
    for _ in range(2):
        thread.next_reply()
