"""Draw images from nothing but a seed in the browser with a model from the Hugging Face Hub.

`model.json`, beside this file, names the model and its revision. Run it with `python app.py`.
"""

import spaces  # before torch, for ZeroGPU
import gradio as gr
import torch
from diffusers import DiffusionPipeline
from PIL import Image

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


@spaces.GPU(duration=hosting.MODEL["duration"], size=hosting.GPU_SIZE)
def generate(steps: int, seed: int) -> Image.Image:
    """An image. The same seed gives the same image, another seed another one."""
    with hosting.answering("generate"):
        made = pipe(
            num_inference_steps=int(steps), generator=torch.Generator("cpu").manual_seed(int(seed or 0))
        )
    image: Image.Image = made.images[0]
    return image


with gr.Blocks(title=hosting.MODEL["title"]) as demo:
    hosting.heading()
    with gr.Row(equal_height=True):
        with gr.Column():
            steps_box = gr.Slider(1, 1000, 50, step=1, label="Steps", info="More take longer")
            seed_box = gr.Number(0, label="Seed", precision=0)
            button = gr.Button("Draw", variant="primary")
        answer_box = gr.Image(label="Image", type="pil", format="png")
    # Before the examples: the first listener gets the name.
    button.click(generate, [steps_box, seed_box], [answer_box], api_name="generate")
    hosting.footer()

if __name__ == "__main__":
    hosting.launch(demo)
