"""Tiny models that turn a text into another one: summaries and translations."""

import json
from pathlib import Path
from typing import Any

from tests.models.tiny.registry import tiny, write_card
from tests.models.tiny.vocabulary import byte_pairs, sentence_pieces, unlikely

SPECIAL = ("<pad>", "</s>", "<unk>")
SMALL = {
    "d_model": 32,
    "encoder_layers": 2,
    "decoder_layers": 2,
    "encoder_attention_heads": 4,
    "decoder_attention_heads": 4,
    "encoder_ffn_dim": 64,
    "decoder_ffn_dim": 64,
    "max_position_embeddings": 512,
    "init_std": 0.5,
}


def _t5(folder: Path, tasks: dict[str, dict[str, str]], *, only_reads: bool = False) -> None:
    from transformers import T5Config, T5EncoderModel, T5ForConditionalGeneration

    tokenizer = byte_pairs(
        folder, SPECIAL, ending="</s>", eos_token="</s>", pad_token="<pad>", unk_token="<unk>"
    )
    config = T5Config(
        vocab_size=len(tokenizer),
        d_model=32,
        d_kv=8,
        d_ff=64,
        num_layers=2,
        num_heads=4,
        pad_token_id=0,
        eos_token_id=1,
        decoder_start_token_id=0,
        initializer_factor=3.0,
        tie_word_embeddings=False,
        task_specific_params=tasks,
    )
    if only_reads:
        T5EncoderModel(config).save_pretrained(folder)
        return
    model = T5ForConditionalGeneration(config)
    unlikely(model.lm_head, tokenizer)
    model.save_pretrained(folder)


@tiny("feature-extraction")
def t5_features(folder: Path) -> None:
    """The half of a T5 that reads, as text encoders of pipelines are published."""
    _t5(folder, {}, only_reads=True)
    write_card(folder, "pipeline_tag: feature-extraction\nlibrary_name: transformers\nlicense: apache-2.0")


@tiny("sequence-to-sequence")
def t5_summary(folder: Path) -> None:
    _t5(folder, {"summarization": {"prefix": "summarize: "}})
    write_card(
        folder,
        """
pipeline_tag: summarization
library_name: transformers
license: apache-2.0
language: en
widget:
- text: The parcel arrived early and works perfectly. It was cheaper than all the others, too.
""",
    )


@tiny("sequence-to-sequence")
def bart_text(folder: Path) -> None:
    from transformers import BartConfig, BartForConditionalGeneration

    tokenizer = byte_pairs(
        folder, SPECIAL, ending="</s>", eos_token="</s>", pad_token="<pad>", unk_token="<unk>"
    )
    config = BartConfig(
        vocab_size=len(tokenizer),
        pad_token_id=0,
        bos_token_id=1,
        eos_token_id=1,
        forced_eos_token_id=1,
        decoder_start_token_id=1,
        **SMALL,
    )
    model = BartForConditionalGeneration(config)
    unlikely(model.get_output_embeddings(), tokenizer)
    model.save_pretrained(folder)
    write_card(folder, "pipeline_tag: text2text-generation\nlibrary_name: transformers\nlicense: mit")


@tiny("translation")
def t5_translation(folder: Path) -> None:
    _t5(
        folder,
        {
            "translation_en_to_de": {"prefix": "translate English to German: "},
            "translation_en_to_fr": {"prefix": "translate English to French: "},
        },
    )
    write_card(
        folder,
        "pipeline_tag: translation\nlibrary_name: transformers\nlicense: apache-2.0\nlanguage: [en, de, fr]",
    )


@tiny("translation")
def opus_mt(folder: Path) -> None:
    from transformers import MarianConfig, MarianMTModel, MarianTokenizer

    pieces = sentence_pieces(folder, "source.spm")
    sentence_pieces(folder, "target.spm")
    words = ["</s>", "<unk>", *(each for each in pieces if each not in SPECIAL and each != "<s>"), "<pad>"]
    (folder / "vocab.json").write_text(json.dumps({word: index for index, word in enumerate(words)}))
    tokenizer = MarianTokenizer(
        str(folder / "source.spm"), str(folder / "target.spm"), str(folder / "vocab.json")
    )
    tokenizer.save_pretrained(folder)
    last = len(words) - 1
    config = MarianConfig(
        vocab_size=len(words), pad_token_id=last, eos_token_id=0, decoder_start_token_id=last, **SMALL
    )
    model = MarianMTModel(config)
    for name, weights in model.named_parameters():
        if "encoder_attn" in name:
            weights.data *= 8  # else the text that is read hardly matters
    unlikely(model.get_output_embeddings(), tokenizer)
    model.save_pretrained(folder)
    write_card(
        folder,
        """
pipeline_tag: translation
library_name: transformers
license: cc-by-4.0
language: [en, de]
tags: [marian]
widget:
- text: My name is Sarah and I live in London.
""",
    )


@tiny("translation-multilingual")
def nllb(folder: Path) -> None:
    from transformers import NllbTokenizer

    trained = json.loads(_merges())
    tokenizer = NllbTokenizer(
        vocab=trained["vocab"],
        merges=[tuple(each) for each in trained["merges"]],
        extra_special_tokens=["eng_Latn", "deu_Latn", "fra_Latn"],
        model_max_length=512,
    )
    tokenizer.save_pretrained(folder)
    _m2m(folder, tokenizer, len(tokenizer))
    write_card(
        folder,
        """
pipeline_tag: translation
library_name: transformers
license: cc-by-nc-4.0
language: [en, de, fr]
tags: [nllb]
""",
    )


@tiny("translation-multilingual")
def m2m100(folder: Path) -> None:
    from transformers import M2M100Tokenizer

    pieces = sentence_pieces(folder, "sentencepiece.bpe.model")
    words = ["<s>", "<pad>", "</s>", "<unk>", *(each for each in pieces if not each.startswith("<"))]
    (folder / "vocab.json").write_text(json.dumps({word: index for index, word in enumerate(words)}))
    tokenizer = M2M100Tokenizer(str(folder / "vocab.json"), str(folder / "sentencepiece.bpe.model"))
    tokenizer.save_pretrained(folder)
    _m2m(folder, tokenizer, len(words) + len(tokenizer.lang_code_to_id) + tokenizer.num_madeup_words)
    write_card(
        folder,
        """
pipeline_tag: translation
library_name: transformers
license: mit
language: [multilingual]
widget:
- text: Paris is the capital of France.
""",
    )


def _m2m(folder: Path, tokenizer: Any, words: int) -> None:
    from transformers import M2M100Config, M2M100ForConditionalGeneration

    config = M2M100Config(
        vocab_size=words,
        pad_token_id=tokenizer.pad_token_id,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        decoder_start_token_id=tokenizer.eos_token_id,
        **SMALL,
    )
    model = M2M100ForConditionalGeneration(config)
    unlikely(model.get_output_embeddings(), tokenizer)
    model.save_pretrained(folder)


def _merges() -> str:
    """Byte pairs of pieces that begin with ▁, as NLLB's tokenizer has them."""
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    from tests.models.tiny.vocabulary import SENTENCES

    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=True)
    trainer = trainers.BpeTrainer(
        vocab_size=200, special_tokens=["<s>", "<pad>", "</s>", "<unk>"], show_progress=False
    )
    tokenizer.train_from_iterator(SENTENCES, trainer)
    return json.dumps(json.loads(tokenizer.to_str())["model"])
