"""Film videos from words in the browser with a model from the Hugging Face Hub.

`model.json`, beside this file, names the model and its revision. Run it with `python app.py`.
"""

from typing import Any

import spaces  # before torch, for ZeroGPU
import gradio as gr
import torch
from diffusers import DiffusionPipeline

import filming
import hosting

GPU = torch.cuda.is_available()
pipe = DiffusionPipeline.from_pretrained(
    hosting.SOURCE,
    revision=hosting.REVISION,
    dtype=torch.bfloat16 if GPU else torch.float32,
    trust_remote_code=hosting.TRUST,
)
pipe.to("cuda" if GPU else "cpu")
hosting.loaded()
TAKES = filming.takes(pipe)
RATE = filming.rate_of(pipe)


@spaces.GPU(duration=hosting.MODEL["duration"], size=hosting.GPU_SIZE)
def generate(prompt: str, frames: int, steps: int, seed: int) -> str:
    """The path of a video. The same seed gives the same video."""
    hosting.need(prompt, "a prompt")
    asked: dict[str, Any] = {"num_frames": int(frames), "num_inference_steps": int(steps)}
    asked["prompt"] = prompt
    with hosting.answering("generate"):
        made = pipe(**asked, generator=torch.Generator("cpu").manual_seed(int(seed or 0))).frames[0]
        path: str = filming.save(made, RATE)
    return path


with gr.Blocks(title=hosting.MODEL["title"]) as demo:
    hosting.heading()
    with gr.Row(equal_height=True):
        with gr.Column():
            prompt_box = gr.Textbox(
                label="Prompt", placeholder="A cat walking on the grass…", lines=3, autofocus=True
            )
            with gr.Accordion("Settings", open=False):
                steps_box = gr.Slider(1, 100, 25, step=1, label="Steps", info="More take longer")
                frames_box = gr.Slider(
                    5, 121, filming.FRAMES, step=4, label="Frames", info=f"{RATE} are a second"
                )
                seed_box = gr.Number(0, label="Seed", precision=0)
            button = gr.Button("Film", variant="primary")
        answer_box = gr.Video(label="Video", format="mp4")
    # Before the examples: the first listener gets the name.
    inputs = [prompt_box, frames_box, steps_box, seed_box]
    gr.on([button.click, prompt_box.submit], generate, inputs, [answer_box], api_name="generate")
    hosting.examples(generate, inputs, [answer_box], filming.FRAMES, 25, 0)
    hosting.footer()

if __name__ == "__main__":
    hosting.launch(demo)
