"""What config.json tells about a language model's inside: its cache, its experts. Read as hostile input."""

from collections.abc import Mapping

from pydantic import JsonValue


def text_config(config: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """The configuration of what writes the text, in a model that also sees or hears."""
    inner = config.get("text_config") or config.get("llm_config")
    return {**config, **inner} if isinstance(inner, dict) else config


def cache_bytes(config: Mapping[str, JsonValue], context: int) -> int | None:
    """Keys and values of every layer, two bytes each; None where the config is silent."""
    layers = _number(config, "num_hidden_layers", "n_layer")
    heads = _number(config, "num_attention_heads", "n_head")
    if not layers or not heads:
        return None
    tokens = min(context, _number(config, "max_position_embeddings", "n_positions") or context)
    if _number(config, "kv_lora_rank"):  # transformers keeps these unpacked, per head
        keys = _number(config, "qk_nope_head_dim") + _number(config, "qk_rope_head_dim")
        return 2 * layers * heads * tokens * (keys + _number(config, "v_head_dim"))
    width = _number(config, "head_dim") or _number(config, "hidden_size", "n_embd") // heads
    return 2 * 2 * layers * (_number(config, "num_key_value_heads") or heads) * width * tokens


def active_parameters(config: Mapping[str, JsonValue], every: int) -> int:
    """Parameters that one token goes through: without the experts that it does not visit."""
    experts = _number(config, "num_local_experts", "num_experts", "n_routed_experts")
    visited = _number(config, "num_experts_per_tok", "experts_per_token")
    if not experts or not 0 < visited < experts:
        return every
    inner = _number(config, "moe_intermediate_size", "intermediate_size")
    layers = _number(config, "num_hidden_layers") - _number(config, "first_k_dense_replace")
    one = 3 * _number(config, "hidden_size") * inner * layers
    return max(every - one * (experts - visited), every * visited // experts)


def _number(config: Mapping[str, JsonValue], *names: str) -> int:
    """The first of the names that the config gives a sane number for, or 0."""
    values = (config.get(name) for name in names)
    sane = (value for value in values if isinstance(value, int) and not isinstance(value, bool))
    return next((value for value in sane if 0 < value < 10**8), 0)
