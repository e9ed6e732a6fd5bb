"""The Hub's list of Space hardware, read: memory, disk, GPU and price of each flavor. Pure; no I/O.

Prices come from the list only. The list does not say what a GPU can compute, so a table by its name does; and
what ZeroGPU gives to one call is documented elsewhere on the Hub.
"""

import re
from collections.abc import Iterable, Mapping

from pydantic import BaseModel, ConfigDict

from worker.estimate import GB, Place

CPU_BASIC = "cpu-basic"
ZERO_GPU = "zero-a10g"
"""The Hub still calls it so; the GPU behind it has changed twice."""
ZERO_GPU_SIZES = {"large": 48 * GB, "xlarge": 96 * GB}
"""Memory by the `size` of `@spaces.GPU`."""
ZERO_GPU_DISK = 100 * GB
"""Judgement: people report 69 GB of downloads and packed weights as working and 113 GB as failing."""
CAPABILITIES = {
    **{"K80": 3.7, "P100": 6.0, "V100": 7.0, "T4": 7.5, "A10G": 8.6, "A10": 8.6, "A100": 8.0, "L4": 8.9},
    **{"L40S": 8.9, "L40": 8.9, "H100": 9.0, "H200": 9.0, "B200": 10.0, "RTX PRO 6000": 12.0},
}
"""CUDA compute capability by the GPU's name."""
BF16_FROM = 8.0
UNITS = {
    "TB": 1000 * GB,
    "TIB": 1000 * GB,
    "TI": 1000 * GB,
    "MB": GB // 1000,
    "MIB": GB // 1000,
    "MI": GB // 1000,
}
"""Bytes; everything else counts GB. The list is round anyway."""
HOURLY = {"second": 3600.0, "minute": 60.0, "hour": 1.0, "day": 1 / 24, "month": 1 / 730}


class Offer(BaseModel):
    """One flavor. What the list does not say is None."""

    model_config = ConfigDict(frozen=True)

    name: str
    title: str
    place: Place
    ram: int | None = None
    disk: int | None = None
    gpu: str | None = None
    gpus: int = 0
    vram: int = 0
    """Bytes of one GPU."""
    capability: float | None = None
    usd_per_hour: float | None = None

    @property
    def free(self) -> bool:
        return self.usd_per_hour == 0


def read_offers(listed: Iterable[object]) -> tuple[Offer, ...]:
    """The offers out of `list_spaces_hardware()` or of its JSON; what cannot be read is left out.

    What is free by definition is offered even where the list lacks it.
    """
    read = {offer.name: offer for item in listed if (offer := _offer(item))}
    free = {
        CPU_BASIC: Offer(
            name=CPU_BASIC, title="CPU Basic", place=Place.CPU, ram=16 * GB, disk=50 * GB, usd_per_hour=0.0
        ),
        ZERO_GPU: _zero_gpu(ZERO_GPU, "ZeroGPU"),
    }
    return tuple({**free, **read}.values())


def _offer(item: object) -> Offer | None:
    name = _said(item, "name")
    if not isinstance(name, str) or not name:
        return None
    title = str(_said(item, "pretty_name", "prettyName") or name)
    if name.startswith("zero"):
        return _zero_gpu(name, title)
    accelerator = _said(item, "accelerator")
    model = _said(accelerator, "model") if accelerator else None
    gpu = str(model) if model else None
    gpus = max(int(_number(_said(accelerator, "quantity")) or 1), 1) if gpu else 0
    vram = _bytes(_said(accelerator, "vram")) if gpu else None
    return Offer(
        name=name,
        title=title,
        place=Place.GPU if gpu else Place.CPU,
        ram=_bytes(_said(item, "ram")),
        disk=_bytes(_said(item, "ephemeral_storage", "ephemeralStorage")),
        gpu=gpu,
        gpus=gpus,
        vram=(vram or 0) // max(gpus, 1),
        capability=_capability(gpu),
        usd_per_hour=_price(item),
    )


def _zero_gpu(name: str, title: str) -> Offer:
    return Offer(
        name=name,
        title=title,
        place=Place.ZERO_GPU,
        disk=ZERO_GPU_DISK,
        gpu="RTX PRO 6000",
        gpus=1,
        vram=max(ZERO_GPU_SIZES.values()),
        capability=CAPABILITIES["RTX PRO 6000"],
        usd_per_hour=0.0,
    )


def _said(item: object, *names: str) -> object:
    """A field of an object or of a mapping, under the first of its names."""
    for name in names:
        value = item.get(name) if isinstance(item, Mapping) else getattr(item, name, None)
        if value is not None:
            return value
    return None


def _price(item: object) -> float | None:
    per_unit = _number(_said(item, "unit_cost_usd", "unitCostUSD"))
    micro = _number(_said(item, "unit_cost_micro_usd", "unitCostMicroUSD"))
    if micro is not None:  # the other one is rounded
        per_unit = micro / 1_000_000
    hours = HOURLY.get(str(_said(item, "unit_label", "unitLabel") or "minute").lower())
    if per_unit is None or hours is None:
        return None
    return round(per_unit * hours, 4)


def _capability(gpu: str | None) -> float | None:
    """Of the known name that is a word of the GPU's name: L40S is no L4."""
    words = re.sub(r"[^A-Z0-9]+", " ", (gpu or "").upper())
    return next((CAPABILITIES[name] for name in CAPABILITIES if re.search(rf"\b{name}\b", words)), None)


def _bytes(value: object) -> int | None:
    number = _number(value)
    unit = re.sub(r"[^A-Z]", "", str(value).upper())
    return None if number is None else int(number * UNITS.get(unit, GB))


def _number(value: object) -> float | None:
    found = re.match(r"\s*\d+(\.\d+)?", str(value))
    return float(found.group()) if found else None
