"""What the Hub finds out about a model from its files, when its card is silent; broken files tell nothing."""

import json
import struct
from collections.abc import Callable

import pytest
from huggingface_hub import CommitOperationAdd, ModelInfo

from tests.harness.local_hub import LocalHub

Tell = Callable[[dict[str, object]], ModelInfo]


@pytest.fixture
def told_of(hub: LocalHub, model: str) -> Tell:
    """What the Hub tells of a model with these files: JSON, text or bytes by path."""

    def tell(files: dict[str, object]) -> ModelInfo:
        adding = [CommitOperationAdd(path, _bytes(content)) for path, content in files.items()]
        hub.api("alice").create_commit(model, adding, commit_message="Files")
        return hub.api().model_info(model)

    return tell


def _bytes(content: object) -> bytes:
    if isinstance(content, bytes):
        return content
    return (content if isinstance(content, str) else json.dumps(content)).encode()


def _safetensors(**tensors: tuple[str, list[int]]) -> bytes:
    """A file with these types and shapes, whose numbers are all zero."""
    header = {
        name: {"dtype": dtype, "shape": shape, "data_offsets": [0, 0]}
        for name, (dtype, shape) in tensors.items()
    }
    text = json.dumps({"__metadata__": {"format": "pt"}, **header}).encode()
    return struct.pack("<Q", len(text)) + text


CARD = """---
base_model: [big/one]
language: en
license: mit
datasets: [some/set]
---
See arxiv.org/abs/1706.03762
"""


def test_a_card_becomes_tags(told_of: Tell) -> None:
    told = told_of({"README.md": CARD, "config.json": {"model_type": "bert"}})
    assert told.tags == [
        *("transformers", "bert", "en", "dataset:some/set", "arxiv:1706.03762", "license:mit"),
        *("base_model:big/one", "base_model:finetune:big/one", "region:us"),
    ]
    assert told.transformers_info == {
        "auto_model": "AutoModel",
        "custom_class": None,
        "pipeline_tag": None,
        "processor": "AutoTokenizer",
    }


def test_a_quantized_model_says_how(told_of: Tell) -> None:
    config = {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "quantization_config": {"bits": 4, "quant_method": "gptq", "group_size": 128},
    }
    told = told_of({"README.md": CARD, "config.json": config, "model.safetensors": b"no safetensors"})
    assert (told.library_name, told.pipeline_tag, told.safetensors) == (
        "transformers",
        "text-generation",
        None,
    )
    assert told.config is not None
    assert told.config["quantization_config"] == {"bits": 4, "quant_method": "gptq"}
    assert told.tags is not None
    assert {"4-bit", "gptq", "base_model:quantized:big/one"} <= set(told.tags)


def test_code_of_its_own_is_named(told_of: Tell) -> None:
    auto_map = {"AutoConfig": "configuration_odd.OddConfig", "AutoModelForCausalLM": "modeling_odd.OddLM"}
    told = told_of({"config.json": {"architectures": ["OddLM"], "model_type": "odd", "auto_map": auto_map}})
    assert told.transformers_info is not None
    assert told.transformers_info.auto_model == "AutoModelForCausalLM"
    assert told.transformers_info.custom_class == "modeling_odd.OddLM"
    assert told.pipeline_tag == "text-generation"
    assert "custom_code" in (told.tags or [])


@pytest.mark.parametrize(
    ("files", "library", "task"),
    [
        ({"model_index.json": {"_class_name": "FluxPipeline"}}, "diffusers", "text-to-image"),
        ({"config.json": {"_class_name": "AutoencoderKL"}}, "diffusers", None),
        ({"config.json": {"architecture": "vit", "pretrained_cfg": {}}}, "timm", "image-classification"),
        (
            {"modules.json": "[]", "config.json": {"model_type": "bert"}},
            "sentence-transformers",
            "sentence-similarity",
        ),
        ({"adapter_config.json": {"peft_type": "LORA"}}, "peft", None),
        ({"model.nemo": "x"}, "nemo", None),
        ({"README.md": "---\ntags: [translation]\n---\n"}, None, "translation"),
        ({"README.md": "---\nlibrary_name: mlx\n---\n", "config.json": {"model_type": "llama"}}, "mlx", None),
    ],
)
def test_library_and_task_are_found_in_the_files(
    told_of: Tell, files: dict[str, object], library: str | None, task: str | None
) -> None:
    told = told_of(files)
    assert (told.library_name, told.pipeline_tag) == (library, task)


def test_parameters_are_counted_by_type_over_all_shards(told_of: Tell) -> None:
    shards = {
        "model-00001-of-00002.safetensors": _safetensors(a=("BF16", [3, 4]), b=("F32", [5])),
        "model-00002-of-00002.safetensors": _safetensors(c=("BF16", [7]), d=("I64", [])),
    }
    index = {"weight_map": dict(zip("abcd", [name for name in shards for _ in range(2)], strict=True))}
    told = told_of({**shards, "model.safetensors.index.json": index})
    assert told.safetensors is not None
    assert told.safetensors.parameters == {"BF16": 19, "F32": 5, "I64": 1}
    assert told.safetensors.total == 25


@pytest.mark.parametrize(
    "files",
    [
        {"config.json": "{" * 100_000, "tokenizer_config.json": "[]", "adapter_config.json": "null"},
        {
            "config.json": {
                "architectures": 7,
                "auto_map": [],
                "quantization_config": "x",
                "model_type": ["y"],
            }
        },
        {"model.safetensors": b"\xff" * 64},
        {"model.safetensors": struct.pack("<Q", 2) + b"[]"},
        {"model.safetensors": _safetensors(a=("F32", [2])).replace(b"[2]", b'"x"')},
        {"model.safetensors.index.json": {"weight_map": {"a": "not-there.safetensors"}}},
        {"model.gguf": b"GGUF"},
        {"model.gguf": b"GGUF" + struct.pack("<IQQ", 3, 2**63, 2**63)},
        {"model.gguf": b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1) + b"k" + struct.pack("<IIQ", 9, 9, 1) * 50},
        {"tokenizer_config.json": {"chat_template": 5, "mask_token": {"content": ["x"]}}, "config.json": "7"},
    ],
)
def test_broken_files_tell_nothing_and_break_nothing(told_of: Tell, files: dict[str, object]) -> None:
    told = told_of(files)
    assert (told.safetensors, told.gguf, told.mask_token) == (None, None, None)
