"""Describe pictures in words in the browser with a model from the Hugging Face Hub.

`model.json`, beside this file, names the model and its revision. Run it with `python app.py`.
"""

from typing import Any

import spaces  # before torch, for ZeroGPU
import gradio as gr
import torch
from PIL import Image
from transformers import AutoImageProcessor, AutoModelForImageTextToText, AutoTokenizer

import hosting

WHICH = {"revision": hosting.REVISION, "trust_remote_code": hosting.TRUST}
# Apart, because the repos of older models have no processor that joins them.
pictures = AutoImageProcessor.from_pretrained(hosting.SOURCE, **WHICH)
tokenizer = AutoTokenizer.from_pretrained(hosting.SOURCE, **WHICH)
model: Any = AutoModelForImageTextToText.from_pretrained(hosting.SOURCE, **WHICH).eval()
model.to("cuda" if torch.cuda.is_available() else "cpu")
hosting.loaded(model)
TAKES = ("pixel_values", "flattened_patches", "attention_mask")
"""What models that look at pictures are given of them."""


@spaces.GPU(duration=hosting.MODEL["duration"], size=hosting.GPU_SIZE)
def describe(image: Image.Image | None, max_new_tokens: int) -> str:
    """What the model says of a picture."""
    hosting.need(image, "a picture")
    assert image is not None
    with hosting.answering("describe"), torch.inference_mode():
        seen = pictures(images=image.convert("RGB"), return_tensors="pt").to(model.device, model.dtype)
        inputs = {name: seen[name] for name in TAKES if name in seen}
        written = model.generate(**inputs, max_new_tokens=int(max_new_tokens))
    return str(tokenizer.decode(written[0], skip_special_tokens=True)).strip()


with gr.Blocks(title=hosting.MODEL["title"]) as demo:
    hosting.heading()
    with gr.Row(equal_height=True):
        with gr.Column():
            image_box = gr.Image(label="Picture", type="pil", format="png", height=320)
            length_box = gr.Slider(1, 256, 40, step=1, label="Longest answer", info="in tokens")
            button = gr.Button("Describe", variant="primary")
        answer_box = gr.Textbox(label="Answer", lines=6, buttons=["copy"])
    # Before the examples: the first listener gets the name.
    button.click(describe, [image_box, length_box], [answer_box], api_name="describe")
    hosting.examples(describe, [image_box, length_box], [answer_box], 40)
    hosting.footer()

if __name__ == "__main__":
    hosting.launch(demo)
