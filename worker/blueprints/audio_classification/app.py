"""Classify sounds in the browser with a model from the Hugging Face Hub.

`model.json`, beside this file, names the model and its revision. Run it with `python app.py`.
"""

from typing import Any

import spaces  # before torch, for ZeroGPU
import gradio as gr
import numpy as np
import soundfile
import torch
from transformers import pipeline

import hosting

classifier = pipeline(
    "audio-classification",
    model=hosting.SOURCE,
    revision=hosting.REVISION,
    device="cuda" if torch.cuda.is_available() else "cpu",
    trust_remote_code=hosting.TRUST,
)
hosting.loaded(classifier.model)
RATE = classifier.feature_extractor.sampling_rate


@spaces.GPU(duration=hosting.MODEL["duration"], size=hosting.GPU_SIZE)
def classify(audio: str | None) -> dict[str, float]:
    """The probability of the likeliest labels for a sound."""
    hosting.need(audio, "a sound")
    assert audio is not None
    with hosting.answering("classify"):
        found = classifier({"raw": _sound(audio), "sampling_rate": RATE})
    return {each["label"]: float(each["score"]) for each in found}


def _sound(path: str) -> Any:
    """The sound as the model wants it: one channel, at its own rate."""
    try:
        sound, rate = soundfile.read(path, dtype="float32")
    except soundfile.LibsndfileError as error:
        sentence = "This sound could not be read. Please choose a WAV, FLAC, MP3 or OGG file."
        raise gr.Error(sentence, print_exception=False) from error
    if not len(sound):
        raise gr.Error("There is nothing in this sound. Please choose another.", print_exception=False)
    sound = sound if sound.ndim == 1 else sound.mean(1)
    if rate != RATE:
        moments = np.arange(0, len(sound), rate / RATE)
        sound = np.interp(moments, np.arange(len(sound)), sound).astype("float32")
    return sound


with gr.Blocks(title=hosting.MODEL["title"]) as demo:
    hosting.heading()
    with gr.Row(equal_height=True):
        with gr.Column():
            audio_box = gr.Audio(label="Sound", type="filepath")
            button = gr.Button("Classify", variant="primary")
        answer_box = gr.Label(label="Answer", num_top_classes=5)
    # Before the examples: the first listener gets the name.
    button.click(classify, [audio_box], [answer_box], api_name="classify")
    hosting.examples(classify, [audio_box], [answer_box])
    hosting.footer()

if __name__ == "__main__":
    hosting.launch(demo)
