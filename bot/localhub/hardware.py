"""The hardware flavors of Jobs and Spaces, as the real Hub lists them. Here all of them are this machine."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Flavor:
    """One row of the price list. Memory and disk in GB, price in USD per hour."""

    name: str
    pretty_name: str
    cpus: int
    memory: int
    disk: int
    price: float
    accelerator: tuple[str, int, int] | None = None
    """GPU model, how many, and VRAM of all in GB."""
    for_jobs: bool = True
    for_spaces: bool = True

    def as_json(self) -> dict[str, object]:
        per_minute = self.price / 60
        return {
            "name": self.name,
            "prettyName": self.pretty_name,
            "cpu": f"{self.cpus} vCPU",
            "ram": f"{self.memory} GB",
            "ephemeralStorage": f"{self.disk} GB",
            "accelerator": self._accelerator(),
            "unitCostMicroUSD": round(per_minute * 1_000_000),
            "unitCostUSD": round(per_minute, 6),
            "unitLabel": "minute",
        }

    def environment(self) -> dict[str, str]:
        """What a Job or a Space is told about the machine it runs on."""
        return {"ACCELERATOR": "none", "CPU_CORES": str(self.cpus), "MEMORY": f"{self.memory}Gi"}

    def _accelerator(self) -> dict[str, str] | None:
        if self.accelerator is None:
            return None
        model, count, vram = self.accelerator
        return {
            "type": "gpu",
            "model": model,
            "quantity": str(count),
            "vram": f"{vram} GB",
            "manufacturer": "Nvidia",
        }


_ALL = (
    Flavor("cpu-basic", "CPU Basic", 2, 16, 50, 0.01, for_spaces=False),
    Flavor("cpu-basic", "CPU Basic", 2, 16, 50, 0.0, for_jobs=False),
    Flavor("cpu-upgrade", "CPU Upgrade", 8, 32, 50, 0.03),
    Flavor("cpu-performance", "CPU Performance", 32, 256, 100, 1.90, for_spaces=False),
    Flavor("cpu-xl", "CPU XL", 16, 124, 1000, 1.00, for_spaces=False),
    Flavor("zero-a10g", "ZeroGPU", 8, 64, 50, 0.0, ("RTX Pro 6000", 1, 48), for_jobs=False),
    Flavor("t4-small", "Nvidia T4 - small", 4, 15, 50, 0.40, ("T4", 1, 16)),
    Flavor("t4-medium", "Nvidia T4 - medium", 8, 30, 100, 0.60, ("T4", 1, 16)),
    Flavor("l4x1", "1x Nvidia L4", 8, 30, 400, 0.80, ("L4", 1, 24)),
    Flavor("l4x4", "4x Nvidia L4", 48, 186, 3200, 3.80, ("L4", 4, 96)),
    Flavor("a10g-small", "Nvidia A10G - small", 4, 15, 110, 1.00, ("A10G", 1, 24)),
    Flavor("a10g-large", "Nvidia A10G - large", 12, 46, 200, 1.50, ("A10G", 1, 24)),
    Flavor("a10g-largex2", "2x Nvidia A10G - large", 24, 92, 1000, 3.00, ("A10G", 2, 48)),
    Flavor("a10g-largex4", "4x Nvidia A10G - large", 48, 184, 2000, 5.00, ("A10G", 4, 96)),
    Flavor("l40sx1", "1x Nvidia L40S", 8, 62, 380, 1.80, ("L40S", 1, 48)),
    Flavor("l40sx4", "4x Nvidia L40S", 48, 382, 3200, 8.30, ("L40S", 4, 192)),
    Flavor("l40sx8", "8x Nvidia L40S", 192, 1534, 6500, 23.50, ("L40S", 8, 384)),
    Flavor("a100-large", "Nvidia A100 - large", 12, 142, 1000, 2.50, ("A100", 1, 80)),
    Flavor("a100x4", "4x Nvidia A100", 48, 568, 4000, 10.00, ("A100", 4, 320)),
    Flavor("a100x8", "8x Nvidia A100", 96, 1136, 8000, 20.00, ("A100", 8, 640)),
    Flavor("h200", "Nvidia H200", 23, 256, 3000, 5.00, ("H200", 1, 141), for_spaces=False),
    Flavor("h200x2", "2x Nvidia H200", 46, 512, 6000, 10.00, ("H200", 2, 282), for_spaces=False),
    Flavor("h200x4", "4x Nvidia H200", 92, 1024, 12000, 20.00, ("H200", 4, 564), for_spaces=False),
    Flavor("h200x8", "8x Nvidia H200", 184, 2048, 24000, 40.00, ("H200", 8, 1128), for_spaces=False),
    Flavor("rtx-pro-6000", "Nvidia RTX PRO 6000", 22, 250, 1000, 2.50, ("RTX PRO 6000", 1, 96)),
    Flavor("rtx-pro-6000x2", "2x Nvidia RTX PRO 6000", 44, 500, 2000, 5.00, ("RTX PRO 6000", 2, 192)),
    Flavor("rtx-pro-6000x4", "4x Nvidia RTX PRO 6000", 88, 1000, 4000, 10.00, ("RTX PRO 6000", 4, 384)),
    Flavor("rtx-pro-6000x8", "8x Nvidia RTX PRO 6000", 176, 2000, 8000, 20.00, ("RTX PRO 6000", 8, 768)),
)

FOR_JOBS = {flavor.name: flavor for flavor in _ALL if flavor.for_jobs}
FOR_SPACES = {flavor.name: flavor for flavor in _ALL if flavor.for_spaces}
DEFAULT = "cpu-basic"
