"""Trains the zoo and writes its model repos, cards included: `python -m bot.localhub.zoo.train`.

The same seed gives the same files. Every number in a card is written here, from the measurement.
"""

import json
import logging
from pathlib import Path
from string import Template

import numpy as np
import onnxruntime
from PIL import Image

from bot.localhub.zoo import digit_images, digits, sentiment

ZOO = Path(__file__).parent
SEED = 7
TEXTS = (
    "Works perfectly and looks lovely on the shelf.",
    "Broke after two days. Don't waste your money.",
    "I was worried about the quality, but it is not bad at all.",
    "The fabric is soft but the zip doesn't close.",
)

log = logging.getLogger("zoo")


def write_card(name: str, values: dict[str, object]) -> None:
    template = Template((ZOO / "cards" / f"{name}.md").read_text("utf-8"))
    size = (ZOO / name / "onnx" / "model.onnx").stat().st_size
    text = template.substitute(values, size=f"{round(size / 1000)} kB")
    (ZOO / name / "README.md").write_text(text, "utf-8")
    log.info("%s: %s", name, {key: value for key, value in values.items() if key != "widget"})


def softmax(logits: sentiment.Floats) -> sentiment.Floats:
    """float[n, labels] -> the same shape, each row summing to 1."""
    powers = np.exp(logits - logits.max(1, keepdims=True))
    return np.asarray(powers / powers.sum(1, keepdims=True), dtype=np.float32)


def text_odds(model: sentiment.Sentiment, texts: list[str]) -> sentiment.Floats:
    """float[texts, labels], from the exported network and not from the formula it came from."""
    session = onnxruntime.InferenceSession(
        sentiment.export(model).SerializeToString(), providers=["CPUExecutionProvider"]
    )
    encoded = model.tokenizer.encode_batch(texts)
    inputs = {
        "input_ids": np.array([one.ids for one in encoded], dtype=np.int64),
        "attention_mask": np.array([one.attention_mask for one in encoded], dtype=np.int64),
    }
    return softmax(session.run(None, inputs)[0])


def widget(entries: list[tuple[str, str, str, float]]) -> str:
    """The card's examples as YAML, from (field, value, label, odds). JSON strings are YAML strings."""
    return "\n".join(
        f"- {field}: {json.dumps(value)}\n  output:\n  - label: {json.dumps(label)}\n    score: {odds:.3f}"
        for field, value, label, odds in entries
    )


def make_sentiment() -> None:
    folder = ZOO / "product-reviews-sentiment"
    reviews = sentiment.read_reviews(folder / "reviews.tsv")
    words = sentiment.read_words(folder / "words.txt")
    model = sentiment.train(reviews, words)
    sentiment.write(model, folder)
    right = text_odds(model, [one.text for one in reviews]).argmax(1) == [one.label for one in reviews]
    held_out = np.array([one.split == "held-out" for one in reviews])
    examples = text_odds(model, list(TEXTS))
    values = {
        "widget": widget(
            [
                ("text", text, sentiment.LABELS[int(row.argmax())], float(row.max()))
                for text, row in zip(TEXTS, examples, strict=True)
            ]
        ),
        "accuracy": f"{right[held_out].mean():.3f}",
        "train_accuracy": f"{right[~held_out].mean():.3f}",
        "mistakes": int((~right[held_out]).sum()),
        "reviews": len(reviews),
        "held_out": int(held_out.sum()),
        "trained": int((~held_out).sum()),
        "opinions": len(words.opinions),
        "vocabulary": len(model.weights) - 2,
        "reach": sentiment.REACH,
    }
    write_card(folder.name, values)


def make_digits() -> None:
    folder = ZOO / "handwritten-digits"
    rng = np.random.default_rng(SEED)
    known, held_out = digits.load(rng)
    model = digits.train(known, rng)
    digits.write(model, held_out, folder)
    measured = {name: f"{value:.3f}" for name, value in digits.measure(model, held_out, rng).items()}
    images = [
        digit_images.pixels(Image.open(folder / "examples" / f"{digit}.png").resize((64, 64)))
        for digit in digits.EXAMPLES
    ]
    entries = [
        ("src", f"examples/{digit}.png", str(row.argmax()), float(row.max()))
        for digit, row in zip(digits.EXAMPLES, softmax(digits.run(model, np.stack(images))), strict=True)
    ]
    sizes = {
        "digits": len(known.labels) + len(held_out.labels),
        "trained": len(known.labels),
        "held_out": len(held_out.labels),
        "copies": digits.COPIES,
        "pen_drawn": digits.PEN_DRAWN * 10,
    }
    write_card(folder.name, {"widget": widget(entries), **measured, **sizes})


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    make_sentiment()
    make_digits()
