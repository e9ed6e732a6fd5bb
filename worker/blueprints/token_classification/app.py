"""Find names and the like in a text in the browser with a model from the Hugging Face Hub.

`model.json`, beside this file, names the model and its revision. Run it with `python app.py`.
"""

from typing import Any

import spaces  # before torch, for ZeroGPU
import gradio as gr
import torch
from transformers import pipeline

import hosting

tagger = pipeline(
    "token-classification",
    model=hosting.SOURCE,
    revision=hosting.REVISION,
    device="cuda" if torch.cuda.is_available() else "cpu",
    aggregation_strategy="simple",
    trust_remote_code=hosting.TRUST,
)
hosting.loaded(tagger.model)


@spaces.GPU(duration=hosting.MODEL["duration"], size=hosting.GPU_SIZE)
def tag(text: str) -> dict[str, Any]:
    """The text, and its parts that have a label, each from its first character to its last."""
    hosting.need(text, "some text")
    with hosting.answering("tag"):
        found = tagger(text)
    parts = [
        {"entity": each["entity_group"], "start": int(each["start"]), "end": int(each["end"])}
        for each in found
    ]
    return {"text": text, "entities": parts}


with gr.Blocks(title=hosting.MODEL["title"]) as demo:
    hosting.heading()
    with gr.Row(equal_height=True):
        with gr.Column():
            text_box = gr.Textbox(label="Text", placeholder="Write or paste a text…", lines=8, autofocus=True)
            button = gr.Button("Find", variant="primary")
        answer_box = gr.HighlightedText(label="Found", show_legend=True)
    # Before the examples: the first listener gets the name.
    gr.on([button.click, text_box.submit], tag, [text_box], [answer_box], api_name="tag")
    hosting.examples(tag, [text_box], [answer_box])
    hosting.footer()

if __name__ == "__main__":
    hosting.launch(demo)
