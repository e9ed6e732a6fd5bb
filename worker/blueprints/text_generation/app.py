"""Write with a language model from the Hugging Face Hub in the browser.

`model.json`, beside this file, names the model and its revision. Run it with `python app.py`.
"""

from collections.abc import Iterator

import spaces  # before torch, for ZeroGPU
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

import hosting
import language_model

WHICH = {"revision": hosting.REVISION, "trust_remote_code": hosting.TRUST}
tokenizer = AutoTokenizer.from_pretrained(hosting.SOURCE, **WHICH)
model = AutoModelForCausalLM.from_pretrained(
    hosting.SOURCE, dtype="auto", device_map="cuda" if torch.cuda.is_available() else "cpu", **WHICH
)
hosting.loaded(model)


@spaces.GPU(duration=hosting.MODEL["duration"], size=hosting.GPU_SIZE)
def generate(prompt: str, max_new_tokens: int, temperature: float, seed: int) -> Iterator[str]:
    """What the model answers to a prompt, as it grows."""
    hosting.need(prompt, "a prompt")
    with hosting.answering("generate"):
        yield from language_model.write(model, tokenizer, prompt, max_new_tokens, temperature, seed)


demo = language_model.page(generate)

if __name__ == "__main__":
    hosting.launch(demo)
