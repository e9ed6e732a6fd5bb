"""Describe a part and get it: STEP, STL, GLB and DXF, with a preview. Run it with `python app.py`."""

import logging
from typing import Any

import gradio as gr
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from parts.callers import Rates, address_of
from parts.service import MODES, Part, Service
from parts.settings import ALTOGETHER, LONGEST_PROMPT, PER_CALLER, read_settings
from parts.trouble import Trouble
from parts.workshop import Workshop

EXAMPLES = (
    "80x50 mm plate, 5 mm thick, four 6 mm holes, 4 mm fillet",
    "Flange 80 mm outer diameter, 10 mm thick, 30 mm bore, six 6 mm holes",
    "L bracket 60x40x45 mm, 4 mm thick, two M5 holes in each leg",
    "Open enclosure 100x60x30 mm, 2 mm walls, corner radius 5 mm",
    "Spur gear with 24 teeth, module 2, 10 mm thick, 8 mm bore",
    "Rohr, Außendurchmesser 4 cm, Innendurchmesser 32,5 mm, Länge 10 cm",
    '3" x 2" x 1/8" plate with four 1/4" holes, 1/2" from the edges',
)
log = logging.getLogger("space")
logging.basicConfig(format="%(asctime)s %(message)s")
log.setLevel(logging.INFO)
settings = read_settings()
workshop = Workshop()
service = Service(settings, workshop)
rates = Rates(("address", PER_CALLER), ("everybody", ALTOGETHER))
health: dict[str, Any] = {
    "status": "ok",
    "app": "cad",
    "backend": settings.backend is not None,
    "language_model": settings.language_model.name if settings.language_model else None,
    "calls": 0,
}


def generate(prompt: str, mode: str, request: gr.Request) -> tuple[Any, ...]:
    """Preview, files, what is to be said about the part, its code, and its report."""
    try:
        rates.count(address=_address(request), everybody="")
        part = service.make(prompt, mode)
    except Trouble as trouble:
        raise gr.Error(str(trouble), duration=None, print_exception=False) from None
    health["calls"] += 1
    log.info("INFERENCE_DONE %s by %s in %s s", part.run_id, part.source, part.report["seconds"])
    preview = part.files.get("glb") or part.files.get("stl")
    return (
        str(preview) if preview else None,
        [str(file) for file in part.files.values()],
        _said(part),
        part.code,
        part.report,
    )


def _address(request: gr.Request) -> str:
    forwarded = [value for name, value in request.headers.items() if name.lower() == "x-forwarded-for"]
    address: str = address_of(request.client.host if request.client else None, forwarded, settings.proxies)
    return address


def _said(part: Part) -> str:
    """What a person has to know: what was taken for what, and who has done it."""
    lines = [*part.fallbacks, *part.notes]
    if part.spec:
        length, width, height = part.report["box_mm"]
        size = f"{length:g} × {width:g} × {height:g} mm, {part.report['volume_mm3']:g} mm³"
        by = "built-in rules" if part.source == "rules" else part.source
        lines.insert(0, f"**{part.spec.family.capitalize()}**, {size}, by the {by}.")
    else:
        lines.insert(0, "Made by the remote backend.")
    return "\n\n".join(lines)


def _nothing() -> tuple[Any, ...]:
    """What is shown until the next part is there: where it is refused the last one would look like it."""
    return None, None, "", "", None


with gr.Blocks(title="Prompt to CAD", delete_cache=(3600, 24 * 3600)) as demo:
    gr.Markdown(
        "# Prompt to CAD\n\nDescribe a part in English or German (plain French and Spanish work too), with"
        " its sizes. You get files for CAD."
    )
    with gr.Row():
        with gr.Column():
            prompt_box = gr.Textbox(
                label="Prompt", placeholder=EXAMPLES[0], lines=4, max_length=LONGEST_PROMPT, autofocus=True
            )
            mode_box = gr.Radio(
                list(MODES), value="part", label="Mode", info="part: a solid; sketch: its outline as DXF"
            )
            button = gr.Button("Generate", variant="primary")
        with gr.Column():
            preview_box = gr.Model3D(label="Preview", display_mode="solid")
            said_box = gr.Markdown()
            files_box = gr.File(label="Files", file_count="multiple", interactive=False)
    with gr.Accordion("As build123d, and the report", open=False):
        code_box = gr.Code(label="build123d, to read and take along", language="python")
        report_box = gr.JSON(label="Report")
    outputs = [preview_box, files_box, said_box, code_box, report_box]
    asked = gr.on([button.click, prompt_box.submit], _nothing, None, outputs, api_visibility="private")
    asked.then(generate, [prompt_box, mode_box], outputs, api_name="generate")
    gr.Examples([[each] for each in EXAMPLES], [prompt_box], cache_examples=False)
    gr.Markdown("A part is checked before you get it: its volume and size against what was specified.")


def _tell(_request: Request) -> JSONResponse:
    return JSONResponse(health)


if __name__ == "__main__":
    workshop.warm_up()
    log.info("KERNEL_LOADED")
    # Server-side rendering answers unknown paths itself, so /health needs it off and a second address.
    demo.queue(max_size=16).launch(
        show_error=True,
        ssr_mode=False,
        theme=gr.themes.Soft(),
        allowed_paths=[str(settings.folder)],
        app_kwargs={"routes": [Route("/health", _tell), Route("/gradio_api/health", _tell)]},
    )
