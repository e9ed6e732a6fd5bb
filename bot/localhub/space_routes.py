"""Routes that run, stop and follow a Space."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from bot.localhub import hardware, plans, space_access, space_life
from bot.localhub.accounts import MaybeCaller, TheCaller, TheHub
from bot.localhub.errors import HubError
from bot.localhub.logs import event_stream
from bot.localhub.repos import Repo, RepoKind, find
from bot.localhub.sessions import browser_caller
from bot.localhub.space_records import (
    Space,
    Stage,
    build_log,
    change,
    host,
    run_log,
    runtime,
    space_of,
    subdomain,
)
from bot.localhub.state import Hub

router = APIRouter()
API = "/api/spaces/{namespace}/{name}"


class NewHardware(BaseModel):
    model_config = ConfigDict(extra="ignore")

    flavor: str
    sleep_seconds: int | None = Field(default=None, alias="sleepTimeSeconds")


class DevMode(BaseModel):
    enabled: bool


class SleepTime(BaseModel):
    seconds: int


def _readable(hub: TheHub, caller: MaybeCaller, namespace: str, name: str) -> Repo:
    return find(hub, RepoKind.SPACE, f"{namespace}/{name}", caller)


def _writable(hub: TheHub, caller: MaybeCaller, namespace: str, name: str) -> Repo:
    return find(hub, RepoKind.SPACE, f"{namespace}/{name}", caller, write=True)


ReadableSpace = Annotated[Repo, Depends(_readable)]
WritableSpace = Annotated[Repo, Depends(_writable)]


@router.get("/api/spaces/hardware")
def list_hardware() -> list[dict[str, object]]:
    return [flavor.as_json() for flavor in hardware.FOR_SPACES.values()]


@router.get("/api/spaces/zero-gpu/quota")
def zero_gpu_quota(caller: TheCaller) -> dict[str, object]:
    """GPU-seconds of a day, none of which can be used here."""
    seconds = plans.zero_gpu_seconds(caller.user)
    return {"base": seconds, "current": seconds, "resetsAt": None, "overquotaUsed": 0}


@router.get(API + "/runtime")
def get_runtime(hub: TheHub, repo: ReadableSpace) -> dict[str, object]:
    return runtime(repo, space_of(hub, repo))


@router.get(API + "/host")
def get_host(hub: TheHub, repo: ReadableSpace) -> dict[str, str]:
    """Where the app is served: gradio asks this before it loads a Space."""
    return {"subdomain": subdomain(repo), "host": f"http://{host(space_of(hub, repo))}"}


@router.get(API + "/jwt")
def get_pass(hub: TheHub, caller: TheCaller, repo: ReadableSpace) -> dict[str, str]:
    """What opens a private Space's app in a browser, as `__sign` in its address."""
    return {"token": space_access.sign(repo, caller.user.name, space_access.LINK_LIFETIME)}


@router.post(API + "/hardware")
def request_hardware(hub: TheHub, repo: WritableSpace, body: NewHardware) -> dict[str, object]:
    if body.flavor not in hardware.FOR_SPACES:
        raise HubError(400, f"Unknown hardware {body.flavor[:100]!r}: see GET /api/spaces/hardware")
    plans.check_hardware(hub, repo.owner, body.flavor, repo)
    changes: dict[str, object] = {"requested_hardware": body.flavor}
    if body.sleep_seconds is not None:
        changes["sleep_seconds"] = body.sleep_seconds
    change(hub, repo, **changes)
    return _relaunched(hub, repo)


@router.post(API + "/sleeptime")
def set_sleep_time(hub: TheHub, repo: WritableSpace, body: SleepTime) -> dict[str, object]:
    return runtime(repo, change(hub, repo, sleep_seconds=body.seconds))


@router.post(API + "/restart")
def restart(hub: TheHub, repo: WritableSpace, factory: bool = False) -> dict[str, object]:
    """Launch the head again, also when paused; `factory` builds everything anew."""
    if factory:
        change(hub, repo, layers=secrets.token_hex(4))
    space_life.begin(hub, repo)
    return runtime(repo, space_of(hub, repo))


@router.post(API + "/dev-mode")
def set_dev_mode(hub: TheHub, repo: WritableSpace, body: DevMode) -> dict[str, object]:
    change(hub, repo, dev_mode=body.enabled)
    return _relaunched(hub, repo)


@router.post(API + "/pause")
def pause(hub: TheHub, repo: WritableSpace) -> dict[str, object]:
    if repo.sdk == "static":
        raise HubError(400, "A static Space is always running: make it private to hide it")
    space_life.end(repo)
    return runtime(repo, change(hub, repo, stage=Stage.PAUSED, error=None, sha=None, hardware=None))


def relaunch_if_alive(hub: Hub, repo: Repo) -> Space:
    """Let changed settings take effect, unless the Space is not running anyway."""
    if space_of(hub, repo).stage.wants_to_run:
        space_life.begin(hub, repo)
    return space_of(hub, repo)


def _relaunched(hub: Hub, repo: Repo) -> dict[str, object]:
    return runtime(repo, relaunch_if_alive(hub, repo))


def _for_its_people(request: Request, hub: TheHub, caller: MaybeCaller, namespace: str, name: str) -> Repo:
    """For those who may change the Space, also for who is signed in with the browser."""
    return find(hub, RepoKind.SPACE, f"{namespace}/{name}", caller or browser_caller(request), write=True)


FollowedSpace = Annotated[Repo, Depends(_for_its_people)]
Tail = Annotated[int | None, Query(ge=0)]


@router.get(API + "/logs/build")
def follow_build(hub: TheHub, repo: FollowedSpace, tail: Tail = None) -> StreamingResponse:
    """What the latest build wrote and writes, until it has ended."""
    return event_stream(build_log(hub, repo), lambda: not _is_building(hub, repo), tail=tail)


@router.get(API + "/logs/run")
def follow_app(hub: TheHub, repo: FollowedSpace, tail: Tail = None) -> StreamingResponse:
    """What the app wrote and writes, until it has ended."""
    return event_stream(run_log(hub, repo), lambda: not _is_up(hub, repo), tail=tail)


def _stage(hub: Hub, repo: Repo) -> Stage | None:
    space = hub.all(Space).get(repo.repo_id_hex)
    return space.stage if space is not None else None


def _is_building(hub: Hub, repo: Repo) -> bool:
    return space_life.goes_on(repo) and _stage(hub, repo) in {Stage.BUILDING, Stage.RUNNING_BUILDING}


def _is_up(hub: Hub, repo: Repo) -> bool:
    return space_life.goes_on(repo) and _stage(hub, repo) is not Stage.BUILDING
