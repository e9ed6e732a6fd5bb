"""What this Space does around its model: reads `model.json`, tells its health, shows the page's frame."""

import json
import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import gradio as gr
from huggingface_hub import constants, hf_hub_download
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

MODEL: dict[str, Any] = json.loads(Path(__file__).with_name("model.json").read_text(encoding="utf-8"))
MODEL_ID: str = MODEL["model_id"]
REVISION: str = MODEL["revision"]
FOLDER = os.environ.get("MODEL_FOLDER")
"""Where the platform has mounted the model, if it has: a model that not everyone may download."""
SOURCE: str = FOLDER or MODEL_ID
"""What `from_pretrained` is given, together with the revision."""
TRUST: bool = MODEL.get("trust_remote_code", False)
"""Whether code that came with the model may run. Whoever asked for this Space has decided it."""
GPU_SIZE: Any = MODEL.get("gpu_size")
"""Of a call on ZeroGPU: xlarge has twice the memory and takes twice the quota; None is the usual one."""
STARTED = time.perf_counter()
LONGEST_TEXT = 20_000
"""Characters that a person may send."""

log = logging.getLogger("space")
logging.basicConfig(format="%(asctime)s %(message)s")
log.setLevel(logging.INFO)
_health: dict[str, Any] = {"status": "ok", "model_id": MODEL_ID, "revision": REVISION, "calls": 0}


def loaded(model: Any = None) -> None:
    """To be called once the model is in memory: notes how long that took and what was opened for it."""
    _health["load_seconds"] = round(time.perf_counter() - STARTED, 3)
    _health["opened"] = opened()
    if hasattr(model, "parameters"):
        _health["parameters"] = sum(each.numel() for each in model.parameters())
    log.info("MODEL_LOADED %s at %s in %s s", MODEL_ID, REVISION, _health["load_seconds"])


def opened() -> dict[str, int]:
    """Size in bytes of each file of the model that is on this machine, by its path in the model's repo."""
    if FOLDER:
        root = Path(FOLDER)
    else:
        cached = Path(constants.HF_HUB_CACHE) / f"models--{MODEL_ID.replace('/', '--')}" / "snapshots"
        root = cached / REVISION
        if not root.is_dir():  # a branch's name instead of a commit
            root = max(cached.iterdir(), key=lambda each: each.stat().st_mtime, default=root)
    return {
        each.relative_to(root).as_posix(): each.stat().st_size
        for each in sorted(root.rglob("*"))
        if each.is_file() and not each.relative_to(root).as_posix().startswith(".")
    }


def fetch(path: str) -> Path:
    """A file of the model's repo on this machine."""
    return Path(FOLDER, path) if FOLDER else Path(hf_hub_download(MODEL_ID, path, revision=REVISION))


@contextmanager
def answering(what: str) -> Iterator[None]:
    """Around the work of one call: counts it and logs how long it took."""
    started = time.perf_counter()
    yield
    _health["calls"] += 1
    log.info("INFERENCE_DONE %s in %.3f s", what, time.perf_counter() - started)


def need(value: Any, what: str) -> None:
    """Tells the person what is missing or too long. `what` is as in: Please give … first."""
    if value is None or (isinstance(value, str) and not value.strip()):
        raise gr.Error(f"Please give {what} first.", print_exception=False)
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        sentence = f"Please keep it under {LONGEST_TEXT:,} characters; this has {len(value):,}."
        raise gr.Error(sentence, print_exception=False)


def list_of(text: str, what: str) -> list[str]:
    """The items of a list that a person has written with commas. `what` is as in: Please give … first."""
    need(text, what)
    items = list(dict.fromkeys(item.strip() for item in text.split(",") if item.strip()))
    if not items:
        raise gr.Error(f"Please give {what}, separated by commas.", print_exception=False)
    return items


def heading() -> None:
    gr.Markdown(f"# {MODEL['title']}\n\n{MODEL['summary']}")


def examples(function: Callable[..., Any], inputs: list[Any], outputs: list[Any], *more: Any) -> None:
    """The card's own examples for the first inputs; `more` are values for the others."""
    if MODEL["examples"]:
        files = MODEL.get("examples_are_files", False)
        given = [each if isinstance(each, list) else [each] for each in MODEL["examples"]]
        rows = [[*(str(fetch(value)) if files else value for value in each), *more] for each in given]
        gr.Examples(rows, inputs, outputs, function, run_on_click=True, cache_examples=False)


def footer() -> None:
    gr.Markdown(
        f"Model: [{MODEL_ID}]({constants.ENDPOINT}/{MODEL_ID}/tree/{REVISION})"
        f" · licence: {MODEL['license'] or 'see the model'}"
        " · the model runs in this Space, nothing is sent elsewhere."
    )


def launch(demo: gr.Blocks) -> None:
    # Server-side rendering answers unknown paths itself, so /health needs it off and a second address.
    demo.queue(max_size=32).launch(
        show_error=True,
        ssr_mode=False,
        theme=gr.themes.Soft(),
        app_kwargs={"routes": [Route("/health", _tell), Route("/gradio_api/health", _tell)]},
    )


def _tell(_request: Request) -> JSONResponse:
    return JSONResponse(_health)
