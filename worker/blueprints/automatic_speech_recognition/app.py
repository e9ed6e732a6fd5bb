"""Turn speech into text in the browser with a model from the Hugging Face Hub.

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

listener = pipeline(
    "automatic-speech-recognition",
    model=hosting.SOURCE,
    revision=hosting.REVISION,
    device="cuda" if torch.cuda.is_available() else "cpu",
    trust_remote_code=hosting.TRUST,
)
hosting.loaded(listener.model)
RATE = listener.feature_extractor.sampling_rate


@spaces.GPU(duration=hosting.MODEL["duration"], size=hosting.GPU_SIZE)
def transcribe(audio: str | None) -> str:
    """What is said in a recording."""
    hosting.need(audio, "a recording")
    assert audio is not None
    sound = _sound(audio)
    # A model that writes time stamps needs them for what is longer than its window.
    long = len(sound) > 29 * RATE and listener.type == "seq2seq_whisper"
    with hosting.answering("transcribe"):
        return str(listener({"raw": sound, "sampling_rate": RATE}, return_timestamps=long or None)["text"])


def _sound(path: str) -> Any:
    """The sound as the model wants it: one channel, at its own rate."""
    try:
        sound, rate = soundfile.read(path, dtype="float32")
    except soundfile.LibsndfileError as error:
        sentence = "This recording could not be read. Please choose a WAV, FLAC, MP3 or OGG file."
        raise gr.Error(sentence, print_exception=False) from error
    if not len(sound):
        raise gr.Error("There is nothing in this recording. Please choose another.", print_exception=False)
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
            button = gr.Button("Transcribe", variant="primary")
        answer_box = gr.Textbox(label="Text", lines=8, buttons=["copy"])
    # Before the examples: the first listener gets the name.
    button.click(transcribe, [audio_box], [answer_box], api_name="transcribe")
    hosting.examples(transcribe, [audio_box], [answer_box])
    hosting.footer()

if __name__ == "__main__":
    hosting.launch(demo)
