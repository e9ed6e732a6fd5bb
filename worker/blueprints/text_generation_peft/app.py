"""Write with an adapted language model from the Hugging Face Hub in the browser.

`model.json`, beside this file, names the adapter, its revision, and the model that it stands on. Run it
with `python app.py`.
"""

from collections.abc import Iterator

import spaces  # before torch, for ZeroGPU
import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer

import hosting
import language_model

BASE = hosting.MODEL["base_model"]
if hosting.MODEL.get("own_tokenizer"):
    tokenizer = AutoTokenizer.from_pretrained(hosting.SOURCE, revision=hosting.REVISION)
else:
    tokenizer = AutoTokenizer.from_pretrained(BASE)
base = AutoModelForCausalLM.from_pretrained(
    BASE, dtype="auto", device_map="cuda" if torch.cuda.is_available() else "cpu"
)
if len(tokenizer) > base.get_input_embeddings().num_embeddings:  # the adapter has brought words of its own
    base.resize_token_embeddings(len(tokenizer))
model = PeftModel.from_pretrained(base, hosting.SOURCE, revision=hosting.REVISION).eval()
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
