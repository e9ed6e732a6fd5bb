"""Tiny models that make sound out of several models in one: MusicGen and Bark."""

import json
from pathlib import Path
from typing import Any

from tests.models.tiny.registry import tiny, write_card
from tests.models.tiny.vocabulary import byte_pairs, wordpiece


def _codec() -> Any:
    from transformers import EncodecConfig

    return EncodecConfig(
        target_bandwidths=[1.5],
        sampling_rate=16000,
        num_filters=4,
        upsampling_ratios=[8, 5, 4, 2],
        codebook_size=64,
        codebook_dim=16,
        hidden_size=16,
        num_lstm_layers=1,
        num_residual_layers=1,
        normalize=False,
    )


@tiny("text-to-audio")
def musicgen(folder: Path) -> None:
    from transformers import (
        EncodecFeatureExtractor,
        MusicgenConfig,
        MusicgenDecoderConfig,
        MusicgenForConditionalGeneration,
        MusicgenProcessor,
        T5Config,
    )

    marks = {"pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"}
    tokenizer = byte_pairs(folder, tuple(marks.values()), ending="</s>", **marks)
    words = T5Config(
        vocab_size=len(tokenizer),
        d_model=32,
        d_kv=8,
        d_ff=64,
        num_layers=2,
        num_heads=4,
        initializer_factor=3.0,
    )
    codes = {"vocab_size": 64, "num_codebooks": 2, "pad_token_id": 64, "bos_token_id": 64}
    shape = {"hidden_size": 16, "ffn_dim": 32, "num_hidden_layers": 2, "num_attention_heads": 2}
    config = MusicgenConfig(
        text_encoder=words.to_dict(),
        audio_encoder=_codec().to_dict(),
        decoder=MusicgenDecoderConfig(**codes, **shape).to_dict(),
    )
    model = MusicgenForConditionalGeneration(config)
    writing = model.generation_config
    writing.max_length, writing.do_sample, writing.guidance_scale = 60, True, None
    writing.decoder_start_token_id = writing.pad_token_id = writing.bos_token_id = 64
    for name, weights in model.named_parameters():
        if name.startswith("decoder") and weights.ndim > 1:
            weights.data.normal_(std=0.7)
    for layer in model.audio_encoder.quantizer.layers:
        layer.codebook.embed.normal_()  # nothing else writes them
    model.save_pretrained(folder)
    MusicgenProcessor(EncodecFeatureExtractor(sampling_rate=16000), tokenizer).save_pretrained(folder)
    write_card(folder, "pipeline_tag: text-to-audio\nlibrary_name: transformers\nlicense: cc-by-nc-4.0")


@tiny("text-to-audio")
def bark(folder: Path) -> None:
    from transformers import (
        BarkCoarseConfig,
        BarkConfig,
        BarkFineConfig,
        BarkModel,
        BarkProcessor,
        BarkSemanticConfig,
    )

    tokenizer = wordpiece(folder)
    shape = {"hidden_size": 32, "num_layers": 2, "num_heads": 2, "block_size": 1024, "initializer_range": 0.5}
    semantic = BarkSemanticConfig(input_vocab_size=700, output_vocab_size=72, **shape)
    coarse = BarkCoarseConfig(input_vocab_size=300, output_vocab_size=300, **shape)
    fine = BarkFineConfig(
        input_vocab_size=65, output_vocab_size=65, n_codes_total=4, n_codes_given=1, **shape
    )
    config = BarkConfig(
        semantic_config=semantic.to_dict(),
        coarse_acoustics_config=coarse.to_dict(),
        fine_acoustics_config=fine.to_dict(),
        codec_config=_codec().to_dict(),
    )
    model = BarkModel(config)
    for layer in model.codec_model.quantizer.layers:
        layer.codebook.embed.normal_()
    model.save_pretrained(folder)
    (folder / "generation_config.json").write_text(json.dumps(_bark_generation(), indent=1))
    BarkProcessor(tokenizer).save_pretrained(folder)
    write_card(folder, "pipeline_tag: text-to-speech\nlibrary_name: transformers\nlicense: mit\nlanguage: en")


def _bark_generation() -> dict[str, Any]:
    semantic = {
        "max_new_tokens": 20,
        "max_input_semantic_length": 32,
        "text_encoding_offset": 100,
        "text_pad_token": 600,
        "semantic_infer_token": 601,
        "semantic_pad_token": 64,
        "semantic_vocab_size": 64,
        "eos_token_id": 64,
        "do_sample": True,
    }
    coarse = {
        "max_coarse_history": 60,
        "max_coarse_input_length": 32,
        "sliding_window_len": 20,
        "coarse_semantic_pad_token": 280,
        "coarse_infer_token": 281,
        "coarse_rate_hz": 50,
        "n_coarse_codebooks": 2,
        "do_sample": True,
    }
    fine = {
        "max_fine_history_length": 64,
        "max_fine_input_length": 128,
        "n_fine_codebooks": 4,
        "do_sample": True,
    }
    return {
        "model_type": "bark",
        "codebook_size": 64,
        "sample_rate": 16000,
        "semantic_config": semantic,
        "coarse_acoustics_config": coarse,
        "fine_acoustics_config": fine,
    }
