"""Tiny models that place pictures and texts in one space: SigLIP, and CLIP and timm as embeddings."""

from pathlib import Path

from tests.models.tiny.registry import ALL, tiny
from tests.models.tiny.vision import SMALL, card, square, timm_model
from tests.models.tiny.vocabulary import sentence_pieces


@tiny("zero-shot-image-classification")
def siglip(folder: Path) -> None:
    from transformers import (
        SiglipConfig,
        SiglipImageProcessorPil,
        SiglipModel,
        SiglipProcessor,
        SiglipTokenizer,
    )

    pieces = sentence_pieces(folder, "spiece.model")
    tokenizer = SiglipTokenizer(str(folder / "spiece.model"), model_max_length=64)
    text = {"vocab_size": len(pieces) + 8, "max_position_embeddings": 64, "pad_token_id": 1}
    config = SiglipConfig(
        text_config={**text, **SMALL, "projection_size": 32},
        vision_config={"image_size": 32, "patch_size": 8, **SMALL},
    )
    model = SiglipModel(config)
    for name, weights in model.named_parameters():
        if weights.ndim > 1 and "head" not in name:
            weights.data *= 3
    model.save_pretrained(folder)
    SiglipProcessor(SiglipImageProcessorPil(size=square(32)), tokenizer).save_pretrained(folder)
    card(folder, "zero-shot-image-classification")


@tiny("image-feature-extraction")
def clip_features(folder: Path) -> None:
    """The same model as for labels of one's own; the card asks for its numbers."""
    ALL["clip"].make(folder)
    card(folder, "image-feature-extraction")


@tiny("image-feature-extraction-timm")
def timm_features(folder: Path) -> None:
    timm_model(folder)
    card(folder, "image-feature-extraction", "timm", "tags:\n- timm\n")
