"""Find things in pictures in the browser with a model from the Hugging Face Hub.

`model.json`, beside this file, names the model and its revision. Run it with `python app.py`.
"""

from typing import Any

import spaces  # before torch, for ZeroGPU
import gradio as gr
import torch
from PIL import Image
from transformers import pipeline

import hosting

detector = pipeline(
    "object-detection",
    model=hosting.SOURCE,
    revision=hosting.REVISION,
    device="cuda" if torch.cuda.is_available() else "cpu",
    trust_remote_code=hosting.TRUST,
)
hosting.loaded(detector.model)

Box = tuple[tuple[int, int, int, int], str]


@spaces.GPU(duration=hosting.MODEL["duration"], size=hosting.GPU_SIZE)
def detect(image: Image.Image | None, threshold: float) -> tuple[Image.Image, list[Box]]:
    """The picture, and each thing in it: its box (left, top, right, bottom), and what it is."""
    hosting.need(image, "a picture")
    assert image is not None
    picture = image.convert("RGB")
    with hosting.answering("detect"):
        found = detector(picture, threshold=float(threshold))
    return picture, [
        (_inside(picture, each["box"]), f"{each['label']} {each['score']:.2f}") for each in found
    ]


def _inside(picture: Image.Image, box: dict[str, Any]) -> tuple[int, int, int, int]:
    """A model may draw past the edge; the page cannot."""
    left, right = sorted(min(max(int(box[side]), 0), picture.width) for side in ("xmin", "xmax"))
    top, bottom = sorted(min(max(int(box[side]), 0), picture.height) for side in ("ymin", "ymax"))
    return left, top, right, bottom


with gr.Blocks(title=hosting.MODEL["title"]) as demo:
    hosting.heading()
    with gr.Row(equal_height=True):
        with gr.Column():
            image_box = gr.Image(label="Picture", type="pil", format="png", height=320)
            threshold_box = gr.Slider(0, 1, 0.5, step=0.05, label="Threshold", info="How sure it must be")
            button = gr.Button("Find", variant="primary")
        answer_box = gr.AnnotatedImage(label="Found", format="png")
    # Before the examples: the first listener gets the name.
    button.click(detect, [image_box, threshold_box], [answer_box], api_name="detect")
    hosting.examples(detect, [image_box, threshold_box], [answer_box], 0.5)
    hosting.footer()

if __name__ == "__main__":
    hosting.launch(demo)
