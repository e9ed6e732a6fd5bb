"""Divide pictures into parts in the browser with a model from the Hugging Face Hub.

`model.json`, beside this file, names the model and its revision. Run it with `python app.py`.
"""

from typing import Any

import spaces  # before torch, for ZeroGPU
import gradio as gr
import numpy as np
import torch
from PIL import Image
from transformers import pipeline

import hosting

segmenter = pipeline(
    "image-segmentation",
    model=hosting.SOURCE,
    revision=hosting.REVISION,
    device="cuda" if torch.cuda.is_available() else "cpu",
    trust_remote_code=hosting.TRUST,
)
hosting.loaded(segmenter.model)


@spaces.GPU(duration=hosting.MODEL["duration"], size=hosting.GPU_SIZE)
def segment(image: Image.Image | None) -> tuple[Image.Image, list[tuple[Any, str]]]:
    """The picture, and each of its parts: a mask of its size, and what it is."""
    hosting.need(image, "a picture")
    assert image is not None
    picture = image.convert("RGB")
    with hosting.answering("segment"):
        found = segmenter(picture)
    return picture, [((np.asarray(each["mask"]) > 0).astype("float32"), each["label"]) for each in found]


with gr.Blocks(title=hosting.MODEL["title"]) as demo:
    hosting.heading()
    with gr.Row(equal_height=True):
        with gr.Column():
            image_box = gr.Image(label="Picture", type="pil", format="png", height=320)
            button = gr.Button("Find the parts", variant="primary")
        answer_box = gr.AnnotatedImage(label="Parts", format="png")
    # Before the examples: the first listener gets the name.
    button.click(segment, [image_box], [answer_box], api_name="segment")
    hosting.examples(segment, [image_box], [answer_box])
    hosting.footer()

if __name__ == "__main__":
    hosting.launch(demo)
