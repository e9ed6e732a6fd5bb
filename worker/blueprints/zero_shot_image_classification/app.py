"""Classify pictures by labels of your own in the browser with a model from the Hugging Face Hub.

`model.json`, beside this file, names the model and its revision. Run it with `python app.py`.
"""

import spaces  # before torch, for ZeroGPU
import gradio as gr
import torch
from PIL import Image
from transformers import pipeline

import hosting

classifier = pipeline(
    "zero-shot-image-classification",
    model=hosting.SOURCE,
    revision=hosting.REVISION,
    device="cuda" if torch.cuda.is_available() else "cpu",
    trust_remote_code=hosting.TRUST,
)
hosting.loaded(classifier.model)


@spaces.GPU(duration=hosting.MODEL["duration"], size=hosting.GPU_SIZE)
def classify(image: Image.Image | None, labels: str) -> dict[str, float]:
    """The probability of each of the labels, which are separated by commas."""
    hosting.need(image, "a picture")
    assert image is not None
    wanted = hosting.list_of(labels, "at least one label")
    with hosting.answering("classify"):
        found = classifier(image.convert("RGB"), candidate_labels=wanted)
    return {each["label"]: float(each["score"]) for each in found}


with gr.Blocks(title=hosting.MODEL["title"]) as demo:
    hosting.heading()
    with gr.Row(equal_height=True):
        with gr.Column():
            image_box = gr.Image(label="Picture", type="pil", format="png", height=320)
            label_box = gr.Textbox("a cat, a dog, a landscape", label="Labels", info="Separated by commas")
            button = gr.Button("Classify", variant="primary")
        answer_box = gr.Label(label="Answer", num_top_classes=5)
    # Before the examples: the first listener gets the name.
    button.click(classify, [image_box, label_box], [answer_box], api_name="classify")
    hosting.examples(classify, [image_box, label_box], [answer_box], "a cat, a dog, a landscape")
    hosting.footer()

if __name__ == "__main__":
    hosting.launch(demo)
