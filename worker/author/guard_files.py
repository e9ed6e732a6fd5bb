"""What the files beside the code declare: packages to install, and the header of the README."""

import re
from collections.abc import Iterator

from worker.author.guard_code import Found
from worker.front_matter import read_header
from worker.validate.evidence.source.services import SERVICES

REQUIREMENTS = ("requirements.txt", "pre-requirements.txt")
OF_THE_PLATFORM = frozenset(
    {"gradio", "gradio-client", "huggingface-hub", "huggingface_hub", "gradio_client"}
)
WHEELS = (
    "https://huggingface.co/datasets/multimodalart/zerogpu-blackwell-wheels/resolve/",
    "https://github.com/Dao-AILab/flash-attention/releases/download/",
)
INDEXES = ("https://download.pytorch.org/whl/",)
BUILT_FROM_SOURCE = frozenset({"flash-attn", "flash_attn", "apex", "deepspeed", "mamba-ssm", "causal-conv1d"})
NAME = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)\s*(\[[\w,\s-]*\])?\s*((?:[<>=!~]=?|===).*)?(;.*)?")
APT = re.compile(r"[a-z0-9][a-z0-9+.-]*")
FROM_PYPI = "Name packages of PyPI, one in a line, with versions where they matter."
WEIGHTS = (".safetensors", ".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".gguf", ".onnx", ".h5", ".npz")


def declared(files: dict[str, str], model_id: str) -> Iterator[Found]:
    for name in REQUIREMENTS:
        for line in files.get(name, "").splitlines():
            yield from _requirement(name, line.split(" #")[0].strip())
    for line in files.get("packages.txt", "").splitlines():
        if line.strip() and not APT.fullmatch(line.strip()):
            yield "packages", f"packages.txt has the line {line[:80]!r}.", "Name Debian packages only."
    for path in files:
        if path.endswith(WEIGHTS):
            yield "files", f"{path} looks like weights.", "Load the weights from the model's repo."
    if "README.md" in files:
        yield from _readme(files["README.md"], model_id)


def _requirement(name: str, line: str) -> Iterator[Found]:
    if not line or line.startswith(("#", *WHEELS)):
        return
    if line.startswith("--extra-index-url") and line.rsplit(maxsplit=1)[-1].startswith(INDEXES):
        return
    found = NAME.fullmatch(line)
    if found is None:
        yield "packages", f"{name} has the line {line[:80]!r}.", FROM_PYPI
        return
    package = found[1].lower()
    if package in OF_THE_PLATFORM:
        yield "packages", f"{name} lists {package}.", "Leave it out: the platform installs its own version."
    elif package in {each.replace("_", "-") for each in SERVICES} | SERVICES:
        yield "remote", f"{name} lists {package}, which asks a service.", "Run the model in the Space itself."
    elif package in BUILT_FROM_SOURCE:
        yield (
            "packages",
            f"{name} lists {package}, which has to be compiled and cannot be here.",
            "Use SDPA (attn_implementation='sdpa'), xformers or HF Kernels instead.",
        )


def _readme(text: str, model_id: str) -> Iterator[Found]:
    header = read_header(text)
    fix = "Start README.md with the YAML header of the brief."
    if header.remark:
        yield "readme", header.remark, fix
        return
    values = header.values
    for key, wanted in (("sdk", "gradio"), ("app_file", "app.py")):
        if values.get(key) != wanted:
            yield "readme", f"The README's header has {key}: {values.get(key)}.", f"Write {key}: {wanted}"
    if not values.get("sdk_version"):
        yield "readme", "The README's header has no sdk_version.", fix
    if values.get("models") != [model_id]:
        yield "readme", "The README's header does not name this model alone.", f"Write models: [{model_id}]"
    preloaded = values.get("preload_from_hub")
    for each in preloaded if isinstance(preloaded, list) else ():
        if str(each).split()[:1] != [model_id]:
            yield "model", f"The README's header preloads {str(each)[:80]}.", f"Preload {model_id} only."
