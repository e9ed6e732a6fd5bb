"""Says what it was sent, for every kind of input; test data for the client and the probes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np
from PIL import Image


def media(
    image: Any, audio: Any, video: Any, file: Any, many: Any, edited: Any, album: Any
) -> dict[str, Any]:
    return {
        "image": list(image.size),
        "audio": audio[0],
        "video": Path(video).suffix,
        "file": Path(file).suffix,
        "many": [Path(each).suffix for each in many],
        "edited": list(edited["background"].shape[:2]),
        "album": len(album),
    }


def settings(
    prompt: str,
    steps: int,
    size: int,
    threshold: float,
    seed: int,
    randomize_seed: bool,
    style: str,
    tags: Any,
) -> dict[str, Any]:
    return dict(locals())


def stream(prompt: str) -> Iterator[str]:
    for number in range(1, len(prompt.split()) + 1):
        yield " ".join(prompt.split()[:number])


def remember(prompt: str, seen: int) -> tuple[str, int]:
    return f"{seen} before", seen + 1


def answer_with_files(prompt: str) -> tuple[Any, Any, Any]:
    picture = Image.fromarray(np.full((40, 60, 3), len(prompt), "uint8"))
    return picture, (16_000, np.arange(8000, dtype="int16")), (picture, [((0, 0, 9, 9), "corner")])


def fail(prompt: str) -> str:
    raise gr.Error("There is no GPU left for you.")


def needs_a_model_in_three_dimensions(shape: str) -> str:
    return shape


with gr.Blocks() as demo:
    seen = gr.State(0)
    prompt = gr.Textbox(label="Prompt")
    told, said = gr.JSON(), gr.Textbox()
    many = gr.File(file_count="multiple", file_types=[".csv"])
    things = [gr.Image(type="pil"), gr.Audio(), gr.Video(), gr.File(), many, gr.ImageEditor(), gr.Gallery()]
    numbers = [
        gr.Slider(10, 100, 50, step=5, label="Inference steps"),
        gr.Slider(256, 1024, 1024, step=64, label="Width"),
        gr.Slider(0, 1, 0.5, label="Threshold"),
        gr.Number(-1, label="Seed", minimum=0, maximum=99, precision=0),
        gr.Checkbox(True, label="Randomize seed"),
        gr.Dropdown(["oil", ("Water colour", "water")], label="Style"),
        gr.CheckboxGroup(["new", "old"], label="Tags"),
    ]
    gr.Button().click(media, things, told, api_name="media")
    gr.Button().click(settings, [prompt, *numbers], told, api_name="settings")
    gr.Button().click(stream, prompt, said, api_name="stream")
    gr.Button().click(remember, [prompt, seen], [said, seen], api_name="remember")
    files = [gr.Image(format="png"), gr.Audio(), gr.AnnotatedImage(format="png")]
    gr.Button().click(answer_with_files, prompt, files, api_name="files")
    gr.Button().click(fail, prompt, said, api_name="fail")
    gr.Button().click(needs_a_model_in_three_dimensions, gr.Model3D(), said, api_name="shape")
    gr.Button().click(stream, prompt, said, api_name=False)
    gr.Examples([["A kettle by Vermeer"], ["A boat by Turner"]], [prompt])

demo.launch(ssr_mode=False)
