"""Find things that you name in pictures in the browser with a model from the Hugging Face Hub.

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
    "zero-shot-object-detection",
    model=hosting.SOURCE,
    revision=hosting.REVISION,
    device="cuda" if torch.cuda.is_available() else "cpu",
    trust_remote_code=hosting.TRUST,
)
hosting.loaded(detector.model)
LABELS = "a cat, a dog, a person"
THRESHOLD = 0.1

Box = tuple[tuple[int, int, int, int], str]


@spaces.GPU(duration=hosting.MODEL["duration"], size=hosting.GPU_SIZE)
def detect(
    image: Image.Image | None, labels: str = LABELS, threshold: float = THRESHOLD
) -> tuple[Image.Image, list[Box]]:
    """The picture, and each of the named things in it: its box (left, top, right, bottom), and what it is."""
    hosting.need(image, "a picture")
    assert image is not None
    names = hosting.list_of(labels, "what to look for")
    picture = image.convert("RGB")
    with hosting.answering("detect"):
        found = detector(picture, candidate_labels=names, threshold=float(threshold))
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
            labels_box = gr.Textbox(LABELS, label="Labels", info="What to look for, separated by commas")
            threshold_box = gr.Slider(
                0, 1, THRESHOLD, step=0.01, label="Threshold", info="How sure it must be"
            )
            button = gr.Button("Find", variant="primary")
        answer_box = gr.AnnotatedImage(label="Found", format="png")
    inputs = [image_box, labels_box, threshold_box]
    # Before the examples: the first listener gets the name.
    gr.on([button.click, labels_box.submit], detect, inputs, [answer_box], api_name="detect")
    hosting.examples(detect, inputs, [answer_box], LABELS, THRESHOLD)
    hosting.footer()

if __name__ == "__main__":
    hosting.launch(demo)
