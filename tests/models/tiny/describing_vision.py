"""Tiny models that read what is written in a picture: TrOCR, and Pix2Struct, which takes it in patches."""

from pathlib import Path

from tests.models.tiny.registry import tiny
from tests.models.tiny.vision import LOUD, SMALL, card, square
from tests.models.tiny.vocabulary import byte_pairs, unlikely

SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
MARKS = {"bos_token": "<s>", "pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"}
ENDS = {"bos_token_id": 0, "pad_token_id": 1, "eos_token_id": 2}


@tiny("image-to-text")
def trocr(folder: Path) -> None:
    from transformers import (
        TrOCRConfig,
        TrOCRForCausalLM,
        TrOCRProcessor,
        VisionEncoderDecoderModel,
        ViTConfig,
        ViTImageProcessorPil,
        ViTModel,
    )

    tokenizer = byte_pairs(folder, SPECIAL, ending="</s>", **MARKS)
    writing = TrOCRConfig(
        vocab_size=len(tokenizer),
        d_model=32,
        decoder_layers=2,
        decoder_attention_heads=2,
        decoder_ffn_dim=64,
        max_position_embeddings=300,
        init_std=0.5,
        cross_attention_hidden_size=32,
        **ENDS,
    )
    model = VisionEncoderDecoderModel(
        encoder=ViTModel(ViTConfig(image_size=32, patch_size=8, **SMALL, **LOUD)),
        decoder=TrOCRForCausalLM(writing),
    )
    unlikely(model.decoder.get_output_embeddings(), tokenizer)
    for config in (model.config, model.generation_config):
        config.decoder_start_token_id, config.pad_token_id, config.eos_token_id = 2, 1, 2
    model.save_pretrained(folder)
    TrOCRProcessor(ViTImageProcessorPil(size=square(32)), tokenizer).save_pretrained(folder)
    card(folder, "image-to-text")


@tiny("image-to-text")
def pix2struct(folder: Path) -> None:
    from transformers import (
        Pix2StructConfig,
        Pix2StructForConditionalGeneration,
        Pix2StructImageProcessorPil,
        Pix2StructProcessor,
    )

    tokenizer = byte_pairs(
        folder, ("<pad>", "</s>", "<unk>"), ending="</s>", **{**MARKS, "bos_token": "<pad>"}
    )
    widths = {"hidden_size": 32, "d_kv": 16, "d_ff": 64, "num_heads": 2, "initializer_factor": 2.0}
    marks = {"pad_token_id": 0, "eos_token_id": 1, "decoder_start_token_id": 0}
    config = Pix2StructConfig(
        text_config={"vocab_size": len(tokenizer), "num_layers": 2, **widths, **marks},
        vision_config={
            **LOUD,
            "hidden_size": 32,
            "patch_embed_hidden_size": 3 * 8 * 8,
            "d_kv": 16,
            "d_ff": 64,
            "num_hidden_layers": 2,
            "num_attention_heads": 2,
            "seq_len": 64,
        },
    )
    model = Pix2StructForConditionalGeneration(config)
    unlikely(model.decoder.get_output_embeddings(), tokenizer)
    for name, weights in model.named_parameters():
        if "encoder_decoder_attention" in name:
            weights.data *= 4  # else what is seen hardly matters
    for key, value in marks.items():
        setattr(model.generation_config, key, value)
    model.save_pretrained(folder)
    pictures = Pix2StructImageProcessorPil(max_patches=64, patch_size=square(8))
    Pix2StructProcessor(pictures, tokenizer).save_pretrained(folder)
    card(folder, "image-to-text")
