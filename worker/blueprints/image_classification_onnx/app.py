"""Classify pictures in the browser with one ONNX model from the Hugging Face Hub.

`model.json`, beside this file, names the model and its revision. Run it with `python app.py`.
"""

import json
from typing import Any

import gradio as gr
import numpy as np
import onnxruntime as ort
from PIL import Image

import hosting


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
        config = json.loads(hosting.fetch("config.json").read_text(encoding="utf-8"))
        preparation = json.loads(hosting.fetch("preprocessor_config.json").read_text(encoding="utf-8"))
        for path in hosting.MODEL["external_data"]:
            hosting.fetch(path)
        weights = str(hosting.fetch(hosting.MODEL["weights"]))
        self._session = ort.InferenceSession(weights, providers=["CPUExecutionProvider"])
        given = self._session.get_inputs()
        if len(given) != 1 or len(given[0].shape) != 4:
            raise ValueError(f"{hosting.MODEL_ID} asks for other inputs than one picture")
        self._input = given[0].name
        self._prepare = Preparation(preparation, given[0].shape)
        self._names: dict[str, str] = config.get("id2label") or {}

    def __call__(self, image: Image.Image) -> dict[str, float]:
        logits = np.asarray(self._session.run(None, {self._input: self._prepare(image)})[0], np.float64)[0]
        powers = np.exp(logits - logits.max())
        return {self._label(index): float(value) for index, value in enumerate(powers / powers.sum())}

    def _label(self, index: int) -> str:
        return self._names.get(str(index), f"LABEL_{index}")


classifier = Classifier()
hosting.loaded()


def classify(image: Image.Image | None) -> dict[str, float]:
    """The probability of each label for a picture."""
    hosting.need(image, "a picture")
    assert image is not None
    with hosting.answering("classify"):
        return classifier(image)


with gr.Blocks(title=hosting.MODEL["title"]) as demo:
    hosting.heading()
    with gr.Row(equal_height=True):
        with gr.Column():
            image_box = gr.Image(label="Picture", type="pil", format="png", height=320)
            button = gr.Button("Classify", variant="primary")
        answer_box = gr.Label(label="Answer", num_top_classes=5)
    # Before the examples: the first listener gets the name.
    gr.on([button.click, image_box.upload], classify, [image_box], [answer_box], api_name="classify")
    hosting.examples(classify, [image_box], [answer_box])
    hosting.footer()

if __name__ == "__main__":
    hosting.launch(demo)
