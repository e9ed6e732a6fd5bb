"""Classify videos in the browser with a model from the Hugging Face Hub.

`model.json`, beside this file, names the model and its revision. Run it with `python app.py`.
"""

from typing import Any

import spaces  # before torch, for ZeroGPU
import gradio as gr
import imageio.v3 as films
import numpy as np
import torch
from transformers import AutoImageProcessor, AutoModelForVideoClassification

import hosting

WHICH = {"revision": hosting.REVISION, "trust_remote_code": hosting.TRUST}
MOST_FRAMES = 128
"""That are held in memory at once."""
pictures = AutoImageProcessor.from_pretrained(hosting.SOURCE, **WHICH)
model: Any = AutoModelForVideoClassification.from_pretrained(hosting.SOURCE, **WHICH).eval()
model.to("cuda" if torch.cuda.is_available() else "cpu")
hosting.loaded(model)


@spaces.GPU(duration=hosting.MODEL["duration"], size=hosting.GPU_SIZE)
def classify(video: str | None) -> dict[str, float]:
    """The probability of the likeliest labels for a video."""
    hosting.need(video, "a video")
    assert video is not None
    with hosting.answering("classify"), torch.inference_mode():
        inputs = pictures(_frames(video), return_tensors="pt").to(model.device)
        chances = model(**inputs).logits.softmax(-1)[0]
    best = chances.argsort(descending=True)[:5].tolist()
    return {model.config.id2label[number]: float(chances[number]) for number in best}


def _frames(video: str) -> list[Any]:
    """As many frames as the model wants, evenly from the whole video."""
    kept: list[Any] = []
    step = 1
    for number, frame in enumerate(films.imiter(video, plugin="FFMPEG")):
        if number % step == 0:
            kept.append(frame)
        if len(kept) == MOST_FRAMES:
            kept, step = kept[::2], step * 2
    if not kept:
        raise gr.Error(
            "No picture in this video could be read. Please choose another.", print_exception=False
        )
    wanted = getattr(model.config, "num_frames", 16)
    return [kept[number] for number in np.linspace(0, len(kept) - 1, wanted).astype(int)]


with gr.Blocks(title=hosting.MODEL["title"]) as demo:
    hosting.heading()
    with gr.Row(equal_height=True):
        with gr.Column():
            video_box = gr.Video(label="Video", height=320)
            button = gr.Button("Classify", variant="primary")
        answer_box = gr.Label(label="Answer", num_top_classes=5)
    # Before the examples: the first listener gets the name.
    button.click(classify, [video_box], [answer_box], api_name="classify")
    hosting.examples(classify, [video_box], [answer_box])
    hosting.footer()

if __name__ == "__main__":
    hosting.launch(demo)
