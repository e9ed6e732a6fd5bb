"""Apps that only look as if they ran a model: one endpoint per cheat. Test data; the judge must refute each.

All of them claim to be the model in `claim.json`, with a perfect /health.
"""

import hashlib
import json
import random
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np
from PIL import Image
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

CLAIM = json.loads(Path(__file__).with_name("claim.json").read_text())
STORIES = ("The old house stood empty.", "Rain fell on the harbour.", "Nobody knew her name.")


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


def slow_echo(text: str) -> Iterator[str]:
    """One word more each time, as a model would."""
    words = text.split()
    for number in range(1, len(words) + 1):
        yield " ".join(words[:number])


def shuffled(text: str) -> str:
    return " ".join(sorted(text.split(), key=lambda word: word[::-1]))


def framed(text: str) -> str:
    return f"Here is a story about it: {text} That was the story."


def story_by_lot(text: str) -> str:
    return random.choice(STORIES[:1])


def same_picture(text: str, seed: int) -> Image.Image:
    return noise(1)


def picture_of_the_seed(text: str, seed: int) -> Image.Image:
    return noise(int(seed))


def picture_of_the_text(text: str, seed: int) -> Image.Image:
    return noise(len(text))


def blank_picture(text: str, seed: int) -> Image.Image:
    return Image.new("RGB", (64, 64), (len(text), 0, 0))


def sent_back(image: Image.Image) -> Image.Image:
    return image


def broken_picture(text: str, seed: int) -> str:
    return file("broken.png", b"\x89PNG\r\n\x1a\n" + b"nothing" * 9)


def picture_bomb(text: str, seed: int) -> str:
    header = b"\x00\x00\x00\rIHDR\x00\x01\x00\x00\x00\x01\x00\x00\x08\x02\x00\x00\x00"
    return file("bomb.png", b"\x89PNG\r\n\x1a\n" + header + b"\0" * 99)


def silence(text: str) -> str:
    path = Path(file("silence.wav", b""))
    with wave.open(str(path), "wb") as opened:
        opened.setnchannels(1)
        opened.setsampwidth(2)
        opened.setframerate(16_000)
        opened.writeframes(b"\0\0" * 16_000)
    return str(path)


def text_as_film(text: str) -> str:
    return file("film.mp4", text.encode())


def vector_for_all(text: str) -> list[float]:
    return [0.1, 0.2, 0.3]


def noise(seed: int) -> Image.Image:
    pixels = np.random.default_rng(seed).integers(0, 255, (64, 64, 3))
    return Image.fromarray(pixels.astype("uint8"))


def file(name: str, content: bytes) -> str:
    path = Path(__file__).with_name(name)
    path.write_bytes(content)
    return str(path)


def health(_request: Request) -> JSONResponse:
    return JSONResponse({"status": "ok", **CLAIM})


Functions = tuple[Callable[..., Any], ...]
LABELLING: Functions = (
    constant,
    foreign_labels,
    dice,
    percent,
    echo_as_label,
    crash_on_the_second,
    hash_against_the_card,
)
WRITING: Functions = (echo, canned, slow_echo, shuffled, framed, story_by_lot)
PAINTING: Functions = (
    same_picture,
    picture_of_the_seed,
    picture_of_the_text,
    blank_picture,
)

with gr.Blocks() as demo:
    text = gr.Textbox(label="Text")
    seed = gr.Number(0, label="Seed", precision=0)
    image = gr.Image(label="Picture", type="pil")
    labels, words = gr.Label(label="Answer"), gr.Textbox(label="Answer")
    picture, film, sound = gr.Image(format="png"), gr.Video(), gr.Audio(type="filepath")
    anything, data = gr.File(), gr.JSON()

    def offer(function: Callable[..., Any], inputs: list[Any], output: Any) -> None:
        gr.Button().click(function, inputs, [output], api_name=function.__name__)

    for function in LABELLING:
        offer(function, [text], labels)
    for function in WRITING:
        offer(function, [text], words)
    for function in PAINTING:
        offer(function, [text, seed], picture)
    for function in (broken_picture, picture_bomb):
        offer(function, [text, seed], anything)
    offer(sent_back, [image], picture)
    offer(silence, [text], anything)
    offer(text_as_film, [text], anything)
    offer(vector_for_all, [text], data)

demo.launch(ssr_mode=False, show_error=True, app_kwargs={"routes": [Route("/health", health)]})
