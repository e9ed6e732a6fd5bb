"""What the Hub shows as a model's `config`: the telling parts of its config files, of whatever library."""

from collections.abc import Mapping
from typing import Any

from bot.localhub.repo_json import read_json, read_text
from bot.localhub.repos import Blob
from bot.localhub.state import Hub

SHOWN = ("architectures", "model_type", "auto_map")
OF_QUANTIZATION = ("bits", "load_in_4bit", "load_in_8bit", "quant_method")
OF_TOKENIZER = (
    "bos_token",
    "chat_template",
    "cls_token",
    "eos_token",
    "mask_token",
    "pad_token",
    "sep_token",
    "unk_token",
    "use_default_system_prompt",
)
OF_ADAPTER = ("base_model_name_or_path", "task_type")


def config_of(hub: Hub, files: Mapping[str, Blob]) -> dict[str, Any]:
    config = read_json(hub, files, "config.json")
    adapter = read_json(hub, files, "adapter_config.json")
    shown = {
        **_only(config, SHOWN),
        "quantization_config": _only(_mapping(config.get("quantization_config")), OF_QUANTIZATION),
        "diffusers": _only(read_json(hub, files, "model_index.json") or config, ("_class_name",)),
        "peft": _only(adapter, OF_ADAPTER),
        "processor_config": _only(_processor(hub, files), ("chat_template",)),
        "chat_template_jinja": read_text(hub, files, "chat_template.jinja"),
    }
    found = {key: value for key, value in shown.items() if value}
    if "tokenizer_config.json" in files:
        found["tokenizer_config"] = _only(read_json(hub, files, "tokenizer_config.json"), OF_TOKENIZER)
    return found


def has_chat_template(config: Mapping[str, Any]) -> bool:
    places = (config.get("tokenizer_config", {}), config.get("processor_config", {}))
    return "chat_template_jinja" in config or any(place.get("chat_template") for place in places)


def _processor(hub: Hub, files: Mapping[str, Blob]) -> Mapping[str, Any]:
    return read_json(hub, files, "chat_template.json") or read_json(hub, files, "processor_config.json")


def _only(found: Mapping[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: found[key] for key in keys if key in found}


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
