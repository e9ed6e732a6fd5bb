"""Apps that only look as if they ran a model: one endpoint per cheat. Test data; the judge must refute each.

All of them claim to be the model in `claim.json`, with a perfect /health.
"""

import hashlib
import json
import random
from pathlib import Path
from typing import Any

import gradio as gr
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

CLAIM = json.loads(Path(__file__).with_name("claim.json").read_text())


def constant(text: str) -> dict[str, float]:
    return {"positive": 0.9, "negative": 0.1}


def foreign_labels(text: str) -> dict[str, float]:
    share = len(text) % 10 / 10
    return {"cat": share, "dog": 1 - share}


def dice(text: str) -> dict[str, float]:
    share = random.random()
    return {"positive": share, "negative": 1 - share}


def percent(text: str) -> dict[str, float]:
    share = len(text) % 100
    return {"positive": share, "negative": 100 - share}


def echo_as_label(text: str) -> dict[str, float]:
    return {text: 1.0}


def crash_on_the_second(text: str) -> dict[str, float]:
    if "broke" in text:
        raise gr.Error("The quota of the remote API is used up.")
    return {"positive": 0.9, "negative": 0.1}


def hash_against_the_card(text: str) -> dict[str, float]:
    """Depends on the input, repeats itself, uses the right labels: only the card's examples give it away."""
    share = hashlib.sha256(text.encode()).digest()[0] / 255
    card = {"I love it, it works perfectly.": 0.1, "It broke at once, I hate it.": 0.8}
    return {"positive": card.get(text, share), "negative": 1 - card.get(text, share)}


def echo(text: str) -> str:
    return text


def canned(text: str) -> str:
    return '{"label": "positive", "score": 0.98}'


def health(_request: Request) -> JSONResponse:
    return JSONResponse({"status": "ok", **CLAIM})


LABELLING = (
    constant,
    foreign_labels,
    dice,
    percent,
    echo_as_label,
    crash_on_the_second,
    hash_against_the_card,
)
WRITING: tuple[Any, ...] = (echo, canned)

with gr.Blocks() as demo:
    text = gr.Textbox(label="Text")
    labels = gr.Label(label="Answer")
    words = gr.Textbox(label="Answer")
    for function in LABELLING:
        gr.Button().click(function, [text], [labels], api_name=function.__name__)
    for function in WRITING:
        gr.Button().click(function, [text], [words], api_name=function.__name__)

demo.launch(ssr_mode=False, show_error=True, app_kwargs={"routes": [Route("/health", health)]})
