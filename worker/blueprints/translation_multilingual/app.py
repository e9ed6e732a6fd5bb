"""Translate between many languages with a model from the Hugging Face Hub in the browser.

`model.json`, beside this file, names the model and its revision. Run it with `python app.py`.
"""

import re

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
LANGUAGE = re.compile(r"__([a-z]{2,3})__|([a-z]{2,3}_[A-Z][A-Za-z]{1,3})")
"""A language among the tokenizer's tokens: __fr__, fra_Latn as NLLB writes it, fr_XX as MBart."""


def languages() -> dict[str, int]:
    """The token that a translation into a language begins with, by the language's code."""
    if known := getattr(tokenizer, "lang_code_to_id", None):
        return dict(sorted(known.items()))
    tokens = {*tokenizer.get_added_vocab(), *tokenizer.all_special_tokens, *tokenizer.get_vocab()}
    found = {match[1] or match[2]: match[0] for token in tokens if (match := LANGUAGE.fullmatch(token))}
    return {code: tokenizer.convert_tokens_to_ids(found[code]) for code in sorted(found)}


LANGUAGES = languages()
CODES = list(LANGUAGES)
SOURCE = next((code for code in CODES if code.startswith("en")), CODES[0])
TARGET = next((code for code in CODES if code.startswith("fr")), CODES[-1])


@spaces.GPU(duration=hosting.MODEL["duration"], size=hosting.GPU_SIZE)
def translate(
    text: str, source_language: str = SOURCE, target_language: str = TARGET, max_new_tokens: int = LONGEST
) -> str:
    """A text in another language. The same text always gives the same translation."""
    hosting.need(text, "some text")
    with hosting.answering("translate"):
        tokenizer.src_lang = source_language
        encoded = tokenizer(text, truncation=True, return_tensors="pt").to(model.device)
        written = model.generate(
            input_ids=encoded["input_ids"],
            attention_mask=encoded["attention_mask"],
            forced_bos_token_id=LANGUAGES[target_language],
            max_new_tokens=int(max_new_tokens),
            do_sample=False,
        )
    return str(tokenizer.decode(written[0], skip_special_tokens=True)).strip()


with gr.Blocks(title=hosting.MODEL["title"]) as demo:
    hosting.heading()
    with gr.Row(equal_height=True):
        with gr.Column():
            source_box = gr.Dropdown(CODES, value=SOURCE, label="From")
            text_box = gr.Textbox(label="Text", placeholder="Write or paste a text…", lines=8, autofocus=True)
            longest = gr.Slider(1, 512, LONGEST, step=1, label="Longest translation", info="in tokens")
            button = gr.Button("Translate", variant="primary")
        with gr.Column():
            target_box = gr.Dropdown(CODES, value=TARGET, label="To")
            answer_box = gr.Textbox(label="Translation", lines=8, buttons=["copy"])
    inputs = [text_box, source_box, target_box, longest]
    # Before the examples: the first listener gets the name.
    gr.on([button.click, text_box.submit], translate, inputs, [answer_box], api_name="translate")
    hosting.examples(translate, inputs, [answer_box], SOURCE, TARGET, LONGEST)
    hosting.footer()

if __name__ == "__main__":
    hosting.launch(demo)
