"""Tell near from far in pictures in the browser with a model from the Hugging Face Hub.

`model.json`, beside this file, names the model and its revision. Run it with `python app.py`.
"""

import spaces  # before torch, for ZeroGPU
import gradio as gr
import torch
from PIL import Image
from transformers import pipeline

import hosting

estimator = pipeline(
    "depth-estimation",
    model=hosting.SOURCE,
    revision=hosting.REVISION,
    device="cuda" if torch.cuda.is_available() else "cpu",
    trust_remote_code=hosting.TRUST,
)
hosting.loaded(estimator.model)


@spaces.GPU(duration=hosting.MODEL["duration"], size=hosting.GPU_SIZE)
def estimate(image: Image.Image | None) -> Image.Image:
    """A picture of the depths: one shade for each distance."""
    hosting.need(image, "a picture")
    assert image is not None
    with hosting.answering("estimate"):
        depth: Image.Image = estimator(image.convert("RGB"))["depth"]
    return depth.convert("L")


with gr.Blocks(title=hosting.MODEL["title"]) as demo:
    hosting.heading()
    with gr.Row(equal_height=True):
        with gr.Column():
            image_box = gr.Image(label="Picture", type="pil", format="png", height=320)
            button = gr.Button("Estimate", variant="primary")
        answer_box = gr.Image(label="Depth", type="pil", format="png")
    # Before the examples: the first listener gets the name.
    button.click(estimate, [image_box], [answer_box], api_name="estimate")
    hosting.examples(estimate, [image_box], [answer_box])
    hosting.footer()

if __name__ == "__main__":
    hosting.launch(demo)
