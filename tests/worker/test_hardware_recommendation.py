"""What `runtime_recommendation.json` says of well-known models."""

import json

import pytest

from tests.worker.recorded_models import NAMES, estimated, recorded
from tests.worker.test_hardware import OFFERS
from worker.blueprints import all_blueprints
from worker.errors import Blocker
from worker.hardware import Wishes, choose
from worker.recommendation import Recommendation, recommend

BLUEPRINT = all_blueprints()[0]


def plan(name: str, **wishes: object) -> Recommendation:
    card, needed = recorded(name).card, estimated(name)
    choice = choose(needed, OFFERS, Wishes.model_validate(wishes))
    return recommend(
        card, "It fits.", blueprint=BLUEPRINT, estimate=needed, choice=choice, job_usd_per_hour=0.6
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_recommendation_is_plain_json_and_comes_back_the_same(name: str) -> None:
    made = plan(name)
    assert Recommendation.model_validate_json(json.dumps(made.model_dump(mode="json"))) == made


def test_it_says_what_is_built_on_what_and_what_else_there_is() -> None:
    made = plan("flux-1-dev", fallback="any")

    assert made.build.blueprint == BLUEPRINT.name
    assert len(made.build.loads) == 7
    assert made.hardware is not None
    assert (made.hardware.flavor, made.hardware.size, made.hardware.usd_per_hour) == ("zero-a10g", "large", 0)
    prices = {option.flavor: option.usd_per_hour for option in made.hardware.alternatives}
    assert prices["l40sx1"] == 1.8
    assert made.memory is not None
    assert made.memory.gpu_bytes == sum(part.bytes for part in made.memory.gpu)
    assert made.blockers == ()


def test_time_and_money_are_those_of_the_job_and_of_the_space_until_it_sleeps() -> None:
    expected = plan("qwen3-32b", fallback="any").expected

    assert expected is not None
    assert expected.minutes == pytest.approx(sum(part.minutes for part in expected.parts), abs=0.3)
    assert expected.job_usd == pytest.approx(0.6 * expected.minutes / 60, abs=0.01)
    assert expected.space_usd == pytest.approx(2.5 * (expected.minutes + 15) / 60, abs=0.01)


def test_free_hardware_costs_nothing() -> None:
    expected = plan("minilm").expected

    assert expected is not None
    assert expected.space_usd == 0


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("flux-1-dev", "The model is gated"),
        ("flux-1-dev", "flux-1-dev-non-commercial-license, does not allow every use"),
        ("flux-1-dev", "packs the weights on disk"),
        ("mms-tts-eng", "cc-by-nc-4.0"),
        ("longcat-video", "twice as fast"),
        ("florence-2-large", "code of its own"),
        ("nllb-200-600m", "pickles"),
        ("gpt-oss-20b", "packed with mxfp4: the app installs kernels"),
        ("llama-3.1-8b-gguf", "saves no memory"),
    ],
)
def test_a_risk_is_named(name: str, said: str) -> None:
    assert any(said in risk for risk in plan(name).risks)


def test_a_model_without_risks_has_none() -> None:
    assert plan("minilm").risks == ()


@pytest.mark.parametrize(("name", "code"), [("deepseek-v3", "multi_gpu"), ("qwen3-8b-mlx", "no_hardware")])
def test_what_no_permission_can_solve_is_a_blocker(name: str, code: str) -> None:
    made = plan(name, fallback="any")

    assert [blocker.code for blocker in made.blockers] == [code]
    assert made.expected is None


def test_what_only_needs_permission_is_no_blocker() -> None:
    made = plan("qwen3-32b")

    assert made.blockers == ()
    assert made.hardware is not None
    assert made.hardware.flavor is None
    assert "fallback=a100-large" in made.hardware.reason
    assert made.expected is not None
    assert (made.expected.flavor, made.expected.space_usd) == ("a100-large", pytest.approx(1.5, abs=0.2))
    assert any("It costs money while it is awake" in risk for risk in made.risks)


def test_a_blocker_is_said_once() -> None:
    card, needed = recorded("mixtral-8x7b").card, estimated("mixtral-8x7b")
    choice = choose(needed, OFFERS, Wishes())
    same = Blocker(code="multi_gpu", message="Too large.", tried="")

    assert recommend(card, "", estimate=needed, choice=choice, blockers=(same,)).blockers == (same,)


def test_a_plan_that_ended_early_says_why() -> None:
    made = recommend(recorded("kokoro").card, "No blueprint covers text-to-speech yet.")

    assert made.build.blueprint is None
    assert made.build.reason == "No blueprint covers text-to-speech yet."
    assert (made.memory, made.hardware, made.expected) == (None, None, None)
