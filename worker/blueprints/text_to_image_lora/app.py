"""Draw images with a LoRA in the browser with a model from the Hugging Face Hub.

`model.json`, beside this file, names the LoRA, its revision, and the model that it stands on. Run it with
`python app.py`.
"""

import spaces  # before torch, for ZeroGPU
import torch
from diffusers import DiffusionPipeline
from PIL import Image

import drawing
import hosting

GPU = torch.cuda.is_available()
BASE: str = hosting.MODEL["base_model"]
TRIGGER: str = hosting.MODEL.get("trigger") or ""
"""Words that the LoRA was trained on."""
pipe = DiffusionPipeline.from_pretrained(BASE, dtype=torch.bfloat16 if GPU else torch.float32)
pipe.load_lora_weights(hosting.SOURCE, revision=hosting.REVISION, weight_name=hosting.MODEL["weights"])
pipe.to("cuda" if GPU else "cpu")
hosting.loaded()


@spaces.GPU(duration=hosting.MODEL["duration"], size=hosting.GPU_SIZE)
def generate(prompt: str, steps: int, guidance: float, seed: int) -> Image.Image:
    """An image for a prompt. The same seed gives the same image."""
    hosting.need(prompt, "a prompt")
    with hosting.answering("generate"):
        made: Image.Image = drawing.draw(pipe, _with_trigger(prompt), steps, guidance, seed)
    return made


def _with_trigger(prompt: str) -> str:
    return prompt if not TRIGGER or TRIGGER.lower() in prompt.lower() else f"{TRIGGER}, {prompt}"


demo = drawing.page(generate, pipe, f"{BASE} {hosting.MODEL_ID}")

if __name__ == "__main__":
    hosting.launch(demo)
