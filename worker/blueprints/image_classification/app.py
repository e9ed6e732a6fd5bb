"""Classify pictures in the browser with a model from the Hugging Face Hub.

`model.json`, beside this file, names the model and its revision. Run it with `python app.py`.
"""

import spaces  # before torch, for ZeroGPU
import gradio as gr
import torch
from PIL import Image
from transformers import pipeline

import hosting

classifier = pipeline(
    "image-classification",
    model=hosting.SOURCE,
    revision=hosting.REVISION,
    device="cuda" if torch.cuda.is_available() else "cpu",
    trust_remote_code=hosting.TRUST,
)
hosting.loaded(classifier.model)


@spaces.GPU(duration=hosting.MODEL["duration"], size=hosting.GPU_SIZE)
def classify(image: Image.Image | None) -> dict[str, float]:
    """The probability of the likeliest labels for a picture."""
    hosting.need(image, "a picture")
    assert image is not None
    with hosting.answering("classify"):
        return {each["label"]: float(each["score"]) for each in classifier(image.convert("RGB"), top_k=5)}


with gr.Blocks(title=hosting.MODEL["title"]) as demo:
    hosting.heading()
    with gr.Row(equal_height=True):
        with gr.Column():
            image_box = gr.Image(label="Picture", type="pil", format="png", height=320)
            button = gr.Button("Classify", variant="primary")
        answer_box = gr.Label(label="Answer", num_top_classes=5)
    # Before the examples: the first listener gets the name.
    button.click(classify, [image_box], [answer_box], api_name="classify")
    hosting.examples(classify, [image_box], [answer_box])
    hosting.footer()

if __name__ == "__main__":
    hosting.launch(demo)
