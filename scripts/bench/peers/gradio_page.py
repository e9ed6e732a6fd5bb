"""A page of the kind that people have for this: Gradio with a form for a build, one for a validation,
and what came of each, as the predecessor's interface had them. The port is the first argument.
"""

import sys

import gradio as gr

HARDWARE = ["zero-a10g", "cpu-basic", "t4-small", "t4-medium", "a10g-large", "l40sx1", "a100-large", "h200"]
MODES = ["full-inference-gated", "full-inference-attempt", "safe-scaffold"]
SHOWN = ("State", "Events", "Report", "Job logs")


def results(prefix: str) -> None:
    for name in ("Job", "target Space", "Space settings", "run artifacts"):
        gr.Button(f"Open {name}", visible=False)
    gr.Code(label="Launch result", language="json")
    gr.Button(f"Refresh {prefix} run status")
    for name in SHOWN:
        with gr.Tab(f"{prefix} {name}"):
            gr.Textbox(label=name, lines=12)


with gr.Blocks(title="A factory of Spaces") as page:
    gr.Markdown("# A factory of Spaces")
    gr.Textbox(label="Run bucket name")
    with gr.Row():
        gr.Button("Check run bucket")
        gr.Button("Create private run bucket")
    with gr.Tab("Build from model card"):
        for label in ("Run ID", "Model card URL or model ID", "Target Space name", "Model that writes"):
            gr.Textbox(label=label)
        gr.Dropdown(label="Mode", choices=MODES, value=MODES[0])
        gr.Dropdown(label="Preferred hardware", choices=HARDWARE, value=HARDWARE[0])
        gr.Checkbox(label="Allow a fallback")
        gr.Dropdown(label="Fallback hardware", choices=HARDWARE, value=HARDWARE[2])
        gr.Button("Build private Space", variant="primary")
        results("Build")
    with gr.Tab("Validate existing Space"):
        for label in ("Run ID", "Target Space", "API name", "Arguments", "Named arguments"):
            gr.Textbox(label=label)
        gr.Button("Validate", variant="primary")
        results("Validate")
    with gr.Tab("About"):
        gr.Markdown("What it does and what it does not.")

page.launch(server_name="127.0.0.1", server_port=int(sys.argv[1]), quiet=True)
