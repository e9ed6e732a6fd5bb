"""Classify text in the browser with one ONNX model from the Hugging Face Hub.

`model.json`, beside this file, names the model and its revision. Run it with `python app.py`.
"""

import json
import logging
import time
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np
import onnxruntime as ort
from huggingface_hub import constants, hf_hub_download
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from tokenizers import Tokenizer

MODEL: dict[str, Any] = json.loads(Path(__file__).with_name("model.json").read_text(encoding="utf-8"))
MODEL_ID: str = MODEL["model_id"]
REVISION: str = MODEL["revision"]

LONGEST_TEXT = 20_000
"""Characters. The model reads the first tokens only; a longer text would just cost time."""
MOST_TOKENS = 512
ENCODED = {"input_ids": "ids", "attention_mask": "attention_mask", "token_type_ids": "type_ids"}

log = logging.getLogger("space")


class Classifier:
    """The model, loaded once: a text goes in, a probability for each of its labels comes out."""

    def __init__(self) -> None:
        started = time.perf_counter()
        self.opened: dict[str, int] = {}
        self.calls = 0
        config = json.loads(self._fetch("config.json").read_text(encoding="utf-8"))
        self._tokenizer = Tokenizer.from_file(str(self._fetch("tokenizer.json")))
        self._tokenizer.no_padding()
        most = min(MOST_TOKENS, config.get("max_position_embeddings") or MOST_TOKENS)
        self._tokenizer.enable_truncation(max_length=most)
        for path in MODEL["external_data"]:
            self._fetch(path)
        weights = str(self._fetch(MODEL["weights"]))
        self._session = ort.InferenceSession(weights, providers=["CPUExecutionProvider"])
        self._inputs = [given.name for given in self._session.get_inputs()]
        if unknown := set(self._inputs) - set(ENCODED):
            raise ValueError(f"{MODEL_ID} asks for inputs that are no text: {', '.join(sorted(unknown))}")
        self._names: dict[str, str] = config.get("id2label") or {}
        self._independent = config.get("problem_type") == "multi_label_classification"
        self.load_seconds = round(time.perf_counter() - started, 3)
        log.info("loaded %s at %s in %s s", MODEL_ID, REVISION, self.load_seconds)

    def __call__(self, text: str) -> dict[str, float]:
        encoding = self._tokenizer.encode(text)
        feed = {name: np.array([getattr(encoding, ENCODED[name])], np.int64) for name in self._inputs}
        logits = np.asarray(self._session.run(None, feed)[0], np.float64)[0]
        self.calls += 1
        return {self._label(index): float(value) for index, value in enumerate(self._probabilities(logits))}

    def _probabilities(self, logits: Any) -> Any:
        """Labels that exclude each other share one; independent labels have one each."""
        if self._independent or len(logits) == 1:
            return 1 / (1 + np.exp(-logits))
        powers = np.exp(logits - logits.max())
        return powers / powers.sum()

    def _label(self, index: int) -> str:
        return self._names.get(str(index), f"LABEL_{index}")

    def _fetch(self, path: str) -> Path:
        file = Path(hf_hub_download(MODEL_ID, path, revision=REVISION))
        self.opened[path] = file.stat().st_size
        return file


logging.basicConfig(format="%(asctime)s %(message)s")
log.setLevel(logging.INFO)
classifier = Classifier()


def classify(text: str) -> dict[str, float]:
    """The probability of each label for a text."""
    if not text or not text.strip():
        raise gr.Error("Please write some text first.", print_exception=False)
    if len(text) > LONGEST_TEXT:
        sentence = f"Please keep the text under {LONGEST_TEXT:,} characters; this one has {len(text):,}."
        raise gr.Error(sentence, print_exception=False)
    started = time.perf_counter()
    answer = classifier(text)
    log.info("classified %d characters in %.3f s", len(text), time.perf_counter() - started)
    return answer


def health(_request: Request) -> JSONResponse:
    return JSONResponse(
        {
            "status": "ok",
            "model_id": MODEL_ID,
            "revision": REVISION,
            "opened": classifier.opened,
            "load_seconds": classifier.load_seconds,
            "calls": classifier.calls,
        }
    )


with gr.Blocks(title=MODEL["title"]) as demo:
    gr.Markdown(f"# {MODEL['title']}\n\n{MODEL['summary']}")
    with gr.Row(equal_height=True):
        with gr.Column():
            text_box = gr.Textbox(label="Text", placeholder="Write or paste a text…", lines=5, autofocus=True)
            button = gr.Button("Classify", variant="primary")
        answer_box = gr.Label(label="Answer", num_top_classes=5)
    # Before the examples: the first listener gets the name.
    gr.on([button.click, text_box.submit], classify, [text_box], [answer_box], api_name="classify")
    if MODEL["examples"]:
        texts = [[text] for text in MODEL["examples"]]
        gr.Examples(texts, [text_box], [answer_box], classify, run_on_click=True, cache_examples=False)
    gr.Markdown(
        f"Model: [{MODEL_ID}]({constants.ENDPOINT}/{MODEL_ID}/tree/{REVISION})"
        f" · licence: {MODEL['license'] or 'see the model'}"
        " · runs on this Space's CPU, nothing is sent elsewhere."
    )

if __name__ == "__main__":
    # Server-side rendering answers unknown paths itself, so /health needs it off and a second address.
    demo.queue(max_size=32).launch(
        show_error=True,
        ssr_mode=False,
        theme=gr.themes.Soft(),
        app_kwargs={"routes": [Route("/health", health), Route("/gradio_api/health", health)]},
    )
