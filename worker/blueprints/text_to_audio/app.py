"""Turn text into sound in the browser with a model from the Hugging Face Hub.

`model.json`, beside this file, names the model and its revision. Run it with `python app.py`.
"""

from typing import Any

import spaces  # before torch, for ZeroGPU
import gradio as gr
import numpy as np
import torch
from transformers import pipeline, set_seed

import hosting

speaker = pipeline(
    "text-to-audio",
    model=hosting.SOURCE,
    revision=hosting.REVISION,
    device="cuda" if torch.cuda.is_available() else "cpu",
    trust_remote_code=hosting.TRUST,
)
hosting.loaded(speaker.model)


@spaces.GPU(duration=hosting.MODEL["duration"], size=hosting.GPU_SIZE)
def generate(text: str, seed: int) -> tuple[int, Any]:
    """The sound of a text: samples a second, and the samples. The same seed gives the same sound."""
    hosting.need(text, "some text")
    with hosting.answering("generate"):
        set_seed(int(seed or 0))
        made = speaker(text)
    sound = np.asarray(made["audio"], dtype="float32").squeeze()
    sound = sound if sound.ndim == 1 else sound.T
    loudest = max(float(np.abs(sound).max(initial=0.0)), 1e-6)
    return int(made["sampling_rate"]), (sound / loudest * 32767).astype("int16")


with gr.Blocks(title=hosting.MODEL["title"]) as demo:
    hosting.heading()
    with gr.Row(equal_height=True):
        with gr.Column():
            text_box = gr.Textbox(label="Text", placeholder="Write or paste a text…", lines=5, autofocus=True)
            seed_box = gr.Number(0, label="Seed", precision=0)
            button = gr.Button("Generate", variant="primary")
        answer_box = gr.Audio(label="Sound", format="wav")
    # Before the examples: the first listener gets the name.
    button.click(generate, [text_box, seed_box], [answer_box], api_name="generate")
    hosting.examples(generate, [text_box, seed_box], [answer_box], 0)
    hosting.footer()

if __name__ == "__main__":
    hosting.launch(demo)
