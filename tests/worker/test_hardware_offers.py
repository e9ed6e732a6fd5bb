"""The Hub's list of hardware, as the real client reads it, and broken ones."""

import pytest
from huggingface_hub import HfApi

from tests.harness.local_hub import LocalHub
from worker.estimate import GB, Place
from worker.hardware_offers import Offer, read_offers

A10G = {
    "name": "a10g-largex2",
    "prettyName": "2x Nvidia A10G - large",
    "cpu": "24 vCPU",
    "ram": "92 GB",
    "ephemeralStorage": "1 TB",
    "accelerator": {
        "type": "gpu",
        "model": "A10G",
        "quantity": "2",
        "vram": "48 GB",
        "manufacturer": "Nvidia",
    },
    "unitCostMicroUSD": 50000,
    "unitCostUSD": 0.05,
    "unitLabel": "minute",
}


def offer(**changed: object) -> Offer:
    return {each.name: each for each in read_offers([A10G | changed])}[str(A10G["name"])]


def test_the_clients_own_list_is_read(local_hub: LocalHub) -> None:
    api = HfApi(endpoint=local_hub.endpoint, token=local_hub.token("alice"))
    offers = {each.name: each for each in read_offers(api.list_spaces_hardware())}

    assert offers["cpu-basic"].usd_per_hour == 0
    l40s = offers["l40sx1"]
    assert (l40s.place, l40s.vram, l40s.ram, l40s.disk) == (Place.GPU, 48 * GB, 62 * GB, 380 * GB)
    assert l40s.usd_per_hour == pytest.approx(1.8)
    assert l40s.capability == 8.9
    assert offers["zero-a10g"].place is Place.ZERO_GPU


def test_memory_is_that_of_one_gpu_and_the_price_is_for_an_hour() -> None:
    made = offer()

    assert (made.gpus, made.vram, made.disk) == (2, 24 * GB, 1000 * GB)
    assert made.usd_per_hour == 3.0


@pytest.mark.parametrize(
    ("unit", "micro", "hourly"),
    [("second", 500, 1.8), ("hour", 1_800_000, 1.8), ("minute", 30_000, 1.8), ("Minute", 30_000, 1.8)],
)
def test_every_unit_of_time_is_understood(unit: str, micro: int, hourly: float) -> None:
    assert offer(unitLabel=unit, unitCostMicroUSD=micro).usd_per_hour == pytest.approx(hourly)


@pytest.mark.parametrize(
    "changed",
    [
        {"unitCostMicroUSD": None, "unitCostUSD": None},
        {"unitLabel": "GB"},
        {"unitCostMicroUSD": "a lot", "unitCostUSD": None},
        {"unitCostMicroUSD": -1, "unitCostUSD": None},
    ],
)
def test_a_price_that_cannot_be_read_is_not_free(changed: dict[str, object]) -> None:
    assert offer(**changed).usd_per_hour is None


@pytest.mark.parametrize("ram", ["N/A", None, "", {}])
def test_what_the_list_does_not_say_stays_unknown(ram: object) -> None:
    assert offer(ram=ram).ram is None


@pytest.mark.parametrize(
    ("model", "capability"),
    [("L4", 8.9), ("L40S", 8.9), ("Nvidia A100-80GB", 8.0), ("RTX PRO 6000", 12.0), ("X9000", None)],
)
def test_what_a_gpu_can_compute_is_told_by_its_name(model: str, capability: float | None) -> None:
    assert offer(accelerator={"model": model, "quantity": 1, "vram": "80 GB"}).capability == capability


@pytest.mark.parametrize("listed", [[], [None, 7, "x", {}], [{"name": ""}], [[]]])
def test_what_is_free_is_offered_whatever_the_list_says(listed: list[object]) -> None:
    assert [(each.name, each.usd_per_hour) for each in read_offers(listed)] == [
        ("cpu-basic", 0),
        ("zero-a10g", 0),
    ]
