"""Classify text in the browser with a model from the Hugging Face Hub.

`model.json`, beside this file, names the model and its revision. Run it with `python app.py`.
"""

import spaces  # before torch, for ZeroGPU
import gradio as gr
import torch
from transformers import pipeline

import hosting

classifier = pipeline(
    "text-classification",
    model=hosting.SOURCE,
    revision=hosting.REVISION,
    device="cuda" if torch.cuda.is_available() else "cpu",
    top_k=None,
    trust_remote_code=hosting.TRUST,
)
hosting.loaded(classifier.model)


@spaces.GPU(duration=hosting.MODEL["duration"], size=hosting.GPU_SIZE)
def classify(text: str) -> dict[str, float]:
    """The probability of each label for a text."""
    hosting.need(text, "some text")
    with hosting.answering("classify"):
        return {each["label"]: float(each["score"]) for each in classifier([text], truncation=True)[0]}


with gr.Blocks(title=hosting.MODEL["title"]) as demo:
    hosting.heading()
    with gr.Row(equal_height=True):
        with gr.Column():
            text_box = gr.Textbox(label="Text", placeholder="Write or paste a text…", lines=5, autofocus=True)
            button = gr.Button("Classify", variant="primary")
        answer_box = gr.Label(label="Answer", num_top_classes=5)
    # Before the examples: the first listener gets the name.
    gr.on([button.click, text_box.submit], classify, [text_box], [answer_box], api_name="classify")
    hosting.examples(classify, [text_box], [answer_box])
    hosting.footer()

if __name__ == "__main__":
    hosting.launch(demo)
