"""Around a pipeline that draws from words: what it is asked for, and the page for it."""

import inspect
import re
from collections.abc import Callable
from typing import Any

import gradio as gr
import torch
from PIL import Image

import hosting

FEW_STEPS = re.compile(r"turbo|schnell|lightning|hyper-sd|lcm|distill|klein|dmd|sprint", re.IGNORECASE)
"""In the name of models that were taught to need only a few steps, and no guidance."""
USUAL_STEPS, USUAL_GUIDANCE = 25, 5.0
MOST_STEPS = 50
"""Of a pipeline's own; people may ask for more."""


def draw(pipe: Any, prompt: str, steps: int, guidance: float, seed: int) -> Image.Image:
    """An image for a prompt. The same seed gives the same image."""
    asked: dict[str, Any] = {"prompt": prompt, "num_inference_steps": int(steps)}
    if is_guided(pipe):
        asked["guidance_scale"] = float(guidance)
    made: Image.Image = pipe(**asked, generator=torch.Generator("cpu").manual_seed(int(seed or 0))).images[0]
    return made


def page(generate: Callable[..., Image.Image], pipe: Any, name: str) -> gr.Blocks:
    """The page, and the endpoint /generate. `name` is that of the model, which may say that it is fast."""
    few = FEW_STEPS.search(name) is not None
    steps = 4 if few else min(int(_default(pipe, "num_inference_steps") or USUAL_STEPS), MOST_STEPS)
    own = _default(pipe, "guidance_scale")
    guidance = 0.0 if few else USUAL_GUIDANCE if own is None else float(own)
    with gr.Blocks(title=hosting.MODEL["title"]) as demo:
        hosting.heading()
        with gr.Row(equal_height=True):
            with gr.Column():
                prompt_box = gr.Textbox(
                    label="Prompt", placeholder="An astronaut riding a horse…", lines=3, autofocus=True
                )
                with gr.Accordion("Settings", open=False):
                    steps_box = gr.Slider(1, 100, steps, step=1, label="Steps", info="More take longer")
                    guidance_box = gr.Slider(
                        0,
                        15,
                        guidance,
                        step=0.5,
                        label="Guidance",
                        info="How closely to follow the prompt",
                        visible=is_guided(pipe),
                    )
                    seed_box = gr.Number(0, label="Seed", precision=0)
                button = gr.Button("Draw", variant="primary")
            answer_box = gr.Image(label="Image", type="pil", format="png")
        inputs = [prompt_box, steps_box, guidance_box, seed_box]
        # Before the examples: the first listener gets the name.
        gr.on([button.click, prompt_box.submit], generate, inputs, [answer_box], api_name="generate")
        hosting.examples(generate, inputs, [answer_box], steps, guidance, 0)
        hosting.footer()
    return demo


def is_guided(pipe: Any) -> bool:
    """Whether it takes a guidance; None says that this pipeline's models have theirs built in."""
    return _default(pipe, "guidance_scale") is not None


def _default(pipe: Any, name: str) -> Any:
    """Of an argument of the pipeline; None where it takes none of this name."""
    takes = inspect.signature(pipe.__call__).parameters
    return takes[name].default if name in takes else None
