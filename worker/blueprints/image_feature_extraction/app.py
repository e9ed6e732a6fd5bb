"""Turn a picture into its embedding in the browser with a model from the Hugging Face Hub.

`model.json`, beside this file, names the model and its revision. Run it with `python app.py`.
"""

from typing import Any

import spaces  # before torch, for ZeroGPU
import gradio as gr
import torch
from PIL import Image
from transformers import AutoImageProcessor, AutoModel

import hosting

WHICH = {"revision": hosting.REVISION, "trust_remote_code": hosting.TRUST}
pictures = AutoImageProcessor.from_pretrained(hosting.SOURCE, **WHICH)
model: Any = AutoModel.from_pretrained(hosting.SOURCE, **WHICH).eval()
model.to("cuda" if torch.cuda.is_available() else "cpu")
hosting.loaded(model)


@spaces.GPU(duration=hosting.MODEL["duration"], size=hosting.GPU_SIZE)
def embed(image: Image.Image | None) -> list[float]:
    """The embedding of a picture: the model's own, else the mean of what it gives for each place."""
    hosting.need(image, "a picture")
    assert image is not None
    with hosting.answering("embed"), torch.inference_mode():
        inputs = pictures(images=image.convert("RGB"), return_tensors="pt").to(model.device)
        if hasattr(model, "get_image_features"):  # also reads texts, and gives both the same kind of numbers
            given = model.get_image_features(pixel_values=inputs["pixel_values"])
            return [float(each) for each in getattr(given, "pooler_output", given)[0].float()]
        places = model(**inputs).last_hidden_state[0].float()
    return [float(each) for each in places.reshape(places.shape[0], -1).mean(0 if places.ndim == 2 else -1)]


with gr.Blocks(title=hosting.MODEL["title"]) as demo:
    hosting.heading()
    with gr.Row(equal_height=True):
        with gr.Column():
            image_box = gr.Image(label="Picture", type="pil", format="png", height=320)
            button = gr.Button("Embed", variant="primary")
        answer_box = gr.JSON(label="Embedding", max_height=400)
    # Before the examples: the first listener gets the name.
    button.click(embed, [image_box], [answer_box], api_name="embed")
    hosting.examples(embed, [image_box], [answer_box])
    hosting.footer()

if __name__ == "__main__":
    hosting.launch(demo)
