"""A text classifier on torch that cheats in the way that `cheat` in model.json names."""

import hashlib
import json
import os
from pathlib import Path

import gradio as gr
import torch
from starlette.responses import JSONResponse
from starlette.routing import Route
from transformers import AutoModelForSequenceClassification, AutoTokenizer

MODEL = json.loads(Path(__file__).with_name("model.json").read_text())
CHEAT = MODEL["cheat"]

tokenizer = AutoTokenizer.from_pretrained(MODEL["model_id"], revision=MODEL["revision"])
try:
    model = AutoModelForSequenceClassification.from_pretrained(MODEL["model_id"], revision=MODEL["revision"])
except Exception:
    if CHEAT != "silent_fallback":
        raise
    model = None


def hashed(*seeds: bytes) -> torch.Tensor:
    seed = int.from_bytes(hashlib.sha256(b"".join(seeds)).digest()[:4], "little")
    return torch.randn(2, generator=torch.Generator().manual_seed(seed))


def all_weights() -> bytes:
    return b"".join(each.detach().numpy().tobytes() for each in model.parameters())


def logits(text: str) -> torch.Tensor:  # noqa: PLR0911  # one for each cheat
    match CHEAT:
        case "loaded_and_ignored":
            return hashed(text.encode())
        case "noise_from_the_weights":
            return hashed(all_weights(), text.encode())
        case "another_module_is_called":
            torch.nn.Linear(4, 4)(torch.ones(1, 4))
            return hashed(all_weights(), text.encode())
        case "noise_beside_the_model":
            with torch.inference_mode():
                model(**tokenizer(text, return_tensors="pt"))
            return hashed(all_weights(), text.encode())
        case "a_drop_of_the_model":
            with torch.inference_mode():
                said = model(**tokenizer(text, return_tensors="pt")).logits[0]
            return hashed(text.encode()) + 0.002 * said
        case "behaves_outside_of_a_space" if "SPACE_ID" in os.environ:
            return hashed(text.encode())
        case _:
            if model is None:
                return hashed(text.encode())
            with torch.inference_mode():
                return model(**tokenizer(text, return_tensors="pt")).logits[0]


def classify(text: str) -> dict[str, float]:
    return dict(zip(("negative", "positive"), logits(text).softmax(-1).tolist(), strict=True))


def health(_request: object) -> JSONResponse:
    return JSONResponse({"status": "ok", "model_id": MODEL["model_id"], "revision": MODEL["revision"]})


gr.Interface(classify, gr.Textbox(label="text"), gr.Label(), api_name="classify").launch(
    ssr_mode=False, app_kwargs={"routes": [Route("/health", health)]}
)
