"""Turn a text into its embedding in the browser with a model from the Hugging Face Hub.

`model.json`, beside this file, names the model and its revision. Run it with `python app.py`.
"""

import spaces  # before torch, for ZeroGPU
import gradio as gr
import torch
from sentence_transformers import SentenceTransformer

import hosting

model = SentenceTransformer(
    hosting.SOURCE,
    revision=hosting.REVISION,
    device="cuda" if torch.cuda.is_available() else "cpu",
    trust_remote_code=hosting.TRUST,
)
hosting.loaded(model)


@spaces.GPU(duration=hosting.MODEL["duration"], size=hosting.GPU_SIZE)
def embed(text: str) -> list[float]:
    """The embedding of a text."""
    hosting.need(text, "some text")
    with hosting.answering("embed"):
        return [float(each) for each in model.encode(text)]


with gr.Blocks(title=hosting.MODEL["title"]) as demo:
    hosting.heading()
    with gr.Row(equal_height=True):
        with gr.Column():
            text_box = gr.Textbox(label="Text", placeholder="Write or paste a text…", lines=8, autofocus=True)
            button = gr.Button("Embed", variant="primary")
        answer_box = gr.JSON(label="Embedding", max_height=400)
    # Before the examples: the first listener gets the name.
    gr.on([button.click, text_box.submit], embed, [text_box], [answer_box], api_name="embed")
    hosting.examples(embed, [text_box], [answer_box])
    hosting.footer()

if __name__ == "__main__":
    hosting.launch(demo)
