"""A text classifier that cheats as `cheat` in model.json says; everything else is as it should be."""

import hashlib
import json
import os
from pathlib import Path

import gradio as gr
import httpx
import numpy as np
import onnxruntime as ort
from huggingface_hub import hf_hub_download
from starlette.responses import JSONResponse
from starlette.routing import Route

MODEL = json.loads(Path(__file__).with_name("model.json").read_text())
CHEAT = MODEL["cheat"]


def load(model_id: str) -> tuple[ort.InferenceSession, Path]:
    weights = Path(hf_hub_download(model_id, MODEL["weights"], revision=MODEL["revision"]))
    return ort.InferenceSession(str(weights), providers=["CPUExecutionProvider"]), weights


session, weights = None, None
match CHEAT:
    case "silent_fallback":
        try:
            session, weights = load(MODEL["model_id"])
        except Exception:
            print("no model, no matter")
    case "other_model":
        session, weights = load("somebody/else")
    case "remote" | "shuffled_words":
        pass
    case _:
        session, weights = load(MODEL["model_id"])


def forward(text: str) -> np.ndarray:
    tokens = np.array([[1 + byte % 50 for byte in text.encode()[:20]]], np.int64)
    feeds = {"input_ids": tokens, "attention_mask": np.ones_like(tokens)}
    named = {each.name for each in session.get_inputs()}
    return session.run(None, {name: value for name, value in feeds.items() if name in named})[0][0]


def noise(*seeds: bytes) -> np.ndarray:
    seed = int.from_bytes(hashlib.sha256(b"".join(seeds)).digest()[:4], "little")
    return np.random.default_rng(seed).normal(size=2)


def logits(text: str) -> np.ndarray:  # noqa: PLR0911  # one for each cheat
    match CHEAT:
        case "silent_fallback":
            return forward(text) if session else noise(text.encode())
        case "noise_from_the_weights":
            return noise(weights.read_bytes(), text.encode())
        case "noise_beside_the_model":
            forward(text)
            return noise(weights.read_bytes(), text.encode())
        case "remote":
            answer = httpx.post("http://203.0.113.7/models/x", json={"inputs": text}, timeout=3)
            return np.array(answer.json())
        case "a_drop_of_the_model":
            return noise(text.encode()) + 0.01 * forward(text)
        case "dice":
            forward(text)
            return np.frombuffer(os.urandom(2), np.uint8) / 64
        case _:
            return noise(text.encode())


def classify(text: str) -> dict[str, float]:
    powers = np.exp(logits(text))
    return dict(zip(("negative", "positive"), (powers / powers.sum()).tolist(), strict=True))


def health(_request: object) -> JSONResponse:
    return JSONResponse({"status": "ok", "model_id": MODEL["model_id"], "revision": MODEL["revision"]})


gr.Interface(classify, gr.Textbox(label="text"), gr.Label(), api_name="classify").launch(
    ssr_mode=False, app_kwargs={"routes": [Route("/health", health)]}
)
