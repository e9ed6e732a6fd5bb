"""Classify pictures in the browser with one ONNX model from the Hugging Face Hub.

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
from PIL import Image
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

MODEL: dict[str, Any] = json.loads(Path(__file__).with_name("model.json").read_text(encoding="utf-8"))
MODEL_ID: str = MODEL["model_id"]
REVISION: str = MODEL["revision"]

log = logging.getLogger("space")


class Preparation:
    """How this model wants its pictures: size, channels and scale, as its preprocessor_config.json says."""

    def __init__(self, config: dict[str, Any], shape: list[Any]) -> None:
        """`shape` is the model's input: batch, channels, height, width; unknown ones are not numbers."""
        channels, height, width = (size if isinstance(size, int) else None for size in shape[1:])
        self._mode = "L" if channels == 1 else "RGB"
        self._config = config
        self._fixed = (width, height) if width and height else None

    def __call__(self, image: Image.Image) -> Any:
        """Pixels as float32[1, channels, height, width]."""
        config = self._config
        pixels = np.asarray(self._sized(image.convert(self._mode)), np.float32)
        if config.get("do_rescale", True):
            pixels = pixels * config.get("rescale_factor", 1 / 255)
        if config.get("do_normalize"):
            pixels = (pixels - np.array(config["image_mean"])) / np.array(config["image_std"])
        channels_last = pixels.reshape(pixels.shape[0], pixels.shape[1], -1)
        return channels_last.transpose(2, 0, 1)[None].astype(np.float32)

    def _sized(self, image: Image.Image) -> Image.Image:
        config = self._config
        if config.get("do_resize", True):
            resample = Image.Resampling(config.get("resample", Image.Resampling.BILINEAR))
            image = image.resize(self._target(image), resample)
        if config.get("do_center_crop"):
            width, height = _width_and_height(config["crop_size"])
            left, top = (image.width - width) // 2, (image.height - height) // 2
            image = image.crop((left, top, left + width, top + height))
        return image if self._fixed in (None, image.size) else image.resize(self._fixed)

    def _target(self, image: Image.Image) -> tuple[int, int]:
        size = self._config.get("size") or {}
        shortest = size.get("shortest_edge") if isinstance(size, dict) else None
        if shortest:
            scale = shortest / min(image.size)
            return round(image.width * scale), round(image.height * scale)
        return _width_and_height(size) if size else self._fixed or image.size


def _width_and_height(size: Any) -> tuple[int, int]:
    return (size["width"], size["height"]) if isinstance(size, dict) else (size, size)


class Classifier:
    """The model, loaded once: a picture goes in, a probability for each of its labels comes out."""

    def __init__(self) -> None:
        started = time.perf_counter()
        self.opened: dict[str, int] = {}
        self.calls = 0
        config = json.loads(self.fetch("config.json").read_text(encoding="utf-8"))
        preparation = json.loads(self.fetch("preprocessor_config.json").read_text(encoding="utf-8"))
        for path in MODEL["external_data"]:
            self.fetch(path)
        weights = str(self.fetch(MODEL["weights"]))
        self._session = ort.InferenceSession(weights, providers=["CPUExecutionProvider"])
        given = self._session.get_inputs()
        if len(given) != 1 or len(given[0].shape) != 4:
            raise ValueError(f"{MODEL_ID} asks for other inputs than one picture")
        self._input = given[0].name
        self._prepare = Preparation(preparation, given[0].shape)
        self._names: dict[str, str] = config.get("id2label") or {}
        self.load_seconds = round(time.perf_counter() - started, 3)
        log.info("loaded %s at %s in %s s", MODEL_ID, REVISION, self.load_seconds)

    def __call__(self, image: Image.Image) -> dict[str, float]:
        logits = np.asarray(self._session.run(None, {self._input: self._prepare(image)})[0], np.float64)[0]
        powers = np.exp(logits - logits.max())
        self.calls += 1
        return {self._label(index): float(value) for index, value in enumerate(powers / powers.sum())}

    def fetch(self, path: str) -> Path:
        file = Path(hf_hub_download(MODEL_ID, path, revision=REVISION))
        self.opened[path] = file.stat().st_size
        return file

    def _label(self, index: int) -> str:
        return self._names.get(str(index), f"LABEL_{index}")


logging.basicConfig(format="%(asctime)s %(message)s")
log.setLevel(logging.INFO)
classifier = Classifier()


def classify(image: Image.Image | None) -> dict[str, float]:
    """The probability of each label for a picture."""
    if image is None:
        raise gr.Error("Please choose a picture first.", print_exception=False)
    started = time.perf_counter()
    answer = classifier(image)
    log.info("classified %d x %d pixels in %.3f s", *image.size, time.perf_counter() - started)
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
            image_box = gr.Image(label="Picture", type="pil", format="png", height=320)
            button = gr.Button("Classify", variant="primary")
        answer_box = gr.Label(label="Answer", num_top_classes=5)
    # Before the examples: the first listener gets the name.
    gr.on([button.click, image_box.upload], classify, [image_box], [answer_box], api_name="classify")
    if MODEL["examples"]:
        pictures = [[str(classifier.fetch(path))] for path in MODEL["examples"]]
        gr.Examples(pictures, [image_box], [answer_box], classify, run_on_click=True, cache_examples=False)
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
