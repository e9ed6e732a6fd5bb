"""Fill a gap in a text in the browser with a model from the Hugging Face Hub.

`model.json`, beside this file, names the model and its revision. Run it with `python app.py`.
"""

import spaces  # before torch, for ZeroGPU
import gradio as gr
import torch
from transformers import pipeline

import hosting

filler = pipeline(
    "fill-mask",
    model=hosting.SOURCE,
    revision=hosting.REVISION,
    device="cuda" if torch.cuda.is_available() else "cpu",
    trust_remote_code=hosting.TRUST,
)
hosting.loaded(filler.model)
MASK = filler.tokenizer.mask_token
HOW = f"Write {MASK} or ___ where a word is missing. Without one, the word after the text is guessed."


@spaces.GPU(duration=hosting.MODEL["duration"], size=hosting.GPU_SIZE)
def fill(text: str) -> dict[str, float]:
    """The likeliest words for the first gap of a text."""
    hosting.need(text, "some text")
    for gap in ("___", "[MASK]", "<mask>"):
        text = text.replace(gap, MASK)
    if MASK not in text:
        text = f"{text} {MASK}"
    with hosting.answering("fill"):
        found = filler(text, top_k=5, tokenizer_kwargs={"truncation": True})
    first = found[0] if isinstance(found[0], list) else found
    return {each["token_str"].strip() or "(space)": float(each["score"]) for each in first}


with gr.Blocks(title=hosting.MODEL["title"]) as demo:
    hosting.heading()
    with gr.Row(equal_height=True):
        with gr.Column():
            text_box = gr.Textbox(label="Text", info=HOW, lines=5, autofocus=True)
            button = gr.Button("Fill the gap", variant="primary")
        answer_box = gr.Label(label="Answer", num_top_classes=5)
    # Before the examples: the first listener gets the name.
    gr.on([button.click, text_box.submit], fill, [text_box], [answer_box], api_name="fill")
    hosting.examples(fill, [text_box], [answer_box])
    hosting.footer()

if __name__ == "__main__":
    hosting.launch(demo)
