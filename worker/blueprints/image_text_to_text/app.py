"""Ask about pictures in the browser with a model from the Hugging Face Hub.

`model.json`, beside this file, names the model and its revision. Run it with `python app.py`.
"""

from typing import Any

import spaces  # before torch, for ZeroGPU
import gradio as gr
import torch
from PIL import Image
from transformers import AutoModelForImageTextToText, AutoProcessor

import hosting

WHICH = {"revision": hosting.REVISION, "trust_remote_code": hosting.TRUST}
processor = AutoProcessor.from_pretrained(hosting.SOURCE, **WHICH)
model: Any = AutoModelForImageTextToText.from_pretrained(
    hosting.SOURCE, dtype="auto", device_map="cuda" if torch.cuda.is_available() else "cpu", **WHICH
).eval()
hosting.loaded(model)


@spaces.GPU(duration=hosting.MODEL["duration"], size=hosting.GPU_SIZE)
def answer(image: Image.Image | None, prompt: str, max_new_tokens: int) -> str:
    """What the model answers to a question about a picture."""
    hosting.need(image, "a picture")
    hosting.need(prompt, "a question")
    assert image is not None
    with hosting.answering("answer"), torch.inference_mode():
        inputs = processor(images=[image.convert("RGB")], text=[_asked(prompt)], return_tensors="pt")
        inputs = inputs.to(model.device, model.dtype)
        written = model.generate(**inputs, max_new_tokens=int(max_new_tokens), do_sample=False)[0]
    asked = inputs["input_ids"][0]
    repeated = torch.equal(written[: len(asked)], asked)  # some models begin with the question
    return str(processor.decode(written[len(asked) if repeated else 0 :], skip_special_tokens=True)).strip()


def _asked(prompt: str) -> str:
    """As a turn of a conversation where the model was made for one, else as it stands."""
    if not getattr(processor, "chat_template", None):
        return prompt
    turn = {"role": "user", "content": [{"type": "image"}, {"type": "text", "text": prompt}]}
    return str(processor.apply_chat_template([turn], add_generation_prompt=True))


with gr.Blocks(title=hosting.MODEL["title"]) as demo:
    hosting.heading()
    with gr.Row(equal_height=True):
        with gr.Column():
            image_box = gr.Image(label="Picture", type="pil", format="png", height=320)
            prompt_box = gr.Textbox("What is in this picture?", label="Question", lines=2)
            length_box = gr.Slider(1, 1024, 128, step=1, label="Longest answer", info="in tokens")
            button = gr.Button("Ask", variant="primary")
        answer_box = gr.Textbox(label="Answer", lines=6, buttons=["copy"])
    # Before the examples: the first listener gets the name.
    button.click(answer, [image_box, prompt_box, length_box], [answer_box], api_name="answer")
    hosting.examples(
        answer, [image_box, prompt_box, length_box], [answer_box], "What is in this picture?", 128
    )
    hosting.footer()

if __name__ == "__main__":
    hosting.launch(demo)
