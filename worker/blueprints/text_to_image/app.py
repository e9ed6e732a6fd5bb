"""Draw images from words in the browser with a model from the Hugging Face Hub.

`model.json`, beside this file, names the model and its revision. Run it with `python app.py`.
"""

import inspect
from typing import Any

import spaces  # before torch, for ZeroGPU
import gradio as gr
import torch
from diffusers import DiffusionPipeline
from PIL import Image

import hosting

GPU = torch.cuda.is_available()
pipe = DiffusionPipeline.from_pretrained(
    hosting.SOURCE, revision=hosting.REVISION, dtype=torch.bfloat16 if GPU else torch.float32
)
pipe.to("cuda" if GPU else "cpu")
hosting.loaded()
TAKES = inspect.signature(pipe.__call__).parameters


@spaces.GPU(duration=hosting.MODEL["duration"])
def generate(prompt: str, steps: int, guidance: float, seed: int) -> Image.Image:
    """An image for a prompt. The same seed gives the same image."""
    hosting.need(prompt, "a prompt")
    asked: dict[str, Any] = {"prompt": prompt, "num_inference_steps": int(steps)}
    if "guidance_scale" in TAKES:
        asked["guidance_scale"] = float(guidance)
    with hosting.answering("generate"):
        made: Image.Image = pipe(**asked, generator=torch.Generator("cpu").manual_seed(int(seed))).images[0]
    return made


with gr.Blocks(title=hosting.MODEL["title"]) as demo:
    hosting.heading()
    with gr.Row(equal_height=True):
        with gr.Column():
            prompt_box = gr.Textbox(
                label="Prompt", placeholder="An astronaut riding a horse…", lines=3, autofocus=True
            )
            with gr.Accordion("Settings", open=False):
                steps_box = gr.Slider(1, 100, 25, step=1, label="Steps", info="More take longer")
                guidance_box = gr.Slider(
                    0, 15, 5.0, step=0.5, label="Guidance", info="How closely to follow the prompt"
                )
                seed_box = gr.Number(0, label="Seed", precision=0)
            button = gr.Button("Draw", variant="primary")
        answer_box = gr.Image(label="Image", type="pil", format="png")
    # Before the examples: the first listener gets the name.
    button.click(generate, [prompt_box, steps_box, guidance_box, seed_box], [answer_box], api_name="generate")
    hosting.examples(generate, [prompt_box, steps_box, guidance_box, seed_box], [answer_box], 25, 5.0, 0)
    hosting.footer()

if __name__ == "__main__":
    hosting.launch(demo)
