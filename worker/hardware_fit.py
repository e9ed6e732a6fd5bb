"""Whether one kind of hardware can run a model, and if not, the first reason. Pure; no I/O."""

from typing import NamedTuple

from worker.blueprints import Family
from worker.estimate import Estimate, Place, in_gb
from worker.hardware_offers import BF16_FROM, ZERO_GPU_SIZES, Offer

USABLE = 0.9
"""Of a GPU's memory; the rest is fragments and the driver."""
USABLE_RAM = 0.85
CPU_LIMITS = {
    Family.ENCODER: 1000,
    Family.ONNX: 1000,
    Family.SEQ2SEQ: 800,
    Family.SPEECH: 350,
    Family.LLM: 1200,
    Family.DIFFUSION: 0,
    Family.VIDEO: 0,
}
"""Million parameters that two CPU cores answer with in bearable time; judgement."""
SLOWER_TASKS = {"mask-generation": 100}
"""Million parameters for tasks that run the model many times for one answer."""
TINY = 20
"""Million parameters that a CPU can always take."""


class Slot(NamedTuple):
    """An offer; a ZeroGPU counts once for each size of its calls."""

    offer: Offer
    size: str | None
    vram: int


def slots_of(offers: tuple[Offer, ...]) -> list[Slot]:
    """Free before paid, CPU before ZeroGPU before GPU, cheap before dear."""
    slots = []
    for offer in offers:
        sizes = ZERO_GPU_SIZES if offer.place is Place.ZERO_GPU else {None: offer.vram}
        slots += [Slot(offer, size, vram) for size, vram in sizes.items()]
    places = list(Place)

    def order(slot: Slot) -> tuple[float, int, int, str]:
        price = slot.offer.usd_per_hour
        dear = float("inf") if price is None else price
        return (dear, places.index(slot.offer.place), slot.vram, slot.offer.name)

    return sorted(slots, key=order)


def unfit(slot: Slot, estimate: Estimate, sdk: str) -> str | None:
    """The first reason why this hardware cannot run the model."""
    offer = slot.offer
    if closed := estimate.closed.get(offer.place):
        return closed
    if offer.place is Place.CPU:
        return _unfit_cpu(offer, estimate)
    if offer.place is Place.ZERO_GPU and sdk != "gradio":
        return "ZeroGPU runs Gradio apps only"
    if offer.gpus > 1:
        return "the app computes on one GPU and would leave the others idle"
    return _unfit_gpu(slot, estimate) or _unfit_host(offer, estimate)


def _unfit_cpu(offer: Offer, estimate: Estimate) -> str | None:
    limit = max(TINY, SLOWER_TASKS.get(estimate.task or "", CPU_LIMITS[estimate.family]))
    millions = estimate.active_parameters / 1_000_000
    if millions > limit:
        count = f"{millions:.0f} million" if millions < 1000 else f"{millions / 1000:.1f} billion"
        return f"{count} parameters take too long for an answer on a CPU"
    if offer.ram and estimate.cpu_bytes > offer.ram * USABLE_RAM:
        return f"it needs {in_gb(estimate.cpu_bytes)} of memory, {_usable(offer.ram, USABLE_RAM)}"
    return _short_of_disk(offer, estimate.disk_bytes)


def _unfit_gpu(slot: Slot, estimate: Estimate) -> str | None:
    if estimate.gpu_bytes > slot.vram * USABLE:
        return f"it needs {in_gb(estimate.gpu_bytes)} of GPU memory, {_usable(slot.vram, USABLE)}"
    capability = slot.offer.capability
    if capability is None:
        return None
    if estimate.computes_in == "BF16" and capability < BF16_FROM:
        return f"{slot.offer.gpu} has no bf16, which the model computes in"
    packed = estimate.quantisation
    if packed and capability < packed.least_capability:
        return (
            f"{packed.method} needs compute capability {packed.least_capability}, and {slot.offer.gpu}"
            f" has {capability}"
        )
    return None


def _unfit_host(offer: Offer, estimate: Estimate) -> str | None:
    if offer.ram and estimate.loading_bytes > offer.ram * USABLE_RAM:
        return f"loading takes {in_gb(estimate.loading_bytes)} of memory, {_usable(offer.ram, USABLE_RAM)}"
    copies = estimate.weights_on_gpu if offer.place is Place.ZERO_GPU else 0
    return _short_of_disk(offer, estimate.disk_bytes + copies)


def _short_of_disk(offer: Offer, needed: int) -> str | None:
    """ZeroGPU keeps a packed copy of the weights on disk besides the downloaded files."""
    if offer.disk and needed > offer.disk:
        return f"it needs {in_gb(needed)} of disk, and there are {in_gb(offer.disk)}"
    return None


def _usable(memory: int, share: float) -> str:
    return f"and {in_gb(int(memory * share))} of {in_gb(memory)} can be used"
