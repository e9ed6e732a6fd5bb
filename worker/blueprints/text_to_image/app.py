"""Draw images from words in the browser with a model from the Hugging Face Hub.

`model.json`, beside this file, names the model and its revision. Run it with `python app.py`.
"""

import spaces  # before torch, for ZeroGPU
import torch
from diffusers import DiffusionPipeline
from PIL import Image

import drawing
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
def generate(prompt: str, steps: int, guidance: float, seed: int) -> Image.Image:
    """An image for a prompt. The same seed gives the same image."""
    hosting.need(prompt, "a prompt")
    with hosting.answering("generate"):
        made: Image.Image = drawing.draw(pipe, prompt, steps, guidance, seed)
    return made


demo = drawing.page(generate, pipe, hosting.MODEL_ID)

if __name__ == "__main__":
    hosting.launch(demo)
