"""Turn a text into another one with a model from the Hugging Face Hub, such as its summary, in the browser.

`model.json`, beside this file, names the model and its revision. Run it with `python app.py`.
"""

import spaces  # before torch, for ZeroGPU
import gradio as gr
import torch
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

import hosting

WHICH = {"revision": hosting.REVISION, "trust_remote_code": hosting.TRUST}
tokenizer = AutoTokenizer.from_pretrained(hosting.SOURCE, **WHICH)
model = AutoModelForSeq2SeqLM.from_pretrained(
    hosting.SOURCE, device_map="cuda" if torch.cuda.is_available() else "cpu", **WHICH
)
hosting.loaded(model)
LONGEST = 200
"""Tokens of an answer, unless the person wants more."""
TASKS = getattr(model.config, "task_specific_params", None) or {}
STARTS = list(dict.fromkeys(each["prefix"] for each in TASKS.values() if each.get("prefix")))
"""What models of several tasks, such as T5, are told theirs by."""


@spaces.GPU(duration=hosting.MODEL["duration"], size=hosting.GPU_SIZE)
def generate(text: str, start: str = "", max_new_tokens: int = LONGEST) -> str:
    """What the model makes of a text. The same text always gives the same answer."""
    hosting.need(text, "some text")
    with hosting.answering("generate"):
        encoded = tokenizer(f"{start or ''}{text}", truncation=True, return_tensors="pt").to(model.device)
        written = model.generate(
            input_ids=encoded["input_ids"],
            attention_mask=encoded["attention_mask"],
            max_new_tokens=int(max_new_tokens),
            min_length=0,
            do_sample=False,
        )
    return str(tokenizer.decode(written[0], skip_special_tokens=True)).strip()


with gr.Blocks(title=hosting.MODEL["title"]) as demo:
    hosting.heading()
    with gr.Row(equal_height=True):
        with gr.Column():
            text_box = gr.Textbox(
                label="Text", placeholder="Write or paste a text…", lines=10, autofocus=True
            )
            start_box = gr.Dropdown(
                ["", *STARTS], value="", label="Task", info="is put before the text", visible=bool(STARTS)
            )
            longest = gr.Slider(1, 512, LONGEST, step=1, label="Longest answer", info="in tokens")
            button = gr.Button("Go", variant="primary")
        answer_box = gr.Textbox(label="Answer", lines=10, buttons=["copy"])
    inputs = [text_box, start_box, longest]
    # Before the examples: the first listener gets the name.
    gr.on([button.click, text_box.submit], generate, inputs, [answer_box], api_name="generate")
    hosting.examples(generate, inputs, [answer_box], "", LONGEST)
    hosting.footer()

if __name__ == "__main__":
    hosting.launch(demo)
