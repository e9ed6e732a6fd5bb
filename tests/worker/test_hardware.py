"""Which hardware well-known models get, and what the requester's wishes change."""

from typing import NamedTuple

import pytest

from bot.localhub.hardware import FOR_SPACES
from tests.worker.recorded_models import NAMES, estimated, recorded
from worker.estimate import GB, Place
from worker.hardware import Choice, Obstacle, Wishes, choose
from worker.hardware_offers import read_offers

OFFERS = read_offers(flavor.as_json() for flavor in FOR_SPACES.values())


class Expected(NamedTuple):
    """The hardware that is chosen when nothing may cost money; the memory it needs, in GB, within bounds;
    and the cheapest fixed GPU for when ZeroGPU is refused."""

    flavor: str
    size: str | None
    least: float
    most: float
    fixed_gpu: str | None
    why: str


CPU, ZERO = "cpu-basic", "zero-a10g"
PAID, TOO_LARGE, NONE = Obstacle.NOT_ALLOWED, Obstacle.TOO_LARGE, Obstacle.NOT_POSSIBLE
EXPECTED = {
    "bert-base-uncased": Expected(CPU, None, 1, 2, "t4-small", "110 M parameters, of eight formats one"),
    "bge-m3": Expected(
        CPU, None, 4, 6, "t4-small", "568 M parameters, as a pickle: twice 2.3 GB while loading"
    ),
    "cogvideox-5b": Expected(
        ZERO, "large", 27, 35, "l40sx1", "its card measures 26 GB in bf16 without tiling"
    ),
    "cross-encoder": Expected(CPU, None, 0.7, 1.2, "t4-small", "23 M parameters"),
    "deepseek-v3": Expected(TOO_LARGE, None, 690, 800, None, "689 GB in FP8: no machine of one GPU"),
    "depth-anything-v2-small": Expected(CPU, None, 0.7, 1.2, "t4-small", "25 M parameters"),
    "detr-resnet-50": Expected(CPU, None, 0.8, 1.3, "t4-small", "42 M parameters"),
    "florence-2-large": Expected(CPU, None, 3, 4.5, "t4-small", "0.77 B parameters in a 16-bit pickle"),
    "flux-1-dev": Expected(
        ZERO, "large", 36, 43, "l40sx1", "34 GB of parts, not the 24 GB root file besides"
    ),
    "flux-1-schnell": Expected(ZERO, "large", 36, 43, "l40sx1", "as FLUX.1-dev"),
    "flux-lora": Expected(
        ZERO, "large", 36, 43, "l40sx1", "its base and 0.6 GB; the base's root file is no disk"
    ),
    "gpt-oss-20b": Expected(ZERO, "large", 14, 18, "l4x1", "14 GB in mxfp4; its card says 16 GB"),
    "kokoro": Expected(CPU, None, 1, 2, "t4-small", "82 M parameters"),
    "llama-3.1-8b": Expected(ZERO, "large", 17, 20, "l4x1", "16 GB in bf16, without original/"),
    "llama-3.1-8b-gguf": Expected(
        ZERO, "large", 17, 22, "a10g-large", "unpacked to 16 GB, over 26 GB of RAM"
    ),
    "longcat-video": Expected(
        ZERO, "xlarge", 43, 60, "a100-large", "13.6 B and a 5.7 B text encoder in bf16"
    ),
    "ltx-video": Expected(ZERO, "large", 20, 26, "l40sx1", "14 GB of parts in bf16, of 100 GB in the repo"),
    "minilm": Expected(CPU, None, 0.7, 1.2, "t4-small", "23 M parameters"),
    "mixtral-8x7b": Expected(TOO_LARGE, None, 95, 110, None, "all experts are in memory: 93 GB"),
    "mms-tts-eng": Expected(CPU, None, 1, 1.6, "t4-small", "36 M parameters"),
    "musicgen-small": Expected(
        ZERO, "large", 3.5, 6, "t4-small", "a CPU takes minutes for some seconds of music"
    ),
    "nllb-200-600m": Expected(CPU, None, 5, 6.5, "t4-small", "615 M parameters, as a pickle"),
    "opus-mt-en-de": Expected(CPU, None, 1, 1.6, "t4-small", "75 M parameters"),
    "parakeet-tdt-0.6b": Expected(ZERO, "large", 3.5, 6, "t4-small", "0.6 B parameters that listen"),
    "qwen2.5-32b-awq": Expected(
        ZERO, "large", 21, 25, "l40sx1", "19 GB in 4 bits is too much for an L4's 24"
    ),
    "qwen2.5-vl-7b": Expected(ZERO, "large", 17, 21, "l4x1", "16.6 GB in bf16"),
    "qwen3-0.6b": Expected(CPU, None, 2.5, 3.5, "l4x1", "small enough to chat on a CPU; bf16, so no T4"),
    "qwen3-32b": Expected(PAID, None, 67, 75, "a100-large", "65.5 GB: ZeroGPU has no disk for two copies"),
    "qwen3-8b": Expected(ZERO, "large", 17, 21, "l4x1", "16.4 GB in bf16"),
    "qwen3-8b-mlx": Expected(NONE, None, 5, 8, None, "nothing on a Space opens MLX"),
    "sam-vit-base": Expected(CPU, None, 1, 1.6, "t4-small", "94 M parameters"),
    "sam-vit-huge": Expected(ZERO, "large", 3, 5, "t4-small", "a mask for every point takes a CPU minutes"),
    "sd15": Expected(ZERO, "large", 4, 6, "l4x1", "2.7 GB in bf16, of 40 GB in the repo"),
    "sdxl": Expected(ZERO, "large", 8, 11, "l4x1", "7 GB in bf16, of 90 GB in the repo"),
    "timm-resnet50": Expected(CPU, None, 0.7, 1.2, "t4-small", "26 M parameters"),
    "wan2.2-i2v": Expected(
        PAID, None, 75, 86, "rtx-pro-6000", "two experts of 14 B: its card asks for 80 GB"
    ),
    "wan2.2-t2v": Expected(
        PAID, None, 75, 86, "rtx-pro-6000", "as the other; stored in 32 bits, 126 GB of disk"
    ),
    "whisper-large-v3": Expected(ZERO, "large", 4.5, 6, "t4-small", "1.5 B parameters are slow on a CPU"),
    "whisper-small": Expected(CPU, None, 2, 3, "t4-small", "242 M parameters, of four formats one"),
}


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
    assert "fallback=a100-large" in choice.reason


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
        ("t4-small", "Not t4-small, which you asked for: it needs 18.6 GB of 16.0 GB GPU memory."),
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
        ("wan2.2-t2v", ZERO, "it needs 203.9 GB of 100.0 GB disk"),
        ("llama-3.1-8b-gguf", "l4x1", "loading takes 25.8 GB of 30.0 GB memory"),
        ("flux-1-dev", "l4x1", "it needs 39.3 GB of 24.0 GB GPU memory"),
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
