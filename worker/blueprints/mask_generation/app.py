"""Cut things out of pictures in the browser with a model from the Hugging Face Hub: point, and see the mask.

`model.json`, beside this file, names the model and its revision. Run it with `python app.py`.
"""

from typing import Any

import spaces  # before torch, for ZeroGPU
import gradio as gr
import torch
from PIL import Image
from transformers import AutoModelForMaskGeneration, AutoProcessor

import hosting

WHICH = {"revision": hosting.REVISION, "trust_remote_code": hosting.TRUST}
processor = AutoProcessor.from_pretrained(hosting.SOURCE, **WHICH)
model: Any = AutoModelForMaskGeneration.from_pretrained(hosting.SOURCE, **WHICH).eval()
model.to("cuda" if torch.cuda.is_available() else "cpu")
hosting.loaded(model)

Masks = list[tuple[Any, str]]


@spaces.GPU(duration=hosting.MODEL["duration"], size=hosting.GPU_SIZE)
def segment(image: Image.Image | None, across: float, down: float) -> tuple[Image.Image, Masks]:
    """The picture, and masks of what is at a point of it, given in percent from the left and from the top."""
    hosting.need(image, "a picture")
    assert image is not None
    picture = image.convert("RGB")
    point = [picture.width * across / 100, picture.height * down / 100]
    with hosting.answering("segment"), torch.inference_mode():
        inputs = processor(images=picture, input_points=[[[point]]], return_tensors="pt").to(model.device)
        found = model(**inputs)
    return picture, _masks(found, inputs)


def _masks(found: Any, inputs: Any) -> Masks:
    """Each mask in the picture's size, the one that the model is surest of first."""
    sizes = inputs["original_sizes"].cpu()
    if "reshaped_input_sizes" in inputs:
        masks = processor.post_process_masks(
            found.pred_masks.float().cpu(), sizes, inputs["reshaped_input_sizes"].cpu()
        )
    else:
        masks = processor.post_process_masks(found.pred_masks.float().cpu(), sizes)
    scores = found.iou_scores.flatten().tolist()
    named = [
        (mask.numpy().astype("float32"), f"{number}. sure to {score:.2f}")
        for number, (score, mask) in enumerate(
            sorted(zip(scores, masks[0].flatten(0, -3), strict=True), key=lambda each: -each[0]), 1
        )
    ]
    return [each for each in named if each[0].any()]


def point_at(image: Image.Image | None, event: gr.SelectData) -> tuple[float, float]:
    """Where a person has clicked, in percent."""
    if image is None:
        return 50, 50
    across, down = event.index
    return round(100 * across / image.width, 1), round(100 * down / image.height, 1)


with gr.Blocks(title=hosting.MODEL["title"]) as demo:
    hosting.heading()
    with gr.Row(equal_height=True):
        with gr.Column():
            image_box = gr.Image(label="Picture", type="pil", format="png", height=400)
            gr.Markdown("Click on a thing in the picture.")
            with gr.Accordion("The point, exactly", open=False):
                across_box = gr.Slider(0, 100, 50, step=0.1, label="Across", info="in percent, from the left")
                down_box = gr.Slider(0, 100, 50, step=0.1, label="Down", info="in percent, from the top")
            button = gr.Button("Cut it out", variant="primary")
        answer_box = gr.AnnotatedImage(label="Masks", format="png")
    inputs = [image_box, across_box, down_box]
    # Before the examples: the first listener gets the name.
    button.click(segment, inputs, [answer_box], api_name="segment")
    image_box.select(point_at, [image_box], [across_box, down_box], api_visibility="private").then(
        segment, inputs, [answer_box], api_visibility="private"
    )
    hosting.examples(segment, inputs, [answer_box], 50, 50)
    hosting.footer()

if __name__ == "__main__":
    hosting.launch(demo)
