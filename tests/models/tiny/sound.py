"""Tiny models that hear and speak."""

import json
from pathlib import Path
from typing import Any

from tests.models.tiny.registry import tiny, write_card
from tests.models.tiny.vocabulary import byte_pairs

SMALL = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
HEARING = {
    **SMALL,
    "conv_dim": (16,) * 7,
    "num_conv_pos_embeddings": 16,
    "num_conv_pos_embedding_groups": 2,
    "initializer_range": 0.5,
}
END = "<|endoftext|>"


def card(folder: Path, task: str) -> None:
    write_card(folder, f"pipeline_tag: {task}\nlibrary_name: transformers\nlicense: mit\nlanguage: en")


@tiny("automatic-speech-recognition")
def wav2vec2_letters(folder: Path) -> None:
    from transformers import (
        Wav2Vec2Config,
        Wav2Vec2CTCTokenizer,
        Wav2Vec2FeatureExtractor,
        Wav2Vec2ForCTC,
        Wav2Vec2Processor,
    )

    letters = ["<pad>", "<s>", "</s>", "<unk>", "|", *"abcdefghijklmnopqrstuvwxyz'"]
    vocabulary = folder / "vocab.json"
    vocabulary.write_text(json.dumps({letter: number for number, letter in enumerate(letters)}))
    tokenizer = Wav2Vec2CTCTokenizer(str(vocabulary), word_delimiter_token="|")
    model = Wav2Vec2ForCTC(Wav2Vec2Config(vocab_size=len(letters), pad_token_id=0, **HEARING))
    model.save_pretrained(folder)
    Wav2Vec2Processor(Wav2Vec2FeatureExtractor(sampling_rate=16000), tokenizer).save_pretrained(folder)
    card(folder, "automatic-speech-recognition")


@tiny("automatic-speech-recognition")
def whisper(folder: Path) -> None:
    from transformers import (
        WhisperConfig,
        WhisperFeatureExtractor,
        WhisperForConditionalGeneration,
        WhisperProcessor,
        WhisperTokenizer,
    )

    trained = json.loads(byte_pairs(folder).backend_tokenizer.to_str())["model"]
    marks = dict.fromkeys(("unk_token", "bos_token", "eos_token", "pad_token"), END)
    merges = [tuple(each.split(" ")) if isinstance(each, str) else tuple(each) for each in trained["merges"]]
    tokenizer = WhisperTokenizer(vocab=trained["vocab"], merges=merges, **marks)
    words = ("startoftranscript", "en", "de", "translate", "transcribe", "startofprev", "notimestamps")
    tokenizer.add_tokens([f"<|{word}|>" for word in words], special_tokens=True)
    tokenizer.add_tokens([f"<|{step * 0.02:.2f}|>" for step in range(1501)])
    number: Any = tokenizer.convert_tokens_to_ids
    ends = dict.fromkeys(("eos_token_id", "bos_token_id", "pad_token_id"), number(END))
    layers = {"encoder_layers": 2, "decoder_layers": 2}
    heads = {"encoder_attention_heads": 2, "decoder_attention_heads": 2}
    widths = {"d_model": 32, "encoder_ffn_dim": 64, "decoder_ffn_dim": 64, "max_target_positions": 64}
    config = WhisperConfig(
        vocab_size=len(tokenizer),
        decoder_start_token_id=number("<|startoftranscript|>"),
        init_std=0.4,
        begin_suppress_tokens=None,
        **ends,
        **layers,
        **heads,
        **widths,
    )
    model = WhisperForConditionalGeneration(config)
    writing = model.generation_config
    writing.lang_to_id = {f"<|{code}|>": number(f"<|{code}|>") for code in ("en", "de")}
    writing.task_to_id = {task: number(f"<|{task}|>") for task in ("transcribe", "translate")}
    writing.no_timestamps_token_id = number("<|notimestamps|>")
    writing.is_multilingual, writing.max_length, writing.max_initial_timestamp_index = True, 32, 50
    writing.prev_sot_token_id = number("<|startofprev|>")
    model.save_pretrained(folder)
    WhisperProcessor(WhisperFeatureExtractor(feature_size=80), tokenizer).save_pretrained(folder)
    card(folder, "automatic-speech-recognition")


@tiny("audio-classification")
def wav2vec2_moods(folder: Path) -> None:
    from transformers import Wav2Vec2Config, Wav2Vec2FeatureExtractor, Wav2Vec2ForSequenceClassification

    moods = {"id2label": {0: "happy", 1: "sad"}, "label2id": {"happy": 0, "sad": 1}}
    config = Wav2Vec2Config(classifier_proj_size=16, **HEARING, **moods)
    Wav2Vec2ForSequenceClassification(config).save_pretrained(folder)
    Wav2Vec2FeatureExtractor(sampling_rate=16000).save_pretrained(folder)
    card(folder, "audio-classification")


@tiny("text-to-audio")
def vits(folder: Path) -> None:
    from transformers import VitsConfig, VitsModel, VitsTokenizer

    letters = ["<pad>", *" abcdefghijklmnopqrstuvwxyz'-", "<unk>"]
    vocabulary = folder / "vocab.json"
    vocabulary.write_text(json.dumps({letter: number for number, letter in enumerate(letters)}))
    VitsTokenizer(str(vocabulary), language="eng", phonemize=False, is_uroman=False).save_pretrained(folder)
    config = VitsConfig(
        vocab_size=len(letters),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        ffn_dim=32,
        flow_size=16,
        spectrogram_bins=65,
        upsample_initial_channel=32,
        upsample_rates=[8, 8, 4],
        upsample_kernel_sizes=[16, 16, 8],
        resblock_kernel_sizes=[3],
        resblock_dilation_sizes=[[1, 3]],
        posterior_encoder_num_wavenet_layers=2,
        prior_encoder_num_flows=2,
        prior_encoder_num_wavenet_layers=2,
        depth_separable_num_layers=2,
        duration_predictor_num_flows=2,
        duration_predictor_filter_channels=16,
        wavenet_dilation_rate=1,
        initializer_range=0.3,
    )
    VitsModel(config).save_pretrained(folder)
    card(folder, "text-to-speech")
