"""Tiny models of BERT's kind that read a text: gaps, names, answers, similarity, embeddings, ranking."""

from pathlib import Path
from typing import Any

from tests.models.tiny.registry import tiny, write_card
from tests.models.tiny.vocabulary import wordpiece


def _config(tokenizer: Any, **more: Any) -> Any:
    from transformers import BertConfig

    return BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=128,
        initializer_range=0.5,
        **more,
    )


def _labels(*names: str) -> dict[str, Any]:
    return {"id2label": dict(enumerate(names)), "label2id": {name: index for index, name in enumerate(names)}}


@tiny("question-answering")
def bert_answers(folder: Path) -> None:
    from transformers import BertForQuestionAnswering

    BertForQuestionAnswering(_config(wordpiece(folder))).save_pretrained(folder)
    write_card(
        folder,
        """
pipeline_tag: question-answering
library_name: transformers
license: cc-by-4.0
language: en
widget:
- text: Where do I live?
  context: My name is Sarah and I live in London. It rains on the hills, and the sea is blue.
""",
    )


@tiny("fill-mask")
def bert_gaps(folder: Path) -> None:
    from transformers import BertForMaskedLM

    BertForMaskedLM(_config(wordpiece(folder))).save_pretrained(folder)
    write_card(
        folder,
        """
pipeline_tag: fill-mask
library_name: transformers
license: apache-2.0
language: en
widget:
- text: Paris is the [MASK] of France.
""",
    )


@tiny("token-classification")
def bert_names(folder: Path) -> None:
    from transformers import BertForTokenClassification

    config = _config(wordpiece(folder), **_labels("O", "B-PER", "I-PER", "B-LOC", "I-LOC"))
    BertForTokenClassification(config).save_pretrained(folder)
    write_card(
        folder,
        """
pipeline_tag: token-classification
library_name: transformers
license: mit
language: en
widget:
- text: My name is Sarah and I live in London.
""",
    )


@tiny("zero-shot-classification")
def bert_entailment(folder: Path) -> None:
    from transformers import BertForSequenceClassification

    config = _config(wordpiece(folder), **_labels("contradiction", "neutral", "entailment"))
    BertForSequenceClassification(config).save_pretrained(folder)
    write_card(
        folder,
        """
pipeline_tag: zero-shot-classification
library_name: transformers
license: mit
language: en
widget:
- text: It rains on the hills.
  candidate_labels: weather, sports, money
""",
    )


@tiny("sentence-similarity")
def minilm(folder: Path) -> None:
    _sentence_transformer(folder)
    write_card(
        folder,
        """
pipeline_tag: sentence-similarity
library_name: sentence-transformers
license: apache-2.0
tags: [sentence-transformers, feature-extraction, sentence-similarity]
widget:
- source_sentence: The sea is blue.
  sentences:
  - It rains on the hills.
  - A cat sits on a red chair.
""",
    )


@tiny("feature-extraction-sentence-transformers")
def bge(folder: Path) -> None:
    _sentence_transformer(folder)
    write_card(
        folder,
        "pipeline_tag: feature-extraction\nlibrary_name: sentence-transformers\nlicense: mit\nlanguage: en",
    )


@tiny("feature-extraction")
def bert_features(folder: Path) -> None:
    from transformers import BertModel

    BertModel(_config(wordpiece(folder))).save_pretrained(folder)
    write_card(
        folder, "pipeline_tag: feature-extraction\nlibrary_name: transformers\nlicense: mit\nlanguage: en"
    )


@tiny("text-ranking")
def reranker(folder: Path) -> None:
    from sentence_transformers import CrossEncoder
    from transformers import BertForSequenceClassification

    BertForSequenceClassification(_config(wordpiece(folder), num_labels=1)).save_pretrained(folder)
    CrossEncoder(str(folder), device="cpu").save_pretrained(str(folder))
    write_card(
        folder,
        "pipeline_tag: text-ranking\nlibrary_name: sentence-transformers\nlicense: apache-2.0\nlanguage: en",
    )


def _sentence_transformer(folder: Path) -> None:
    from tempfile import TemporaryDirectory

    from sentence_transformers import SentenceTransformer
    from transformers import BertModel

    with TemporaryDirectory() as plain:
        BertModel(_config(wordpiece(Path(plain)))).save_pretrained(plain)
        SentenceTransformer(plain, device="cpu").save_pretrained(str(folder))
