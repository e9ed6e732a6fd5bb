"""Make pictures larger and clearer in the browser with a model from the Hugging Face Hub.

`model.json`, beside this file, names the model and its revision. Run it with `python app.py`.
"""

from typing import Any

import spaces  # before torch, for ZeroGPU
import gradio as gr
import torch
from PIL import Image
from transformers import AutoImageProcessor, AutoModelForImageToImage

import hosting

WHICH = {"revision": hosting.REVISION, "trust_remote_code": hosting.TRUST}
pictures = AutoImageProcessor.from_pretrained(hosting.SOURCE, **WHICH)
model: Any = AutoModelForImageToImage.from_pretrained(hosting.SOURCE, **WHICH).eval()
model.to("cuda" if torch.cuda.is_available() else "cpu")
hosting.loaded(model)
SCALE = int(getattr(model.config, "upscale", 1))
LARGEST = 1024 if torch.cuda.is_available() else 384
"""Pixels of a side before it grows."""


@spaces.GPU(duration=hosting.MODEL["duration"], size=hosting.GPU_SIZE)
def enlarge(image: Image.Image | None) -> Image.Image:
    """The picture in its new size."""
    hosting.need(image, "a picture")
    assert image is not None
    picture = image.convert("RGB")
    picture.thumbnail((LARGEST, LARGEST))
    with hosting.answering("enlarge"), torch.inference_mode():
        inputs = pictures(images=picture, return_tensors="pt").to(model.device)
        pixels = model(**inputs).reconstruction[0].float().clamp(0, 1).cpu()
    made = Image.fromarray((pixels.permute(1, 2, 0).numpy() * 255).round().astype("uint8"))
    return made.crop((0, 0, picture.width * SCALE, picture.height * SCALE))  # the model has added an edge


with gr.Blocks(title=hosting.MODEL["title"]) as demo:
    hosting.heading()
    with gr.Row(equal_height=True):
        with gr.Column():
            image_box = gr.Image(label="Picture", type="pil", format="png", height=320)
            gr.Markdown(f"Pictures with a side of more than {LARGEST} pixels are made smaller first.")
            button = gr.Button("Enlarge", variant="primary")
        answer_box = gr.Image(label=f"{SCALE} times as large", type="pil", format="png")
    # Before the examples: the first listener gets the name.
    button.click(enlarge, [image_box], [answer_box], api_name="enlarge")
    hosting.examples(enlarge, [image_box], [answer_box])
    hosting.footer()

if __name__ == "__main__":
    hosting.launch(demo)
