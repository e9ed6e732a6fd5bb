"""`build`, as people see it."""

from bot.domain.models import RunState
from tests.harness.world import SENTIMENT, World
from worker.contract import Verdict


def test_a_comment_becomes_a_private_space_that_has_answered(world: World) -> None:
    ada = world.ada.signs_in()

    thread = ada.opens_discussion(SENTIMENT, "Hi!\n\n@space-factory build")

    run = thread.run_ends()
    assert run.state is RunState.SUCCEEDED
    assert run.report is not None and run.report.verdict is Verdict.FULL_INFERENCE_SUCCESS
    living, final = thread.next_reply(), thread.next_reply()
    assert "✅ **Ready:**" in living and "Run `RUN` · I edit this message" in living
    assert final.startswith("✅ **Ready:** **[`ada/product-reviews-sentiment-demo`](HUB/spaces/ada/")
    assert "@ada" in final
    space = ada.api.space_info("ada/product-reviews-sentiment-demo")
    assert space.private
