"""Tiny language models: of GPT-2's kind, made for a conversation, in GGUF format, and an adapter."""

import json
from pathlib import Path
from typing import Any

from tests.models.tiny.registry import tiny, write_card
from tests.models.tiny.vocabulary import byte_pairs, unlikely

TURNS = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")


@tiny("text-generation")
def gpt2(folder: Path) -> None:
    from transformers import GPT2Config, GPT2LMHeadModel

    tokenizer = byte_pairs(folder, SPECIAL[:1], eos_token=SPECIAL[0], bos_token=SPECIAL[0])
    config = GPT2Config(
        vocab_size=len(tokenizer),
        n_positions=256,
        n_embd=32,
        n_layer=2,
        n_head=2,
        bos_token_id=0,
        eos_token_id=0,
        initializer_range=0.4,
    )
    model = GPT2LMHeadModel(config)
    unlikely(model.get_output_embeddings(), tokenizer)
    model.save_pretrained(folder)
    write_card(
        folder,
        """
pipeline_tag: text-generation
library_name: transformers
license: mit
language: en
widget:
- text: My name is Sarah and I
""",
    )


@tiny("text-generation")
def llama_chat(folder: Path) -> None:
    import torch

    tokenizer = byte_pairs(folder, SPECIAL, eos_token=SPECIAL[2], bos_token=SPECIAL[0], chat_template=TURNS)
    model = _llama(tokenizer)
    model.to(torch.bfloat16).save_pretrained(folder)
    write_card(
        folder,
        """
pipeline_tag: text-generation
library_name: transformers
license: apache-2.0
tags: [conversational]
""",
    )


@tiny("text-generation-peft", needs=("llama-chat",))
def llama_adapter(folder: Path) -> None:
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM

    base = AutoModelForCausalLM.from_pretrained(folder.parent / "llama-chat", dtype=torch.float32)
    config = LoraConfig(
        r=4, target_modules=["q_proj", "v_proj"], init_lora_weights=False, task_type="CAUSAL_LM"
    )
    get_peft_model(base, config).save_pretrained(folder)
    written = folder / "adapter_config.json"
    values = json.loads(written.read_text()) | {"base_model_name_or_path": "tiny/llama-chat"}
    written.write_text(json.dumps(values, indent=2))
    write_card(
        folder,
        """
pipeline_tag: text-generation
library_name: peft
base_model: tiny/llama-chat
license: apache-2.0
tags: [lora]
""",
    )


@tiny("text-generation-gguf", needs=("llama-chat",))
def llama_gguf(folder: Path) -> None:
    """Two quantisations by name, as such repos have them; the smaller one's name comes first by the rules."""
    tokenizer = byte_pairs(folder, SPECIAL, eos_token=SPECIAL[2], bos_token=SPECIAL[0], chat_template=TURNS)
    for name in ("llama-tiny.Q4_K_M.gguf", "llama-tiny.Q8_0.gguf"):
        _write_gguf(folder / name, tokenizer, _llama(tokenizer))
    for each in folder.glob("*.json"):  # such repos have none
        each.unlink()
    (folder / "chat_template.jinja").unlink(missing_ok=True)
    write_card(
        folder,
        """
pipeline_tag: text-generation
library_name: gguf
base_model: tiny/llama-chat
license: apache-2.0
tags: [gguf, conversational]
""",
    )


def _llama(tokenizer: Any) -> Any:
    from transformers import LlamaConfig, LlamaForCausalLM

    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=512,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        initializer_range=0.4,
        tie_word_embeddings=False,
    )
    model = LlamaForCausalLM(config)
    unlikely(model.lm_head, tokenizer)
    return model


NAMES = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
}
"""What the layers' tensors are called in GGUF."""


def _write_gguf(file: Path, tokenizer: Any, model: Any) -> None:
    import gguf

    config = model.config
    writer = gguf.GGUFWriter(str(file), "llama")
    writer.add_name("tiny llama")
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_rope_dimension_count(config.hidden_size // config.num_attention_heads)
    writer.add_vocab_size(config.vocab_size)
    writer.add_file_type(1)
    _write_words(writer, tokenizer)
    for name, tensor in model.state_dict().items():
        values = tensor.float().numpy()
        writer.add_tensor(_name(name), values if values.ndim == 1 else values.astype("float16"))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _write_words(writer: Any, tokenizer: Any) -> None:
    model = json.loads(tokenizer.backend_tokenizer.to_str())["model"]
    words = [word for word, _ in sorted(tokenizer.get_vocab().items(), key=lambda each: each[1])]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(words)
    writer.add_token_types([3 if word in SPECIAL else 1 for word in words])
    writer.add_token_merges([each if isinstance(each, str) else " ".join(each) for each in model["merges"]])
    writer.add_bos_token_id(tokenizer.bos_token_id)
    writer.add_eos_token_id(tokenizer.eos_token_id)
    writer.add_add_bos_token(False)
    writer.add_chat_template(TURNS)


def _name(name: str) -> str:
    outer = {"model.embed_tokens": "token_embd", "model.norm": "output_norm", "lm_head": "output"}
    path, _, kind = name.rpartition(".")
    if path in outer:
        return f"{outer[path]}.{kind}"
    _, _, layer, inner = path.split(".", 3)
    return f"blk.{layer}.{NAMES[inner]}.{kind}"
