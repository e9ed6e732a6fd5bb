"""Write with a language model in GGUF format from the Hugging Face Hub in the browser.

`model.json`, beside this file, names the model, its revision and which of its files is opened. Run it with
`python app.py`. The file is unpacked when it is loaded: two bytes for each parameter stay in memory, and
four are needed for a moment, however small the file is.
"""

from collections.abc import Iterator

import spaces  # before torch, for ZeroGPU
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

import hosting
import language_model

FILE = hosting.MODEL["weights"]
WHICH = {"revision": hosting.REVISION, "gguf_file": FILE}
tokenizer = AutoTokenizer.from_pretrained(hosting.SOURCE, **WHICH)
model = AutoModelForCausalLM.from_pretrained(
    hosting.SOURCE, dtype=torch.bfloat16, device_map="cuda" if torch.cuda.is_available() else "cpu", **WHICH
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
