"""What costs money or needs a plan on the real Hub, and so is refused there.

Here everyone has both, except free accounts (`--free-user`), and everyone when a switch says so.
"""

from bot.localhub import misbehaviour
from bot.localhub.accounts import User, account
from bot.localhub.errors import HubError
from bot.localhub.hardware import DEFAULT
from bot.localhub.misbehaviour import Switch
from bot.localhub.repos import Repo, RepoKind
from bot.localhub.space_records import Space
from bot.localhub.state import Hub

NO_PLAN = (
    "Static Spaces are free for everyone, but hosting Gradio and Docker Spaces on free cpu-basic requires"
    " a PRO subscription. Subscribe at https://huggingface.co/pro"
)
NO_PAYMENT = "You must have a payment method to use this hardware. Add one in your billing settings"
NO_CREDITS = "Pre-paid credit balance is insufficient - add more credits to your account to use Jobs."
ZERO_GPU = "zero-a10g"


def check_new_space(hub: Hub, namespace: str, sdk: str | None, hardware: object) -> None:
    """Refuse a new Space that the namespace cannot pay for."""
    wanted = hardware or DEFAULT
    if sdk in {"gradio", "docker"} and wanted == DEFAULT and _has_no_plan(hub, account(hub, namespace)):
        raise HubError(402, NO_PLAN)
    check_hardware(hub, namespace, wanted)


def check_hardware(hub: Hub, namespace: str, wanted: object, repo: Repo | None = None) -> None:
    """Refuse hardware for a Space, which is `repo` or a new one."""
    owner = account(hub, namespace)
    if wanted == ZERO_GPU:
        _check_zero_gpu(hub, owner, repo)
    elif wanted != DEFAULT and _cannot_pay(hub, owner):
        raise HubError(402, NO_PAYMENT)


def check_credits(owner: User) -> None:
    """Refuse a Job that the namespace cannot pay for. The switch concerns only the call that launches one."""
    if not owner.can_pay:
        raise HubError(402, NO_CREDITS)


def zero_gpu_seconds(user: User) -> int:
    """What a person may use on one day, in GPU-seconds."""
    return 2400 if user.is_pro else 300


def zero_gpu_spaces(owner: User) -> int:
    """How many Spaces on ZeroGPU a namespace may have."""
    if owner.type == "org":
        return 50
    return 10 if owner.is_pro else 2


def _check_zero_gpu(hub: Hub, owner: User, repo: Repo | None) -> None:
    others = [each for each in hub.all(Repo) if each.kind is RepoKind.SPACE and each.owner == owner.name]
    spaces = (hub.all(Space).get(each.repo_id_hex) for each in others if each != repo)
    taken = sum(space is not None and space.requested_hardware == ZERO_GPU for space in spaces)
    limit = zero_gpu_spaces(owner)
    if taken >= limit:
        account = "organization" if owner.type == "org" else "user"
        raise HubError(403, f"ZeroGPU Spaces are currently limited to {limit} per {account} account.")


def _has_no_plan(hub: Hub, owner: User) -> bool:
    return not owner.is_pro or misbehaviour.asks(hub, Switch.NO_PLAN) is not None


def _cannot_pay(hub: Hub, owner: User) -> bool:
    return not owner.can_pay or misbehaviour.asks(hub, Switch.NO_PAID_HARDWARE) is not None
