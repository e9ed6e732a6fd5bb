"""Sort a text under labels of your own in the browser with a model from the Hugging Face Hub.

`model.json`, beside this file, names the model and its revision. Run it with `python app.py`.
"""

import spaces  # before torch, for ZeroGPU
import gradio as gr
import torch
from transformers import pipeline

import hosting

classifier = pipeline(
    "zero-shot-classification",
    model=hosting.SOURCE,
    revision=hosting.REVISION,
    device="cuda" if torch.cuda.is_available() else "cpu",
    trust_remote_code=hosting.TRUST,
)
hosting.loaded(classifier.model)
LABELS = "travel, cooking, technology, sports"


@spaces.GPU(duration=hosting.MODEL["duration"], size=hosting.GPU_SIZE)
def classify(text: str, labels: str = LABELS, several: bool = False) -> dict[str, float]:
    """How well each label fits a text. Labels are separated by commas; several of them may be right."""
    hosting.need(text, "some text")
    names = hosting.list_of(labels, "at least one label")
    with hosting.answering("classify"):
        found = classifier(text, names, multi_label=several)
    return {name: float(score) for name, score in zip(found["labels"], found["scores"], strict=True)}


with gr.Blocks(title=hosting.MODEL["title"]) as demo:
    hosting.heading()
    with gr.Row(equal_height=True):
        with gr.Column():
            text_box = gr.Textbox(label="Text", placeholder="Write or paste a text…", lines=5, autofocus=True)
            labels_box = gr.Textbox(LABELS, label="Labels", info="separated by commas")
            several_box = gr.Checkbox(False, label="Several labels may be right")
            button = gr.Button("Classify", variant="primary")
        answer_box = gr.Label(label="Answer")
    inputs = [text_box, labels_box, several_box]
    # Before the examples: the first listener gets the name.
    gr.on([button.click, text_box.submit], classify, inputs, [answer_box], api_name="classify")
    hosting.examples(classify, inputs, [answer_box], False)
    hosting.footer()

if __name__ == "__main__":
    hosting.launch(demo)
