"""Tiny models that answer questions about pictures: in a conversation, and with the question as it stands."""

from pathlib import Path

from tests.models.tiny.registry import tiny
from tests.models.tiny.vision import LOUD, SMALL, card, square
from tests.models.tiny.vocabulary import byte_pairs, unlikely

TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n"
    "{% for part in message['content'] %}{% if part['type'] == 'image' %}<image>{% else %}"
    "{{ part['text'] }}{% endif %}{% endfor %}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


@tiny("image-text-to-text")
def llava(folder: Path) -> None:
    from transformers import (
        CLIPImageProcessorPil,
        CLIPVisionConfig,
        LlamaConfig,
        LlavaConfig,
        LlavaForConditionalGeneration,
        LlavaProcessor,
    )

    special = ("<pad>", "<s>", "<|im_start|>", "<|im_end|>", "<image>")
    marks = {"pad_token": "<pad>", "bos_token": "<s>", "eos_token": "<|im_end|>"}
    extra = {"additional_special_tokens": ["<image>", "<|im_start|>"]}
    tokenizer = byte_pairs(folder, special, **marks, **extra)
    ids = {name: tokenizer.convert_tokens_to_ids(token) for name, token in marks.items()}
    text = LlamaConfig(
        vocab_size=len(tokenizer),
        num_key_value_heads=2,
        max_position_embeddings=512,
        **{f"{name}_id": number for name, number in ids.items()},
        **SMALL,
        **LOUD,
    )
    vision = CLIPVisionConfig(image_size=32, patch_size=8, projection_dim=16, **SMALL, **LOUD)
    image = tokenizer.convert_tokens_to_ids("<image>")
    seeing = {"vision_feature_layer": -1, "vision_feature_select_strategy": "default"}
    config = LlavaConfig(
        text_config=text.to_dict(), vision_config=vision.to_dict(), image_token_index=image, **seeing
    )
    LlavaForConditionalGeneration(config).save_pretrained(folder)
    LlavaProcessor(
        image_processor=CLIPImageProcessorPil(size={"shortest_edge": 32}, crop_size=square(32)),
        tokenizer=tokenizer,
        patch_size=8,
        vision_feature_select_strategy="default",
        num_additional_image_tokens=1,
        chat_template=TEMPLATE,
    ).save_pretrained(folder)
    card(folder, "image-text-to-text", more="tags:\n- conversational\n")


@tiny("image-text-to-text")
def blip2(folder: Path) -> None:
    """It has no template of a conversation."""
    from transformers import (
        Blip2Config,
        Blip2ForConditionalGeneration,
        Blip2Processor,
        BlipImageProcessorPil,
        OPTConfig,
    )

    marks = {"pad_token": "<pad>", "bos_token": "</s>", "eos_token": "</s>"}
    extra = {"additional_special_tokens": ["<image>"]}
    tokenizer = byte_pairs(folder, ("<pad>", "</s>", "<image>"), **marks, **extra)
    text = OPTConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        ffn_dim=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        word_embed_proj_dim=32,
        max_position_embeddings=512,
        init_std=0.4,
        pad_token_id=0,
        bos_token_id=1,
        eos_token_id=1,
    )
    config = Blip2Config(
        vision_config={"image_size": 32, "patch_size": 8, **SMALL, **LOUD},
        qformer_config={"vocab_size": len(tokenizer), "encoder_hidden_size": 32, **SMALL, **LOUD},
        text_config=text.to_dict(),
        num_query_tokens=4,
        image_token_index=tokenizer.convert_tokens_to_ids("<image>"),
    )
    model = Blip2ForConditionalGeneration(config)
    model.query_tokens.data.normal_()
    unlikely(model.language_model.get_output_embeddings(), tokenizer)
    model.save_pretrained(folder)
    Blip2Processor(BlipImageProcessorPil(size=square(32)), tokenizer, num_query_tokens=4).save_pretrained(
        folder
    )
    card(folder, "image-to-text")
