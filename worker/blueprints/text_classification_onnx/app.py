"""Classify text in the browser with one ONNX model from the Hugging Face Hub.

`model.json`, beside this file, names the model and its revision. Run it with `python app.py`.
"""

import json
from typing import Any

import gradio as gr
import numpy as np
import onnxruntime as ort
from tokenizers import Tokenizer

import hosting

MOST_TOKENS = 512
ENCODED = {"input_ids": "ids", "attention_mask": "attention_mask", "token_type_ids": "type_ids"}


class Classifier:
    """The model, loaded once: a text goes in, a probability for each of its labels comes out."""

    def __init__(self) -> None:
        config = json.loads(hosting.fetch("config.json").read_text(encoding="utf-8"))
        self._tokenizer = Tokenizer.from_file(str(hosting.fetch("tokenizer.json")))
        self._tokenizer.no_padding()
        most = min(MOST_TOKENS, config.get("max_position_embeddings") or MOST_TOKENS)
        self._tokenizer.enable_truncation(max_length=most)
        for path in hosting.MODEL["external_data"]:
            hosting.fetch(path)
        weights = str(hosting.fetch(hosting.MODEL["weights"]))
        self._session = ort.InferenceSession(weights, providers=["CPUExecutionProvider"])
        self._inputs = [given.name for given in self._session.get_inputs()]
        if unknown := set(self._inputs) - set(ENCODED):
            raise ValueError(
                f"{hosting.MODEL_ID} asks for inputs that are no text: {', '.join(sorted(unknown))}"
            )
        self._names: dict[str, str] = config.get("id2label") or {}
        self._independent = config.get("problem_type") == "multi_label_classification"

    def __call__(self, text: str) -> dict[str, float]:
        encoding = self._tokenizer.encode(text)
        feed = {name: np.array([getattr(encoding, ENCODED[name])], np.int64) for name in self._inputs}
        logits = np.asarray(self._session.run(None, feed)[0], np.float64)[0]
        return {self._label(index): float(value) for index, value in enumerate(self._probabilities(logits))}

    def _probabilities(self, logits: Any) -> Any:
        """Labels that exclude each other share one; independent labels have one each."""
        if self._independent or len(logits) == 1:
            return 1 / (1 + np.exp(-logits))
        powers = np.exp(logits - logits.max())
        return powers / powers.sum()

    def _label(self, index: int) -> str:
        return self._names.get(str(index), f"LABEL_{index}")


classifier = Classifier()
hosting.loaded()


def classify(text: str) -> dict[str, float]:
    """The probability of each label for a text."""
    hosting.need(text, "some text")
    with hosting.answering("classify"):
        return classifier(text)


with gr.Blocks(title=hosting.MODEL["title"]) as demo:
    hosting.heading()
    with gr.Row(equal_height=True):
        with gr.Column():
            text_box = gr.Textbox(label="Text", placeholder="Write or paste a text…", lines=5, autofocus=True)
            button = gr.Button("Classify", variant="primary")
        answer_box = gr.Label(label="Answer", num_top_classes=5)
    # Before the examples: the first listener gets the name.
    gr.on([button.click, text_box.submit], classify, [text_box], [answer_box], api_name="classify")
    hosting.examples(classify, [text_box], [answer_box])
    hosting.footer()

if __name__ == "__main__":
    hosting.launch(demo)
