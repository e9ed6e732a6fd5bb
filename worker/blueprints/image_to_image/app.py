"""Change images by words in the browser with a model from the Hugging Face Hub.

`model.json`, beside this file, names the model and its revision. Run it with `python app.py`.
"""

import inspect
from typing import Any

import spaces  # before torch, for ZeroGPU
import gradio as gr
import torch
from diffusers import AutoPipelineForImage2Image, DiffusionPipeline
from PIL import Image

import hosting

GPU = torch.cuda.is_available()
WHICH: dict[str, Any] = {
    "revision": hosting.REVISION,
    "dtype": torch.bfloat16 if GPU else torch.float32,
    "trust_remote_code": hosting.TRUST,
}
try:
    pipe = AutoPipelineForImage2Image.from_pretrained(hosting.SOURCE, **WHICH)
except ValueError:  # a pipeline of its own kind, which takes an image as it is
    pipe = DiffusionPipeline.from_pretrained(hosting.SOURCE, **WHICH)
pipe.to("cuda" if GPU else "cpu")
hosting.loaded()
TAKES = inspect.signature(pipe.__call__).parameters
LARGEST = 1024
"""Pixels of a side."""


@spaces.GPU(duration=hosting.MODEL["duration"], size=hosting.GPU_SIZE)
def generate(image: Image.Image | None, prompt: str, steps: int, strength: float, seed: int) -> Image.Image:
    """The image, changed as the prompt says. The same seed gives the same image."""
    hosting.need(image, "a picture")
    if "prompt" in TAKES:
        hosting.need(prompt, "a prompt")
    assert image is not None
    asked: dict[str, Any] = {"image": _fitting(image), "num_inference_steps": int(steps)}
    if "prompt" in TAKES:
        asked["prompt"] = prompt
    if "strength" in TAKES:
        # At least one step must be left of the strength's share.
        asked["strength"] = max(float(strength), 1 / max(int(steps), 1))
    with hosting.answering("generate"):
        made: Image.Image = pipe(
            **asked, generator=torch.Generator("cpu").manual_seed(int(seed or 0))
        ).images[0]
    return made


def _fitting(image: Image.Image) -> Image.Image:
    """Within the largest size, and with sides that the model can divide."""
    scale = min(1.0, LARGEST / max(image.size))
    width, height = (max(64, int(side * scale) // 16 * 16) for side in image.size)
    return image.convert("RGB").resize((width, height))


with gr.Blocks(title=hosting.MODEL["title"]) as demo:
    hosting.heading()
    with gr.Row(equal_height=True):
        with gr.Column():
            image_box = gr.Image(label="Picture", type="pil", format="png", height=320)
            prompt_box = gr.Textbox(
                label="Prompt", placeholder="A watercolour painting…", lines=3, visible="prompt" in TAKES
            )
            with gr.Accordion("Settings", open=False):
                steps_box = gr.Slider(1, 100, 25, step=1, label="Steps", info="More take longer")
                strength_box = gr.Slider(
                    0.1,
                    1,
                    0.7,
                    step=0.05,
                    label="Strength",
                    info="How much may change",
                    visible="strength" in TAKES,
                )
                seed_box = gr.Number(0, label="Seed", precision=0)
            button = gr.Button("Change", variant="primary")
        answer_box = gr.Image(label="Image", type="pil", format="png")
    # Before the examples: the first listener gets the name.
    button.click(
        generate,
        [image_box, prompt_box, steps_box, strength_box, seed_box],
        [answer_box],
        api_name="generate",
    )
    hosting.examples(
        generate,
        [image_box, prompt_box, steps_box, strength_box, seed_box],
        [answer_box],
        "A watercolour painting",
        25,
        0.7,
        0,
    )
    hosting.footer()

if __name__ == "__main__":
    hosting.launch(demo)
