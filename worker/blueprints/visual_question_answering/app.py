"""Ask short questions about pictures in the browser with a model from the Hugging Face Hub.

`model.json`, beside this file, names the model and its revision. Run it with `python app.py`.
"""

from typing import Any

import spaces  # before torch, for ZeroGPU
import gradio as gr
import torch
from PIL import Image
from transformers import AutoModelForVisualQuestionAnswering, AutoProcessor

import hosting

WHICH = {"revision": hosting.REVISION, "trust_remote_code": hosting.TRUST}
processor = AutoProcessor.from_pretrained(hosting.SOURCE, **WHICH)
model: Any = AutoModelForVisualQuestionAnswering.from_pretrained(hosting.SOURCE, **WHICH).eval()
model.to("cuda" if torch.cuda.is_available() else "cpu")
hosting.loaded(model)
WRITES = not hasattr(model, "classifier")
"""Whether the model writes its answer; others choose one of those that they were trained on."""
QUESTION = "What is in this picture?"
LONGEST = 20
"""Tokens of a written answer."""


@spaces.GPU(duration=hosting.MODEL["duration"], size=hosting.GPU_SIZE)
def answer(image: Image.Image | None, question: str) -> str:
    """The model's answer to a question about a picture, in a word or two."""
    hosting.need(image, "a picture")
    hosting.need(question, "a question")
    assert image is not None
    with hosting.answering("answer"), torch.inference_mode():
        inputs = processor(
            images=image.convert("RGB"), text=question, truncation=True, return_tensors="pt"
        ).to(model.device)
        if not WRITES:
            return str(model.config.id2label[int(model(**inputs).logits[0].argmax())])
        written = model.generate(**inputs, max_new_tokens=LONGEST)
    return str(processor.decode(written[0], skip_special_tokens=True)).strip()


with gr.Blocks(title=hosting.MODEL["title"]) as demo:
    hosting.heading()
    with gr.Row(equal_height=True):
        with gr.Column():
            image_box = gr.Image(label="Picture", type="pil", format="png", height=320)
            question_box = gr.Textbox(QUESTION, label="Question", lines=2)
            button = gr.Button("Ask", variant="primary")
        answer_box = gr.Textbox(label="Answer", buttons=["copy"])
    inputs = [image_box, question_box]
    # Before the examples: the first listener gets the name.
    gr.on([button.click, question_box.submit], answer, inputs, [answer_box], api_name="answer")
    hosting.examples(answer, inputs, [answer_box], QUESTION)
    hosting.footer()

if __name__ == "__main__":
    hosting.launch(demo)
