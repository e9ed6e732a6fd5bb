"""How an estimate is put together, and that a hostile config cannot break it."""

import pytest
from pydantic import JsonValue

from tests.worker.recorded_models import NAMES, estimated, recorded
from worker.blueprints import Family
from worker.card import Card
from worker.estimate import GB, Estimate, Place
from worker.loader import Loader
from worker.memory import estimate, family_of
from worker.model_shape import active_parameters, cache_bytes

LLAMA: dict[str, JsonValue] = {
    "num_hidden_layers": 32,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "hidden_size": 4096,
    "max_position_embeddings": 131072,
}


def card(files: dict[str, int], config: dict[str, JsonValue] | None = None, **other: object) -> Card:
    values: dict[str, object] = {
        "model_id": "a/b",
        "revision": "0" * 40,
        "files": files,
        "config": config or {},
    }
    return Card.model_validate(values | other)


def of(parts: str, name: str) -> int:
    """One part of a recorded model's estimate."""
    return next(part.bytes for part in getattr(estimated(name), parts) if part.name == "weights")


@pytest.mark.parametrize("name", NAMES)
def test_the_parts_add_up_and_each_has_a_reason(name: str) -> None:
    made = estimated(name)

    assert made.gpu_bytes == sum(part.bytes for part in made.gpu)
    assert all(part.reason and part.bytes >= 0 for part in (*made.gpu, *made.cpu, *made.loading, *made.disk))
    assert Estimate.model_validate(made.model_dump()) == made


def test_keys_and_values_are_counted_for_every_layer() -> None:
    assert cache_bytes(LLAMA, 4096) == 2 * 32 * 8 * 128 * 4096 * 2
    assert cache_bytes({**LLAMA, "max_position_embeddings": 1024}, 4096) == 2 * 32 * 8 * 128 * 1024 * 2


def test_the_text_model_inside_a_vision_model_has_the_cache() -> None:
    alone = card({"model.safetensors": GB}, LLAMA)
    inside = card(
        {"model.safetensors": GB}, {"text_config": LLAMA, "vision_config": {"num_hidden_layers": 99}}
    )

    made = [estimate(each, Loader.TRANSFORMERS, Family.LLM).gpu for each in (alone, inside)]
    assert made[0] == made[1]


def test_a_config_that_says_nothing_costs_a_tenth() -> None:
    made = estimate(card({"model.safetensors": GB}), Loader.TRANSFORMERS, Family.LLM)
    assert [part.bytes for part in made.gpu if part.name == "cache"] == [GB // 10]


def test_a_pipeline_of_32_bits_is_held_in_16_on_a_gpu_and_in_32_on_a_cpu() -> None:
    assert of("gpu", "sd15") == pytest.approx(2.74 * GB, rel=0.01)
    assert of("cpu", "sd15") == pytest.approx(5.48 * GB, rel=0.01)
    assert of("disk", "sd15") == pytest.approx(5.48 * GB, rel=0.01)


def test_headers_that_were_read_tell_what_sizes_cannot() -> None:
    wan = recorded("wan2.2-t2v")
    blind = estimate(wan.card, Loader.DIFFUSERS, Family.VIDEO)
    seeing = estimate(wan.card, Loader.DIFFUSERS, Family.VIDEO, types=wan.header_types)

    assert blind.weights_on_gpu == pytest.approx(126 * GB, rel=0.01)
    assert seeing.weights_on_gpu == pytest.approx(69 * GB, rel=0.01)
    assert any("not known" in note for note in blind.notes)
    assert seeing.notes == ()


def test_other_families_keep_what_is_stored_unless_the_config_says_otherwise() -> None:
    files, counted = {"model.safetensors": 4 * GB}, {"F32": GB}
    kept = estimate(card(files, parameters=counted), Loader.TRANSFORMERS, Family.LLM)
    halved = estimate(
        card(files, {"torch_dtype": "float16"}, parameters=counted), Loader.TRANSFORMERS, Family.LLM
    )

    assert (kept.weights_on_gpu, kept.computes_in) == (4 * GB, "F32")
    assert (halved.weights_on_gpu, halved.computes_in) == (2 * GB, "F16")


def test_an_adapter_stands_on_its_base_and_the_bases_spare_files_cost_no_disk() -> None:
    base, lora = estimated("flux-1-dev"), estimated("flux-lora")

    assert lora.weights_on_gpu == base.weights_on_gpu + 613_000_000
    assert lora.disk_bytes == base.disk_bytes + 613_000_000
    assert lora.disk_bytes < 45 * GB
    assert [part.name for part in lora.gpu[:2]] == ["weights", "weights of the base model"]


def test_an_adapter_without_its_base_fits_nowhere() -> None:
    made = estimate(recorded("flux-lora").card, Loader.DIFFUSERS_LORA, Family.DIFFUSION)
    assert set(made.closed) == set(Place)


def test_a_gguf_file_is_counted_as_it_is_unpacked() -> None:
    made = estimated("llama-3.1-8b-gguf")

    assert made.parameters == pytest.approx(8.03 * GB, rel=0.03)
    assert made.weights_on_gpu == made.parameters * 2
    assert made.loading_bytes / made.parameters == pytest.approx(3.2, abs=0.2)
    assert made.loading_seconds > estimated("llama-3.1-8b").loading_seconds + 100
    assert made.disk[0].bytes == 4.92 * GB


def test_packed_numbers_stay_packed_and_name_what_unpacks_them() -> None:
    made = estimated("gpt-oss-20b")

    assert made.weights_on_gpu == made.disk[0].bytes
    assert made.parameters == pytest.approx(20.9 * GB, rel=0.02)
    assert made.quantisation is not None
    assert made.quantisation.packages == ("kernels",)
    assert Place.CPU in made.closed


@pytest.mark.parametrize(
    ("name", "billion"),
    [("mixtral-8x7b", 12.9), ("gpt-oss-20b", 3.6), ("deepseek-v3", 51), ("qwen3-8b", 8.2)],
)
def test_only_the_experts_that_a_token_visits_are_active(name: str, billion: float) -> None:
    """DeepSeek gives 37: it does not count the part that guesses further tokens."""
    assert estimated(name).active_parameters / GB == pytest.approx(billion, rel=0.2)


def test_a_pickle_may_take_its_size_twice_while_it_loads() -> None:
    pickled = estimate(card({"pytorch_model.bin": GB}), Loader.TRANSFORMERS, Family.ENCODER)
    safe = estimate(
        card({"model.safetensors": GB}, parameters={"F32": 1}), Loader.TRANSFORMERS, Family.ENCODER
    )

    assert pickled.loading_bytes == safe.loading_bytes + GB
    assert pickled.cpu_bytes > safe.cpu_bytes


def test_a_pickle_is_in_the_type_that_its_config_names() -> None:
    made = estimate(
        card({"pytorch_model.bin": 2 * GB}, {"torch_dtype": "float16"}), Loader.TRANSFORMERS, Family.LLM
    )

    assert made.weights_on_gpu == 2 * GB
    assert made.parameters == GB


def test_a_repo_without_weights_fits_nowhere() -> None:
    made = estimate(card({"README.md": 5}), Loader.UNKNOWN, Family.ENCODER)
    assert set(made.closed) == set(Place)


@pytest.mark.parametrize(
    ("tag", "family"),
    [
        ("text-to-video", Family.VIDEO),
        ("translation", Family.SEQ2SEQ),
        (None, Family.ENCODER),
        ("x", Family.ENCODER),
    ],
)
def test_every_task_has_a_family(tag: str | None, family: Family) -> None:
    assert family_of(tag) is family


HOSTILE: list[dict[str, JsonValue]] = [
    {"num_hidden_layers": "many", "num_attention_heads": None},
    {"num_hidden_layers": -4, "num_attention_heads": 0, "hidden_size": True},
    {"num_hidden_layers": 10**30, "num_attention_heads": 1.5},
    {"text_config": "x", "quantization_config": []},
    {"text_config": {"text_config": {}}, "quantization_config": {"quant_method": ["awq"]}},
    {"quantization_config": {"quant_method": "<script>" * 1000}},
    {"num_experts": 8, "num_experts_per_tok": 9, "torch_dtype": {"a": 1}, "dtype": 7},
]


@pytest.mark.parametrize("config", HOSTILE)
@pytest.mark.parametrize("loader", Loader)
def test_no_config_breaks_an_estimate(config: dict[str, JsonValue], loader: Loader) -> None:
    odd = card({"model.safetensors": GB, "m.gguf": GB, "adapter_model.bin": 0}, config, parameters={"??": 3})
    made = estimate(odd, loader, Family.LLM)

    assert made.gpu_bytes >= 0
    assert all(len(reason) < 200 for reason in made.closed.values())


@pytest.mark.parametrize("visited", [1, 64, 99, -1])
def test_active_parameters_are_never_more_than_all(visited: int) -> None:
    lying: dict[str, JsonValue] = {
        **LLAMA,
        "num_experts": 64,
        "num_experts_per_tok": visited,
        "intermediate_size": 10**7,
    }
    assert 0 < active_parameters(lying, 1000) <= 1000
