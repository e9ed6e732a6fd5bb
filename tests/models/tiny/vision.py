"""Tiny models that look at pictures."""

from pathlib import Path
from typing import Any

from tests.models.tiny.registry import tiny, write_card
from tests.models.tiny.vocabulary import byte_pairs, wordpiece

SMALL = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
LOUD = {"initializer_range": 0.4}
"""So that different pictures get clearly different answers."""


def animals() -> dict[str, Any]:
    names = ("cat", "dog", "bird")
    return {"id2label": dict(enumerate(names)), "label2id": {name: at for at, name in enumerate(names)}}


def square(side: int) -> dict[str, int]:
    return {"height": side, "width": side}


def card(folder: Path, task: str, library: str = "transformers", more: str = "") -> None:
    header = f"pipeline_tag: {task}\nlibrary_name: {library}\nlicense: apache-2.0\n{more}"
    write_card(folder, header)


@tiny("image-classification")
def vit_animals(folder: Path) -> None:
    from transformers import ViTConfig, ViTForImageClassification, ViTImageProcessorPil

    ViTImageProcessorPil(size=square(32)).save_pretrained(folder)
    config = ViTConfig(image_size=32, patch_size=8, **SMALL, **LOUD, **animals())
    ViTForImageClassification(config).save_pretrained(folder)
    card(folder, "image-classification")


@tiny("image-classification-timm")
def timm_animals(folder: Path) -> None:
    timm_model(folder)
    card(folder, "image-classification", "timm", "tags:\n- timm\n")


def timm_model(folder: Path) -> None:
    """A vision transformer as timm's own repos have it."""
    import json

    import timm
    from safetensors.torch import save_model

    shape = {"img_size": 32, "patch_size": 8, "embed_dim": 32, "depth": 2, "num_heads": 2, "num_classes": 3}
    model = timm.create_model("vit_tiny_patch16_224", **shape)
    for weights in model.parameters():
        weights.data += 0.3 * weights.data.new_empty(weights.shape).normal_()
    save_model(model, str(folder / "model.safetensors"))
    config = {
        "architecture": "vit_tiny_patch16_224",
        "num_classes": 3,
        "num_features": 32,
        "model_args": shape,
        "label_names": ["cat", "dog", "bird"],
        "pretrained_cfg": {
            "input_size": [3, 32, 32],
            "interpolation": "bicubic",
            "crop_pct": 0.9,
            "mean": [0.5, 0.5, 0.5],
            "std": [0.5, 0.5, 0.5],
            "num_classes": 3,
            "first_conv": "patch_embed.proj",
            "classifier": "head",
        },
    }
    (folder / "config.json").write_text(json.dumps(config, indent=1))


@tiny("zero-shot-image-classification")
def clip(folder: Path) -> None:
    from transformers import CLIPConfig, CLIPImageProcessorPil, CLIPModel, CLIPProcessor

    marks = {
        "bos_token": "<|startoftext|>",
        "eos_token": "<|endoftext|>",
        "unk_token": "<|endoftext|>",
        "pad_token": "<|endoftext|>",
    }
    tokenizer = byte_pairs(folder, ("<|startoftext|>", "<|endoftext|>"), ending="<|endoftext|>", **marks)
    tokenizer.model_max_length = 32
    size = {"size": {"shortest_edge": 32}, "crop_size": square(32)}
    CLIPProcessor(CLIPImageProcessorPil(**size), tokenizer).save_pretrained(folder)
    words = {"bos_token_id": 0, "eos_token_id": 1, "pad_token_id": 1, "max_position_embeddings": 32}
    text = {"vocab_size": len(tokenizer), **words, **SMALL, "projection_dim": 16}
    vision = {"image_size": 32, "patch_size": 8, **SMALL, "projection_dim": 16}
    CLIPModel(CLIPConfig(text_config=text, vision_config=vision, projection_dim=16)).save_pretrained(folder)
    card(folder, "zero-shot-image-classification")


@tiny("object-detection")
def yolos(folder: Path) -> None:
    import torch
    from transformers import YolosConfig, YolosForObjectDetection, YolosImageProcessorPil

    shape = {"image_size": [64, 64], "patch_size": 16, "num_detection_tokens": 8}
    model = YolosForObjectDetection(YolosConfig(**shape, **SMALL, **LOUD, **animals()))
    model.class_labels_classifier.layers[-1].bias.data = torch.tensor([1.0, 1.0, 0.0, -1.0])
    model.save_pretrained(folder)
    YolosImageProcessorPil(size={"shortest_edge": 64, "longest_edge": 96}).save_pretrained(folder)
    card(folder, "object-detection")


@tiny("image-segmentation")
def segformer(folder: Path) -> None:
    from transformers import SegformerConfig, SegformerForSemanticSegmentation, SegformerImageProcessorPil

    parts = {"depths": [1] * 4, "hidden_sizes": [8, 16, 24, 32], "num_attention_heads": [1, 1, 2, 2]}
    config = SegformerConfig(decoder_hidden_size=16, initializer_range=0.5, **parts, **animals())
    SegformerForSemanticSegmentation(config).save_pretrained(folder)
    SegformerImageProcessorPil(size=square(64)).save_pretrained(folder)
    card(folder, "image-segmentation")


@tiny("depth-estimation")
def glpn_depth(folder: Path) -> None:
    from transformers import GLPNConfig, GLPNForDepthEstimation, GLPNImageProcessorPil

    parts = {"depths": [1] * 4, "hidden_sizes": [8, 16, 24, 32], "num_attention_heads": [1, 1, 2, 2]}
    GLPNForDepthEstimation(GLPNConfig(decoder_hidden_size=16, **parts, **LOUD)).save_pretrained(folder)
    GLPNImageProcessorPil(size_divisor=32).save_pretrained(folder)
    card(folder, "depth-estimation")


@tiny("image-to-text")
def blip_caption(folder: Path) -> None:
    from transformers import BlipConfig, BlipForConditionalGeneration, BlipImageProcessorPil, BlipProcessor

    tokenizer = wordpiece(folder)
    ends = {"sep_token_id": tokenizer.sep_token_id, "eos_token_id": tokenizer.sep_token_id}
    words = {"bos_token_id": tokenizer.cls_token_id, "pad_token_id": tokenizer.pad_token_id, **ends}
    text = {"vocab_size": len(tokenizer), "encoder_hidden_size": 32, "max_position_embeddings": 64}
    config = BlipConfig(
        text_config={**text, **words, **SMALL, **LOUD},
        vision_config={"image_size": 32, "patch_size": 8, **SMALL, **LOUD},
        projection_dim=16,
        image_text_hidden_size=16,
    )
    BlipForConditionalGeneration(config).save_pretrained(folder)
    BlipProcessor(BlipImageProcessorPil(size=square(32)), tokenizer).save_pretrained(folder)
    card(folder, "image-to-text")


@tiny("image-to-text")
def vit_gpt2_caption(folder: Path) -> None:
    from transformers import (
        GPT2Config,
        GPT2LMHeadModel,
        VisionEncoderDecoderModel,
        ViTConfig,
        ViTImageProcessorPil,
        ViTModel,
    )

    end = "<|endoftext|>"
    tokenizer = byte_pairs(folder, (end,), bos_token=end, eos_token=end, pad_token=end)
    shape = {"n_positions": 64, "n_embd": 32, "n_layer": 2, "n_head": 2}
    reader = GPT2Config(vocab_size=len(tokenizer), add_cross_attention=True, is_decoder=True, **shape, **LOUD)
    model = VisionEncoderDecoderModel(
        encoder=ViTModel(ViTConfig(image_size=32, patch_size=8, **SMALL, **LOUD)),
        decoder=GPT2LMHeadModel(reader),
    )
    for config in (model.config, model.generation_config):
        config.decoder_start_token_id = config.pad_token_id = config.eos_token_id = 0
    model.save_pretrained(folder)
    ViTImageProcessorPil(size=square(32)).save_pretrained(folder)
    card(folder, "image-to-text")


@tiny("image-feature-extraction")
def vit_features(folder: Path) -> None:
    from transformers import ViTConfig, ViTImageProcessorPil, ViTModel

    ViTImageProcessorPil(size=square(32)).save_pretrained(folder)
    ViTModel(ViTConfig(image_size=32, patch_size=8, **SMALL, **LOUD)).save_pretrained(folder)
    card(folder, "image-feature-extraction")


@tiny("video-classification")
def videomae(folder: Path) -> None:
    from transformers import VideoMAEConfig, VideoMAEForVideoClassification, VideoMAEImageProcessorPil

    shape = {"image_size": 32, "patch_size": 8, "num_frames": 4, "tubelet_size": 2}
    config = VideoMAEConfig(**shape, **SMALL, **LOUD, **animals())
    VideoMAEForVideoClassification(config).save_pretrained(folder)
    size = {"size": {"shortest_edge": 32}, "crop_size": square(32)}
    VideoMAEImageProcessorPil(**size).save_pretrained(folder)
    card(folder, "video-classification")
