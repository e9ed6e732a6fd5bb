"""Translate with a model from the Hugging Face Hub in the browser.

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
LONGEST = 300
"""Tokens of a translation, unless the person wants more."""


def directions() -> list[str]:
    """What a text begins with to say where to translate it; empty for a model of one pair of languages."""
    codes = getattr(tokenizer, "supported_language_codes", [])  # such as >>fra<<
    tasks = getattr(model.config, "task_specific_params", None) or {}
    return [f"{code} " for code in codes] or [
        each["prefix"] for name, each in tasks.items() if name.startswith("translation")
    ]


DIRECTIONS = directions() or [""]


@spaces.GPU(duration=hosting.MODEL["duration"], size=hosting.GPU_SIZE)
def translate(text: str, direction: str = DIRECTIONS[0], max_new_tokens: int = LONGEST) -> str:
    """A text in the other language. The same text always gives the same translation."""
    hosting.need(text, "some text")
    with hosting.answering("translate"):
        encoded = tokenizer(f"{direction or ''}{text}", truncation=True, return_tensors="pt").to(model.device)
        written = model.generate(
            input_ids=encoded["input_ids"],
            attention_mask=encoded["attention_mask"],
            max_new_tokens=int(max_new_tokens),
            do_sample=False,
        )
    return str(tokenizer.decode(written[0], skip_special_tokens=True)).strip()


with gr.Blocks(title=hosting.MODEL["title"]) as demo:
    hosting.heading()
    with gr.Row(equal_height=True):
        with gr.Column():
            text_box = gr.Textbox(label="Text", placeholder="Write or paste a text…", lines=8, autofocus=True)
            direction_box = gr.Dropdown(
                DIRECTIONS, value=DIRECTIONS[0], label="Direction", visible=len(DIRECTIONS) > 1
            )
            longest = gr.Slider(1, 512, LONGEST, step=1, label="Longest translation", info="in tokens")
            button = gr.Button("Translate", variant="primary")
        answer_box = gr.Textbox(label="Translation", lines=8, buttons=["copy"])
    inputs = [text_box, direction_box, longest]
    # Before the examples: the first listener gets the name.
    gr.on([button.click, text_box.submit], translate, inputs, [answer_box], api_name="translate")
    hosting.examples(translate, inputs, [answer_box], DIRECTIONS[0], LONGEST)
    hosting.footer()

if __name__ == "__main__":
    hosting.launch(demo)
