"""Which hardware well-known models get, and what the requester's wishes change."""

import pytest

from bot.localhub.hardware import FOR_SPACES
from tests.worker.expected_hardware import CPU, EXPECTED, ZERO
from tests.worker.recorded_models import NAMES, estimated, recorded
from worker.estimate import GB, Place
from worker.hardware import Choice, Obstacle, Wishes, choose
from worker.hardware_offers import read_offers

OFFERS = read_offers(flavor.as_json() for flavor in FOR_SPACES.values())


def test_every_recorded_model_is_expected() -> None:
    assert set(NAMES) == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_well_known_model_gets_the_hardware_that_people_use_for_it(name: str) -> None:
    expected, needed = EXPECTED[name], estimated(name)
    choice = choose(needed, OFFERS, Wishes())

    got = choice.chosen.flavor if choice.chosen else choice.obstacle
    assert (got, choice.chosen and choice.chosen.size) == (expected.flavor, expected.size), choice.reason
    memory = needed.cpu_bytes if got == CPU else needed.gpu_bytes
    assert expected.least <= memory / GB <= expected.most


@pytest.mark.parametrize("name", EXPECTED)
def test_the_cheapest_fixed_gpu_is_known_for_when_the_choice_is_refused(name: str) -> None:
    choice = choose(estimated(name), OFFERS, Wishes(fallback="any"))

    every = [choice.chosen, *choice.alternatives] if choice.chosen else []
    fixed = [option.flavor for option in every if option.place is Place.GPU]
    assert (fixed[0] if fixed else None) == EXPECTED[name].fixed_gpu


@pytest.mark.parametrize("name", NAMES)
def test_a_record_says_where_its_numbers_come_from(name: str) -> None:
    assert "from memory" in recorded(name).source


def chosen(name: str, **wishes: object) -> Choice:
    return choose(estimated(name), OFFERS, Wishes.model_validate(wishes))


def refused(choice: Choice, flavor: str) -> str:
    """The reason against a flavor; against the larger size where it has two."""
    return [each.reason for each in choice.refusals if each.flavor == flavor][-1]


def test_paid_hardware_is_offered_but_never_taken_without_permission() -> None:
    choice = chosen("qwen3-32b")

    assert choice.chosen is None
    assert choice.obstacle is Obstacle.NOT_ALLOWED
    assert choice.alternatives[0].flavor == "a100-large"
    assert "$2.50 an hour" in choice.reason
    assert choice.reason.endswith("To allow it, ask again with the option fallback=a100-large.")


def test_a_price_cap_in_the_way_is_named() -> None:
    choice = chosen("qwen3-32b", most_usd_per_hour=2.0, fallback="any")

    assert "Your price cap is $2.00 an hour: raise it" in choice.reason


def test_a_packed_file_that_grows_when_it_is_opened_is_no_riddle() -> None:
    reason = chosen("llama-3.3-70b-gguf", fallback="any").reason

    assert "of GPU memory because the GGUF file is unpacked to 16 bits" in reason
    assert "of which 86.4 GB can be used" in reason


@pytest.mark.parametrize("name", NAMES)
def test_whatever_does_not_fit_comes_with_what_to_ask_for(name: str) -> None:
    choice = chosen(name)

    assert choice.chosen or "Ask for" in choice.reason or "ask again with the option" in choice.reason


@pytest.mark.parametrize(
    "wishes", [{"fallback": "any"}, {"fallback": "a100-large"}, {"hardware": "a100-large"}]
)
def test_paid_hardware_that_is_allowed_is_taken_and_goes_to_sleep(wishes: dict[str, str]) -> None:
    choice = chosen("qwen3-32b", **wishes)

    assert choice.chosen is not None
    assert choice.chosen.flavor == "a100-large"
    assert choice.chosen.usd_per_hour == 2.5
    assert choice.chosen.sleep_seconds == 900


@pytest.mark.parametrize(
    "wishes", [{"fallback": "any"}, {"fallback": "a100-large"}, {"hardware": "a100-large"}]
)
def test_the_price_cap_holds_for_every_permission(wishes: dict[str, str]) -> None:
    choice = chosen("qwen3-32b", most_usd_per_hour=2.0, **wishes)

    assert choice.obstacle is Obstacle.NOT_ALLOWED


def test_free_hardware_comes_first_even_where_paid_hardware_is_allowed() -> None:
    choice = chosen("flux-1-dev", fallback="any")

    assert choice.chosen is not None
    assert choice.chosen.flavor == ZERO
    assert choice.chosen.sleep_seconds is None
    assert choice.fallbacks[0].flavor == "l40sx1"


def test_only_the_named_fallback_may_be_tried_after_a_refusal() -> None:
    choice = chosen("flux-1-dev", fallback="a100-large")

    assert [option.flavor for option in choice.fallbacks] == ["a100-large"]


def test_zero_gpu_stands_in_where_an_account_may_not_have_a_free_cpu() -> None:
    assert [option.flavor for option in chosen("minilm").fallbacks] == [ZERO]


def test_a_wish_is_followed_where_it_fits() -> None:
    choice = chosen("minilm", hardware=ZERO)

    assert choice.chosen is not None
    assert (choice.chosen.flavor, choice.chosen.size) == (ZERO, "large")


@pytest.mark.parametrize(
    ("hardware", "said"),
    [
        (
            "t4-small",
            "Not t4-small, which you asked for: it needs 18.6 GB of GPU memory, and 14.4 GB of 16.0 GB can",
        ),
        ("cpu-basic", "8.0 billion parameters take too long for an answer on a CPU"),
        ("h100", "Not h100, which you asked for: the Hub does not offer it."),
    ],
)
def test_a_wish_that_cannot_be_is_answered_with_its_reason(hardware: str, said: str) -> None:
    choice = chosen("llama-3.1-8b", hardware=hardware)

    assert choice.chosen is not None
    assert choice.chosen.flavor == ZERO
    assert said in choice.reason


@pytest.mark.parametrize(
    ("name", "flavor", "reason"),
    [
        ("qwen3-0.6b", "t4-small", "T4 has no bf16, which the model computes in"),
        ("wan2.2-t2v", ZERO, "it needs 203.9 GB of disk, and there are 100.0 GB"),
        ("llama-3.1-8b-gguf", "l4x1", "loading takes 25.8 GB of memory, and 25.5 GB of 30.0 GB can be used"),
        ("flux-1-dev", "l4x1", "it needs 39.3 GB of GPU memory, and 21.6 GB of 24.0 GB can be used"),
        ("flux-1-dev", "l4x4", "the app computes on one GPU and would leave the others idle"),
        ("flux-1-dev", CPU, "16.9 billion parameters take too long for an answer on a CPU"),
        ("qwen2.5-32b-awq", CPU, "the kernels of awq run on a GPU"),
        ("qwen3-8b-mlx", CPU, "MLX opens on Apple's computers only"),
    ],
)
def test_hardware_that_does_not_fit_is_listed_with_the_reason(name: str, flavor: str, reason: str) -> None:
    choice = chosen(name, fallback="any")
    assert reason in refused(choice, flavor)


@pytest.mark.parametrize(
    ("wishes", "taken"),
    [
        ({"fallback": "any"}, False),
        ({"fallback": "l40sx1"}, True),
        ({"fallback": "l40sx1", "most_usd_per_hour": 99}, False),
    ],
)
def test_hardware_without_a_price_is_taken_by_name_only(wishes: dict[str, object], taken: bool) -> None:
    unpriced = tuple(
        offer.model_copy(update={"usd_per_hour": None}) for offer in OFFERS if offer.name == "l40sx1"
    )
    choice = choose(estimated("flux-1-dev"), unpriced, Wishes.model_validate(wishes))

    assert bool(choice.chosen) is taken


def test_zero_gpu_is_for_gradio_only() -> None:
    assert refused(chosen("qwen3-8b", sdk="docker"), ZERO) == "ZeroGPU runs Gradio apps only"


def test_quantised_numbers_need_a_gpu_that_knows_them() -> None:
    needed = estimated("deepseek-v3").model_copy(update={"gpu": (), "loading": (), "disk": ()})
    choice = choose(needed, OFFERS, Wishes(fallback="any"))

    assert refused(choice, "a100-large") == "fp8 needs compute capability 8.9, and A100 has 8.0"
