"""The local Hub tells of a model what the real one does: read from its files, and shown to its clients."""

import pytest
from huggingface_hub import HfApi

from tests.harness.local_hub import LocalHub


@pytest.fixture
def api(hub: LocalHub) -> HfApi:
    return hub.api("alice")


KINDS = {
    "chat": ("transformers", "text-generation", "AutoModelForCausalLM", {"BF16": 40800}),
    "sharded": ("transformers", "text-generation", "AutoModelForCausalLM", {"F32": 40800}),
    "reviews": ("transformers", "text-classification", "AutoModelForSequenceClassification", {"F32": 30978}),
    "masked": ("transformers", "fill-mask", "AutoModelForMaskedLM", {"F32": 31291}),
    "abacus": ("transformers", None, "AutoModel", {"F32": 20}),
    "pictures": ("diffusers", "text-to-image", None, None),
    "style": ("diffusers", "text-to-image", None, None),
    "sentences": ("sentence-transformers", "sentence-similarity", "AutoModel", {"F32": 30912}),
    "quantized": ("gguf", None, None, None),
}
TAGS = {
    "chat": {"safetensors", "llama", "conversational"},
    "abacus": {"custom_code", "safetensors"},
    "pictures": {"diffusers:StableDiffusionPipeline"},
    "style": {"lora", "base_model:adapter:alice/pictures"},
    "adapter": {"lora", "base_model:adapter:alice/chat"},
    "quantized": {"gguf", "conversational", "base_model:quantized:alice/chat"},
}


@pytest.mark.parametrize("name", KINDS)
def test_library_task_and_size_are_told(api: HfApi, name: str) -> None:
    info = api.model_info(f"alice/{name}")
    auto_model = info.transformers_info.auto_model if info.transformers_info else None
    counted = info.safetensors.parameters if info.safetensors else None
    assert (info.library_name, info.pipeline_tag, auto_model, counted) == KINDS[name]


@pytest.mark.parametrize("name", TAGS)
def test_tags_are_found_in_the_files(api: HfApi, name: str) -> None:
    told = api.model_info(f"alice/{name}").tags
    assert told is not None
    assert set(told) >= TAGS[name]


def test_the_config_is_the_telling_part_of_it(api: HfApi) -> None:
    def config(name: str) -> dict[str, object]:
        found = api.model_info(f"alice/{name}", expand=["config"]).config
        assert found is not None
        return found

    assert config("chat")["architectures"] == ["LlamaForCausalLM"]
    assert str(config("chat")["chat_template_jinja"]).startswith("{% for m in messages %}")
    assert config("abacus")["auto_map"] == {"AutoConfig": "abacus.AbacusConfig", "AutoModel": "abacus.Abacus"}
    assert config("pictures") == {"diffusers": {"_class_name": "StableDiffusionPipeline"}}
    peft = {"base_model_name_or_path": "alice/chat", "task_type": "CAUSAL_LM"}
    assert config("adapter")["peft"] == peft
    assert api.model_info("alice/masked").mask_token == "<mask>"


def test_counts_agree_with_those_of_the_client(api: HfApi) -> None:
    for name in ("chat", "sharded"):
        told = api.model_info(f"alice/{name}", expand=["safetensors"]).safetensors
        assert told is not None
        assert told.parameters == api.get_safetensors_metadata(f"alice/{name}").parameter_count
        assert told.total == 40800


def test_a_gguf_file_is_read(api: HfApi) -> None:
    told = api.model_info("alice/quantized").gguf
    assert told is not None
    assert {key: told[key] for key in told if key != "chat_template"} == {
        "total": 48,
        "architecture": "llama",
        "context_length": 512,
        "bos_token": "<s>",
        "eos_token": "</s>",
    }


def test_a_revision_has_facts_of_its_own(api: HfApi) -> None:
    info = api.model_info("alice/reviews", revision="v2", files_metadata=True)
    assert info.safetensors is not None
    assert {file.rfilename: file.size for file in info.siblings or []}["model.safetensors"]


def test_models_are_listed_by_what_was_found_out(api: HfApi) -> None:
    found = {model.id for model in api.list_models(author="alice", filter="text-generation")}
    assert found == {"alice/chat", "alice/sharded", "alice/private", "alice/gated"}
    assert [model.id for model in api.list_models(filter="gguf")] == ["alice/quantized"]
