"""What the ways to quantise a model ask of the hardware and of the app. Pure; no I/O.

The least compute capabilities are those that transformers 5.23 itself checks.
"""

import re

from pydantic import BaseModel, ConfigDict, JsonValue


class Quantisation(BaseModel):
    """How a model's numbers are packed."""

    model_config = ConfigDict(frozen=True)

    method: str
    packages: tuple[str, ...] = ()
    """What the app's requirements need besides transformers."""
    least_capability: float = 7.5
    """CUDA compute capability that its kernels need."""
    bits: float = 4.5
    """Bits for each parameter, with the scales."""


METHODS = {
    known.method: known
    for known in (
        Quantisation(method="awq", packages=("gptqmodel",)),
        Quantisation(method="gptq", packages=("optimum", "gptqmodel")),
        Quantisation(method="bitsandbytes", packages=("bitsandbytes",)),
        Quantisation(method="mxfp4", packages=("kernels",), bits=4.25),
        Quantisation(method="fp8", least_capability=8.9, bits=8),
        Quantisation(method="fbgemm_fp8", packages=("fbgemm-gpu",), least_capability=9.0, bits=8),
        Quantisation(method="compressed-tensors", packages=("compressed-tensors",), bits=8),
        Quantisation(method="torchao", packages=("torchao",), bits=8),
        Quantisation(method="quanto", packages=("optimum-quanto",), bits=8),
        Quantisation(method="hqq", packages=("hqq",)),
    )
}


def quantisation_of(config: dict[str, JsonValue]) -> Quantisation | None:
    """How the config says that the weights are packed; None if they are not."""
    said = config.get("quantization_config")
    if not isinstance(said, dict) or not said:
        return None
    method = str(said.get("quant_method") or "").lower()
    if not method and (said.get("load_in_4bit") or said.get("load_in_8bit")):
        method = "bitsandbytes"
    named = method if re.fullmatch(r"[\w-]{1,40}", method) else "unknown"
    known = METHODS.get(method, Quantisation(method=named))
    return known.model_copy(update={"bits": 8.5}) if said.get("load_in_8bit") else known
