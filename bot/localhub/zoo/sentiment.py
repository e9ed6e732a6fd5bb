"""Trains the zoo's text classifier: words with learned weights, turned around in the reach of a negation."""

import json
from collections.abc import Container, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
from onnx import helper
from sklearn.linear_model import LogisticRegression
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

from bot.localhub.zoo.onnx_graph import Graph

LABELS = ("negative", "positive")
UNKNOWN, PADDING = "[UNK]", "[PAD]"
BARRIERS = (".", ",", "!", "?", ";", ":", "but", "only")
"""Words at which the reach of a negation ends; they weigh nothing themselves."""
REACH = 4
"""How many words after a negation are turned around."""
TURN = 0.7
"""What a turned word counts: "not good" says less than "bad"."""
WORD = r"[a-z0-9]+(?:'[a-z]+)?|[^\sa-z0-9]"

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Review:
    split: str
    label: int
    text: str


@dataclass(frozen=True)
class Words:
    """What is known of words before training: +1 or -1 for an opinion, and which ones negate."""

    opinions: dict[str, int]
    negations: frozenset[str]


@dataclass(frozen=True)
class Sentiment:
    """What training found. `weights` is float[words, labels]; `bias` is float[labels]."""

    tokenizer: Tokenizer
    negations: frozenset[str]
    weights: Floats
    bias: Floats

    def marks(self, words: Iterable[str]) -> Floats:
        """float[words]: 1 where the vocabulary holds one of these words."""
        vocabulary = self.tokenizer.get_vocab()
        marked = np.zeros(len(self.weights), dtype=np.float32)
        marked[[vocabulary[word] for word in words]] = 1
        return marked


def read_reviews(file: Path) -> list[Review]:
    rows = [line.split("\t") for line in file.read_text("utf-8").splitlines()[1:]]
    return [Review(split, LABELS.index(label), text) for split, label, text in rows]


def read_words(file: Path) -> Words:
    """From lines such as `+ love loves loved`, `- hate hates` and `! not never`."""
    lines = [line.split() for line in file.read_text("utf-8").splitlines()]
    signs = {"+": 1, "-": -1}
    opinions = {word: signs[sign] for sign, *words in lines if sign in signs for word in words}
    return Words(opinions, frozenset(word for sign, *words in lines if sign == "!" for word in words))


def word_tokenizer(texts: list[str], more: Iterable[str]) -> Tokenizer:
    """Every word of the texts and of `more` is one token; any other word is [UNK]."""
    split = pre_tokenizers.Split(Regex(WORD), behavior="removed", invert=True)
    lower = normalizers.Sequence(
        [
            normalizers.NFD(),
            normalizers.StripAccents(),
            normalizers.Replace("’", "'"),
            normalizers.Lowercase(),
        ]
    )
    words = {w for text in texts for w, _ in split.pre_tokenize_str(lower.normalize_str(text))} | set(more)
    vocabulary = {word: number for number, word in enumerate([PADDING, UNKNOWN, *sorted(words)])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token=UNKNOWN))
    tokenizer.normalizer = lower
    tokenizer.pre_tokenizer = split
    tokenizer.add_special_tokens([PADDING, UNKNOWN])
    tokenizer.enable_padding(pad_id=0, pad_token=PADDING)
    return tokenizer


def count_words(tokenizer: Tokenizer, negations: Container[str], text: str) -> Floats:
    """float[words]: how often each word stands in the text, counting -TURN within reach of a negation."""
    counts = np.zeros(tokenizer.get_vocab_size(), dtype=np.float32)
    encoding = tokenizer.encode(text)
    reach = 0
    for number, word in zip(encoding.ids, encoding.tokens, strict=True):
        if word in BARRIERS:
            reach = 0
        else:
            counts[number] += -TURN if reach else 1
        reach = REACH if word in negations else max(0, reach - 1)
    counts[:2] = 0
    return counts


def train(reviews: list[Review], words: Words) -> Sentiment:
    """Logistic regression on word counts, with one more feature: the sum of opinions in the text.

    The weight of that feature is shared by all opinion words, so that one seen in no review still counts.
    """
    known = [review for review in reviews if review.split == "train"]
    tokenizer = word_tokenizer(
        [review.text for review in known], [*words.opinions, *words.negations, *BARRIERS]
    )
    counts = np.stack([count_words(tokenizer, words.negations, review.text) for review in known])
    opinion = np.zeros(tokenizer.get_vocab_size(), dtype=np.float32)
    for word, sign in words.opinions.items():
        opinion[tokenizer.token_to_id(word)] = sign
    features = np.column_stack([counts, counts @ opinion])
    fitted = LogisticRegression(C=0.3, max_iter=2000).fit(features, [review.label for review in known])
    score = (fitted.coef_[0, :-1] + fitted.coef_[0, -1] * opinion).astype(np.float32)
    bias = np.float32(fitted.intercept_[0])
    halves = np.array([-0.5, 0.5], dtype=np.float32)
    return Sentiment(tokenizer, words.negations, np.outer(score, halves), bias * halves)


def export(model: Sentiment) -> onnx.ModelProto:
    """input_ids, attention_mask: int64[batch, sequence] -> logits: float[batch, labels]."""
    graph = Graph()
    mask = graph("Cast", "attention_mask", to=onnx.TensorProto.FLOAT)
    turn = graph("Mul", graph("Gather", model.marks(model.negations), "input_ids"), mask)
    free = graph("Sub", 1.0, graph("Gather", model.marks(BARRIERS), "input_ids"))
    turned = graph("Mul", turn, 0.0)
    for _ in range(REACH):
        turn = graph("Mul", one_later(graph, turn), free)
        turned = graph("Max", turned, turn)
    factor = graph("Mul", graph("Sub", 1.0, graph("Mul", turned, 1 + TURN)), mask)
    words = graph("Gather", model.weights, "input_ids")
    weighted = graph("Mul", words, graph("Unsqueeze", factor, np.array([2], dtype=np.int64)))
    total = graph("ReduceSum", weighted, np.array([1], dtype=np.int64), keepdims=0)
    inputs = [
        helper.make_tensor_value_info(name, onnx.TensorProto.INT64, ["batch", "sequence"])
        for name in ("input_ids", "attention_mask")
    ]
    return graph.model(inputs, graph("Add", total, model.bias), "logits", len(LABELS))


def one_later(graph: Graph, row: str) -> str:
    """Each value of float[batch, sequence] moved to the next word; the first becomes 0."""
    padded = graph("Pad", row, np.array([0, 1, 0, 0], dtype=np.int64))
    ends = [np.array([value], dtype=np.int64) for value in (0, -1, 1)]
    return graph("Slice", padded, *ends)


def config(model: Sentiment) -> dict[str, object]:
    return {
        "architectures": ["BagOfWordsForSequenceClassification"],
        "model_type": "bag-of-words",
        "vocab_size": len(model.weights),
        "pad_token_id": 0,
        "id2label": {str(number): label for number, label in enumerate(LABELS)},
        "label2id": {label: number for number, label in enumerate(LABELS)},
    }


def write(model: Sentiment, folder: Path) -> None:
    (folder / "onnx").mkdir(exist_ok=True)
    (folder / "onnx" / "model.onnx").write_bytes(export(model).SerializeToString())
    model.tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    (folder / "config.json").write_text(json.dumps(config(model), indent=2) + "\n", "utf-8")
    settings = {"tokenizer_class": "PreTrainedTokenizerFast", "pad_token": PADDING, "unk_token": UNKNOWN}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings, indent=2) + "\n", "utf-8")
