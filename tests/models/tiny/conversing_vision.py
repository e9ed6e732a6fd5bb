"""A tiny model that answers questions about pictures."""

from pathlib import Path

from tests.models.tiny.registry import tiny
from tests.models.tiny.vision import LOUD, SMALL, card, square
from tests.models.tiny.vocabulary import byte_pairs

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
