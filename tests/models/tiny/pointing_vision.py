"""Tiny models that find in pictures what they are told to look for, and one that makes pictures larger."""

from pathlib import Path

from tests.models.tiny.registry import tiny
from tests.models.tiny.vision import LOUD, SMALL, card, square
from tests.models.tiny.vocabulary import byte_pairs

ENDS = ("<|startoftext|>", "<|endoftext|>")
MARKS = {"bos_token": ENDS[0], **dict.fromkeys(("eos_token", "unk_token", "pad_token"), ENDS[1])}


@tiny("mask-generation")
def sam(folder: Path) -> None:
    from transformers import SamConfig, SamImageProcessorPil, SamModel, SamProcessor

    config = SamConfig(
        vision_config={
            **SMALL,
            **LOUD,
            "output_channels": 16,
            "image_size": 64,
            "patch_size": 8,
            "num_pos_feats": 8,
            "global_attn_indexes": [1],
            "window_size": 4,
            "mlp_dim": 64,
        },
        prompt_encoder_config={
            "hidden_size": 16,
            "image_size": 64,
            "patch_size": 8,
            "mask_input_channels": 4,
        },
        mask_decoder_config={
            "hidden_size": 16,
            "mlp_dim": 32,
            "num_attention_heads": 2,
            "iou_head_hidden_dim": 16,
        },
    )
    model = SamModel(config)
    for weights in model.mask_decoder.parameters():
        if weights.ndim > 1:
            weights.data.normal_(std=0.5)
    model.save_pretrained(folder)
    pictures = SamImageProcessorPil(
        size={"longest_edge": 64},
        pad_size=square(64),
        mask_size={"longest_edge": 16},
        mask_pad_size=square(16),
    )
    SamProcessor(pictures).save_pretrained(folder)
    card(folder, "mask-generation")


@tiny("zero-shot-object-detection")
def owlvit(folder: Path) -> None:
    import torch
    from transformers import OwlViTConfig, OwlViTForObjectDetection, OwlViTImageProcessorPil, OwlViTProcessor

    tokenizer = byte_pairs(folder, ENDS, ending=ENDS[1], **MARKS)
    tokenizer.model_max_length = 16
    words = {"bos_token_id": 0, "eos_token_id": 1, "pad_token_id": 1, "max_position_embeddings": 16}
    model = OwlViTForObjectDetection(
        OwlViTConfig(
            text_config={"vocab_size": len(tokenizer), **words, **SMALL, **LOUD},
            vision_config={"image_size": 64, "patch_size": 16, **SMALL, **LOUD},
            projection_dim=32,
        )
    )
    with torch.no_grad():
        for weights in (*model.class_head.parameters(), *model.box_head.parameters()):
            if weights.ndim > 1:
                weights.normal_(std=0.4)
        model.class_head.logit_shift.bias.fill_(1.0)  # so that it is sure of a few
    model.save_pretrained(folder)
    pictures = OwlViTImageProcessorPil(size=square(64), crop_size=square(64))
    OwlViTProcessor(pictures, tokenizer).save_pretrained(folder)
    card(folder, "zero-shot-object-detection")


@tiny("image-to-image-upscaling")
def swin2sr(folder: Path) -> None:
    from transformers import Swin2SRConfig, Swin2SRForImageSuperResolution, Swin2SRImageProcessorPil

    config = Swin2SRConfig(
        image_size=32,
        embed_dim=16,
        depths=[1, 1],
        num_heads=[2, 2],
        window_size=4,
        upscale=2,
        mlp_ratio=2.0,
        **LOUD,
    )
    Swin2SRForImageSuperResolution(config).save_pretrained(folder)
    Swin2SRImageProcessorPil().save_pretrained(folder)
    card(folder, "image-to-image")
