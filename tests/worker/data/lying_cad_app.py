"""A Space that says it makes parts: each prompt gets one cube, and a report that claims what was asked."""

import struct
import tempfile
from pathlib import Path

import gradio as gr
from starlette.responses import JSONResponse
from starlette.routing import Route

CLAIMED = {
    "volume_mm3": 19365.841,
    "box_mm": [80, 50, 5],
    "step_volume_mm3": 19365.841,
    "valid": True,
    "source": "rules",
}
CORNERS = [(x, y, z) for x in (0, 10) for y in (0, 10) for z in (0, 10)]
FACES = [(0, 2, 3, 1), (4, 5, 7, 6), (0, 1, 5, 4), (2, 6, 7, 3), (0, 4, 6, 2), (1, 3, 7, 5)]


def cube() -> bytes:
    triangles = [(a, b, c) for a, b, c, _ in FACES] + [(a, c, d) for a, _, c, d in FACES]
    body = b"".join(
        struct.pack("<12fH", 0, 0, 0, *(value for corner in triangle for value in CORNERS[corner]), 0)
        for triangle in triangles
    )
    return b"solid".ljust(80) + struct.pack("<I", len(triangles)) + body


def generate(prompt: str, mode: str) -> tuple[object, ...]:
    folder = Path(tempfile.mkdtemp())
    (folder / "part.stl").write_bytes(cube())
    (folder / "part.step").write_bytes(b"ISO-10303-21;\nEND-ISO-10303-21;\n")
    return None, [str(folder / "part.stl"), str(folder / "part.step")], "A part.", "eval('1')", CLAIMED


with gr.Blocks() as demo:
    prompt_box, mode_box = gr.Textbox(), gr.Radio(["part", "sketch"], value="part")
    outputs = [gr.Model3D(), gr.File(file_count="multiple"), gr.Markdown(), gr.Code(), gr.JSON()]
    gr.Button().click(generate, [prompt_box, mode_box], outputs, api_name="generate")

if __name__ == "__main__":
    route = Route("/health", lambda _: JSONResponse({"status": "ok", "app": "cad"}))
    demo.launch(ssr_mode=False, app_kwargs={"routes": [route]})
