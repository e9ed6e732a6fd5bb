"""Ask about documents in the browser with a model from the Hugging Face Hub that reads pictures of them.

`model.json`, beside this file, names the model and its revision. Run it with `python app.py`.
"""

import re
from typing import Any

import spaces  # before torch, for ZeroGPU
import gradio as gr
import torch
from PIL import Image
from transformers import AutoModelForImageTextToText, AutoProcessor

import hosting

WHICH = {"revision": hosting.REVISION, "trust_remote_code": hosting.TRUST}
processor = AutoProcessor.from_pretrained(hosting.SOURCE, **WHICH)
model: Any = AutoModelForImageTextToText.from_pretrained(hosting.SOURCE, **WHICH).eval()
model.to("cuda" if torch.cuda.is_available() else "cpu")
hosting.loaded(model)
PROMPT = "<s_docvqa><s_question>{question}</s_question><s_answer>"
"""What Donut was taught to begin with."""
QUESTION = "What is the total?"
LEAST, LONGEST = 8, 128
"""Tokens of an answer."""


@spaces.GPU(duration=hosting.MODEL["duration"], size=hosting.GPU_SIZE)
def answer(image: Image.Image | None, question: str) -> str:
    """What a document says about a question."""
    hosting.need(image, "a picture of a document")
    hosting.need(question, "a question")
    assert image is not None
    with hosting.answering("answer"), torch.inference_mode():
        pixels = processor(images=image.convert("RGB"), return_tensors="pt")["pixel_values"]
        asked = processor.tokenizer(
            PROMPT.format(question=question), add_special_tokens=False, return_tensors="pt"
        )["input_ids"]
        written = model.generate(
            pixel_values=pixels.to(model.device, model.dtype),
            decoder_input_ids=asked.to(model.device),
            max_new_tokens=_room(asked.shape[1]),
        )
    said = processor.tokenizer.decode(written[0, asked.shape[1] :], skip_special_tokens=True)
    return re.sub(r"<[^<>]*>", "", str(said)).strip() or "(no answer)"


def _room(used: int) -> int:
    """Tokens that still fit after the question."""
    room = model.config.decoder.max_position_embeddings - used
    if room < LEAST:
        raise gr.Error("Please ask a shorter question.", print_exception=False)
    return int(min(room, LONGEST))


with gr.Blocks(title=hosting.MODEL["title"]) as demo:
    hosting.heading()
    with gr.Row(equal_height=True):
        with gr.Column():
            image_box = gr.Image(label="Document", type="pil", format="png", height=400)
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
