"""Bring pictures to life in the browser with a model from the Hugging Face Hub.

`model.json`, beside this file, names the model and its revision. Run it with `python app.py`.
"""

from typing import Any

import spaces  # before torch, for ZeroGPU
import diffusers
import gradio as gr
import torch
from diffusers import DiffusionPipeline
from PIL import Image

import filming
import hosting

GPU = torch.cuda.is_available()
pipe = DiffusionPipeline.from_pretrained(
    hosting.SOURCE,
    revision=hosting.REVISION,
    dtype=torch.bfloat16 if GPU else torch.float32,
    trust_remote_code=hosting.TRUST,
)
if "image" not in filming.takes(pipe):  # of a model that can do both, such as LTX, the half for words
    name = type(pipe).__name__.replace("Pipeline", "ImageToVideoPipeline")
    pipe = getattr(diffusers, name).from_pipe(pipe, dtype=pipe.dtype)
pipe.to("cuda" if GPU else "cpu")
hosting.loaded()
TAKES = filming.takes(pipe)
RATE = filming.rate_of(pipe)
LARGEST = 832
"""Pixels of a side."""


@spaces.GPU(duration=hosting.MODEL["duration"], size=hosting.GPU_SIZE)
def generate(image: Image.Image | None, prompt: str, frames: int, steps: int, seed: int) -> str:
    """The path of a video. The same seed gives the same video."""
    hosting.need(image, "a picture")
    assert image is not None
    asked: dict[str, Any] = {"num_frames": int(frames), "num_inference_steps": int(steps)}
    asked["image"] = _fitting(image)
    if "prompt" in TAKES:
        asked["prompt"] = prompt or ""
    for side, length in zip(("width", "height"), asked["image"].size, strict=True):
        if side in TAKES:
            asked[side] = length
    with hosting.answering("generate"):
        made = pipe(**asked, generator=torch.Generator("cpu").manual_seed(int(seed or 0))).frames[0]
        path: str = filming.save(made, RATE)
    return path


def _fitting(image: Image.Image) -> Image.Image:
    """Within the size that the model was made for, and with sides that it can divide."""
    scale = min(1.0, LARGEST / max(image.size))
    width, height = (max(64, int(side * scale) // 32 * 32) for side in image.size)
    return image.convert("RGB").resize((width, height))


with gr.Blocks(title=hosting.MODEL["title"]) as demo:
    hosting.heading()
    with gr.Row(equal_height=True):
        with gr.Column():
            image_box = gr.Image(label="Picture", type="pil", format="png", height=320)
            prompt_box = gr.Textbox(label="Prompt", placeholder="What happens…", lines=3)
            with gr.Accordion("Settings", open=False):
                steps_box = gr.Slider(1, 100, 25, step=1, label="Steps", info="More take longer")
                frames_box = gr.Slider(
                    5, 121, filming.FRAMES, step=4, label="Frames", info=f"{RATE} are a second"
                )
                seed_box = gr.Number(0, label="Seed", precision=0)
            button = gr.Button("Film", variant="primary")
        answer_box = gr.Video(label="Video", format="mp4")
    # Before the examples: the first listener gets the name.
    button.click(
        generate, [image_box, prompt_box, frames_box, steps_box, seed_box], [answer_box], api_name="generate"
    )
    hosting.examples(
        generate,
        [image_box, prompt_box, frames_box, steps_box, seed_box],
        [answer_box],
        "It moves",
        25,
        25,
        0,
    )
    hosting.footer()

if __name__ == "__main__":
    hosting.launch(demo)
