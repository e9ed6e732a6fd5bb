"""Spaces: what happens when one is created, pushed to, deleted, and when the Hub itself starts and stops."""

import shutil
from collections.abc import Iterable, Mapping

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.localhub import hardware, space_access, space_life, space_routes, space_settings, space_sleep
from bot.localhub.accounts import User
from bot.localhub.cards import card_data
from bot.localhub.errors import HubError
from bot.localhub.repos import Repo, RepoKind
from bot.localhub.space_proxy import close_door, open_door
from bot.localhub.space_records import (
    Setting,
    Space,
    Stage,
    change,
    folder_of,
    host,
    runtime,
    space_of,
    subdomain,
)
from bot.localhub.state import Hub, now
from bot.localhub.volumes import Volume, unmount

router = APIRouter()
router.include_router(space_routes.router)
router.include_router(space_settings.router)


class Wishes(BaseModel):
    """What the body of a create call asks of a new Space."""

    model_config = ConfigDict(extra="ignore")

    hardware: str = hardware.DEFAULT
    sleep_seconds: int | None = Field(default=None, alias="sleepTimeSeconds")
    variables: list[space_settings.NewSetting] = []
    secrets: list[space_settings.NewSetting] = []
    volumes: list[Volume] = []


def wishes_in(body: Mapping[str, object]) -> Wishes:
    """What a create call asks of the new Space. Raises HubError if that cannot be."""
    given = {key: value for key, value in body.items() if value is not None}
    try:
        wishes = Wishes.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise HubError(400, f"{where}: {first['msg']}") from None
    if wishes.hardware not in hardware.FOR_SPACES:
        raise HubError(400, f"Unknown hardware {wishes.hardware[:100]!r}: see GET /api/spaces/hardware")
    return wishes


def created(hub: Hub, repo: Repo, body: Mapping[str, object]) -> None:
    """Give a new Space its record and its host. Raises HubError as `wishes_in`."""
    wishes = wishes_in(body)
    space = Space(
        port=open_door(hub, repo),
        requested_hardware=wishes.hardware,
        sleep_seconds=wishes.sleep_seconds,
        variables=_settings(wishes.variables),
        secrets=_settings(wishes.secrets),
        volumes=wishes.volumes,
    )
    hub.all(Space).put(repo.repo_id_hex, space)


def _settings(given: Iterable[space_settings.NewSetting]) -> dict[str, Setting]:
    return {
        each.key: Setting(value=each.value, description=each.description, updated_at=now()) for each in given
    }


def copied_variables(hub: Hub, source: Repo) -> list[dict[str, object]]:
    """What a duplicate takes over from its source: the variables that all may see, and no secret."""
    variables = space_of(hub, source).variables.items()
    return [
        {"key": key, "value": variable.value, "description": variable.description}
        for key, variable in variables
    ]


def pushed(hub: Hub, repo: Repo) -> None:
    """Build the new head in the background. A paused Space stays paused until it is restarted."""
    if repo.repo_id_hex not in hub.all(Space):
        created(hub, repo, {})
    if space_of(hub, repo).stage is not Stage.PAUSED:
        space_life.begin(hub, repo)


def moved(hub: Hub, repo: Repo) -> None:
    """A Space has a new name: its app is started again, as it must find that. The host stays the same."""
    if space_of(hub, repo).stage.wants_to_run:
        space_life.begin(hub, repo)


def deleted(hub: Hub, repo: Repo) -> None:
    space_life.end(repo)
    close_door(repo)
    hub.all(Space).delete(repo.repo_id_hex)
    shutil.rmtree(folder_of(hub, repo), ignore_errors=True)


def describe(hub: Hub, repo: Repo) -> dict[str, object]:
    """What the info of a Space says beyond that of a repo."""
    space = space_of(hub, repo)
    return {
        "sdk": card_data(hub, repo, "main").get("sdk") or repo.sdk,
        "subdomain": subdomain(repo),
        "host": f"http://{host(space)}",
        "runtime": runtime(repo, space),
    }


def signed_url(hub: Hub, repo: Repo, caller_user: User) -> str:
    """The app's address for this person's browser. They must be allowed to read the repo."""
    address = f"http://{host(space_of(hub, repo))}/"
    if not repo.private or repo.protected:
        return address
    signed = space_access.sign(repo, caller_user.name, space_access.LINK_LIFETIME)
    return f"{address}?{space_access.PARAMETER}={signed}"


def resume(hub: Hub) -> None:
    """After a start: every Space gets its host back, and those that ran are launched again."""
    for repo in [repo for repo in hub.all(Repo) if repo.kind is RepoKind.SPACE]:
        space = hub.all(Space).get(repo.repo_id_hex)
        if space is None:
            created(hub, repo, {})
            continue
        _drop_old_versions(hub, repo)
        change(hub, repo, port=open_door(hub, repo, space.port))
        if space.stage.wants_to_run:
            space_life.begin(hub, repo)
    space_sleep.start(hub)


def _drop_old_versions(hub: Hub, repo: Repo) -> None:
    for folder in folder_of(hub, repo).glob("*-*/"):
        unmount(folder)


def stop_all(hub: Hub) -> None:
    space_sleep.stop(hub)
    space_life.end_all(hub)
