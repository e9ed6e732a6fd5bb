"""What costs money on the real Hub, and so is refused there with 402. Here only when a switch asks for it."""

from bot.localhub import misbehaviour
from bot.localhub.errors import HubError
from bot.localhub.hardware import DEFAULT
from bot.localhub.misbehaviour import Switch
from bot.localhub.state import Hub

NO_PLAN = (
    "Static Spaces are free for everyone, but hosting Gradio and Docker Spaces on free cpu-basic requires"
    " a PRO subscription. Subscribe at https://huggingface.co/pro"
)
NO_PAYMENT = "You must have a payment method to use this hardware. Add one in your billing settings"
ZERO_GPU = "zero-a10g"


def check_new_space(hub: Hub, sdk: str | None, hardware: object) -> None:
    """Refuse a new Space that the namespace cannot pay for."""
    wanted = hardware or DEFAULT
    if sdk in {"gradio", "docker"} and wanted == DEFAULT and misbehaviour.asks(hub, Switch.NO_PLAN):
        raise HubError(402, NO_PLAN)
    check_hardware(hub, wanted)


def check_hardware(hub: Hub, wanted: object) -> None:
    if wanted not in {DEFAULT, ZERO_GPU} and misbehaviour.asks(hub, Switch.NO_PAID_HARDWARE):
        raise HubError(402, NO_PAYMENT)
