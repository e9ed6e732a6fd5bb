"""Variables, secrets and volumes of a Space. Secrets go in and never come out again."""

import re
from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, field_validator

from bot.localhub import volumes
from bot.localhub.accounts import TheCaller, TheHub
from bot.localhub.repos import Repo
from bot.localhub.space_records import Setting, change, runtime, space_of
from bot.localhub.space_routes import API, ReadableSpace, WritableSpace, relaunch_if_alive
from bot.localhub.state import Hub, now
from bot.localhub.volumes import Volume

router = APIRouter()
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,254}")

Kind = Literal["variables", "secrets"]


class Key(BaseModel):
    key: str

    @field_validator("key")
    @classmethod
    def _is_a_name(cls, key: str) -> str:
        if not _NAME.fullmatch(key):
            raise ValueError("use letters, digits and '_', not beginning with a digit")
        return key


class NewSetting(Key):
    value: str
    description: str | None = None


class Volumes(BaseModel):
    volumes: list[Volume]


@router.get(API + "/variables")
def get_variables(hub: TheHub, repo: ReadableSpace) -> dict[str, object]:
    return _shown(hub, repo, "variables")


@router.post(API + "/variables")
def add_variable(hub: TheHub, repo: WritableSpace, body: NewSetting) -> dict[str, object]:
    return _set(hub, repo, "variables", body)


@router.delete(API + "/variables")
def delete_variable(hub: TheHub, repo: WritableSpace, body: Key) -> dict[str, object]:
    return _unset(hub, repo, "variables", body.key)


@router.get(API + "/secrets")
def get_secrets(hub: TheHub, repo: WritableSpace) -> dict[str, object]:
    return _shown(hub, repo, "secrets")


@router.post(API + "/secrets")
def add_secret(hub: TheHub, repo: WritableSpace, body: NewSetting) -> dict[str, object]:
    return _set(hub, repo, "secrets", body)


@router.delete(API + "/secrets")
def delete_secret(hub: TheHub, repo: WritableSpace, body: Key) -> dict[str, object]:
    return _unset(hub, repo, "secrets", body.key)


@router.put(API + "/volumes")
def set_volumes(hub: TheHub, caller: TheCaller, repo: WritableSpace, body: Volumes) -> dict[str, object]:
    """The volumes take the place of all that were there."""
    volumes.check(hub, caller, body.volumes)
    change(hub, repo, volumes=body.volumes)
    return runtime(repo, relaunch_if_alive(hub, repo))


@router.delete(API + "/volumes")
def delete_volumes(hub: TheHub, repo: WritableSpace) -> dict[str, object]:
    change(hub, repo, volumes=[])
    return runtime(repo, relaunch_if_alive(hub, repo))


def _settings(hub: Hub, repo: Repo, kind: Kind) -> dict[str, Setting]:
    space = space_of(hub, repo)
    return space.variables if kind == "variables" else space.secrets


def _set(hub: Hub, repo: Repo, kind: Kind, new: NewSetting) -> dict[str, object]:
    setting = Setting(value=new.value, description=new.description, updated_at=now())
    with hub.lock:
        change(hub, repo, **{kind: {**_settings(hub, repo, kind), new.key: setting}})
    relaunch_if_alive(hub, repo)
    return _shown(hub, repo, kind)


def _unset(hub: Hub, repo: Repo, kind: Kind, key: str) -> dict[str, object]:
    with hub.lock:
        left = {name: setting for name, setting in _settings(hub, repo, kind).items() if name != key}
        change(hub, repo, **{kind: left})
    relaunch_if_alive(hub, repo)
    return _shown(hub, repo, kind)


def _shown(hub: Hub, repo: Repo, kind: Kind) -> dict[str, object]:
    hidden = {"value"} if kind == "secrets" else set[str]()
    settings = _settings(hub, repo, kind)
    return {name: setting.model_dump(by_alias=True, exclude=hidden) for name, setting in settings.items()}
