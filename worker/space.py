"""The private Space of a run: created under a free name, marked as this run's own, filled in one commit.

A Space whose mark is not this run's is somebody's work. It is left alone, and the next free name is taken.
"""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from huggingface_hub import SpaceInfo, Volume
from huggingface_hub.errors import HfHubHTTPError
from pydantic import BaseModel, ConfigDict

from worker.errors import Failed, HardwareRefused
from worker.hardware import Option
from worker.hardware_refusal import Refusal, refusal
from worker.hub import Hub

MARK = "SPACE_FACTORY_RUN"
"""Space variable that holds the id of the run that made the Space."""
FOLDER = "MODEL_FOLDER"
"""Space variable that tells `hosting.py` where the model is mounted."""
MOST_NAMES = 9
LONGEST_NAME = 96
FREE_HARDWARE = "cpu-basic"
REFUSED = frozenset({402, 403})


class Space(BaseModel):
    """The Space of this run."""

    model_config = ConfigDict(frozen=True)

    id: str
    url: str
    hardware: str
    """What was asked for when it was created, and not refused."""
    refusal: str | None = None
    """The Hub's words where it refused the hardware that was wanted."""
    repo: str | None = None
    """The Hub's own id of it, once it was looked at."""


class Wanted(BaseModel):
    """What a Space is created with. The Hub takes all of it in one call; later calls refuse OAuth tokens."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    options: tuple[Option, ...]
    """Hardware to ask for, in this order; empty where a person has to allow it first."""
    volume: Volume | None = None
    """The model, where not everyone may download it: the Space reads it with its owner's own access."""
    variables: dict[str, str] = {}

    @property
    def flavor(self) -> str:
        return self.options[0].flavor if self.options else FREE_HARDWARE

    def settings(self, run_id: str, option: Option | None) -> dict[str, Any]:
        """The arguments of `create_repo` for it."""
        variables = (
            {MARK: run_id} | self.variables | ({FOLDER: self.volume.mount_path} if self.volume else {})
        )
        return {
            "space_hardware": option.flavor if option else FREE_HARDWARE,
            "space_sleep_time": option.sleep_seconds if option else None,
            "space_variables": [{"key": key, "value": value} for key, value in variables.items()],
            "space_volumes": [self.volume] if self.volume else None,
        }


def volume_of(model_id: str, revision: str) -> Volume:
    """The model's files at one commit, where `hosting.py` looks for them."""
    return Volume(type="model", source=model_id, revision=revision, mount_path="/model", read_only=True)


def create_space(hub: Hub, wished: str, run_id: str, wanted: Wanted) -> Space:
    """A private Space for the run: the wished name, or the next free one. Repeating finds the same one."""
    for space_id in names(wished):
        try:
            return _create(hub, space_id, run_id, wanted)
        except HfHubHTTPError as error:
            if error.response.status_code != 409:
                raise
        if mark_of(hub, space_id) == run_id or _taken_over(hub, space_id, run_id, wanted):
            return Space(id=space_id, url=_url(hub, space_id), hardware=wanted.flavor)
    raise Failed(
        "names_taken", f"{wished} and the next {MOST_NAMES - 1} names are taken. Choose another name."
    )


def look_at(hub: Hub, space: Space) -> tuple[Space, bool]:
    """The Space with the Hub's own id of it, and whether it is private."""
    info = hub.call(lambda: hub.api.space_info(space.id))
    return space.model_copy(update={"repo": repo_of(info)}), bool(info.private)


def repo_of(info: SpaceInfo) -> str | None:
    """The Hub's own id of a Space, which another one of that name would not have."""
    return info.__dict__.get("_id")


def _taken_over(hub: Hub, space_id: str, run_id: str, wanted: Wanted) -> bool:
    """Whether the Space was made for just this before, by a run that could not delete it: it is ours now.

    Not where a model is mounted: its version cannot be changed afterwards.
    """
    if not wanted.variables or wanted.volume:
        return False
    if not wanted.variables.items() <= _variables(hub, space_id).items():
        return False
    hub.call(lambda: hub.api.add_space_variable(space_id, MARK, run_id))
    return True


def names(wished: str) -> tuple[str, ...]:
    """The wished name, then `-2` to `-9`, within the length that the Hub allows."""
    owner, name = wished.split("/", 1)
    numbered = (f"{name[: LONGEST_NAME - 2]}-{number}" for number in range(2, MOST_NAMES + 1))
    return tuple(f"{owner}/{each}" for each in (name[:LONGEST_NAME], *numbered))


def mark_of(hub: Hub, space_id: str) -> str | None:
    """The run that made a Space; None if it has no mark or may not be asked."""
    return _variables(hub, space_id).get(MARK)


def _variables(hub: Hub, space_id: str) -> dict[str, str]:
    """The Space's variables; none if they may not be read."""
    try:
        found = hub.call(lambda: hub.api.get_space_variables(space_id))
    except HfHubHTTPError:
        return {}
    return {key: variable.value for key, variable in found.items()}


def upload(hub: Hub, space: Space, run_id: str, files: Mapping[str, str | bytes], message: str) -> str:
    """Put the files into the Space as one commit, each at its path; its sha."""
    if mark_of(hub, space.id) != run_id:
        raise Failed("not_our_space", f"{space.id} does not carry this run's mark and was left alone.")
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            file = Path(folder) / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode() if isinstance(text, str) else text)
        # Where the answer to a commit was lost, the next finds nothing to change and makes none.
        done = hub.call(
            lambda: hub.api.upload_folder(
                repo_id=space.id,
                repo_type="space",
                folder_path=folder,
                commit_message=message,
                delete_patterns="*",  # of a run before, in a Space that was taken over
            )
        )
    return done.oid


def hardware_needed(space: Space, wanted: str, why: str) -> HardwareRefused:
    """What a person has to do where the Hub did not give us the hardware, or we may not ask for it."""
    return HardwareRefused(
        f"{why} The app is uploaded to {space.id}. Open {space.url}/settings, choose {wanted} under"
        f" “Space Hardware”, and then say: validate {space.id}"
    )


def _create(hub: Hub, space_id: str, run_id: str, wanted: Wanted) -> Space:
    """The Space on the first hardware that the Hub gives, or on the free one with the Hub's refusal."""
    said = None
    for option in wanted.options:
        try:
            _request(hub, space_id, wanted.settings(run_id, option))
        except HfHubHTTPError as error:
            refused = _refusal(hub, error, space_id, option.flavor)
            said = said or refused.sentence
            if refused.other_hardware_may_work:
                continue
            break
        return Space(id=space_id, url=_url(hub, space_id), hardware=option.flavor)
    _request(hub, space_id, wanted.settings(run_id, None))
    return Space(id=space_id, url=_url(hub, space_id), hardware=FREE_HARDWARE, refusal=said)


def _refusal(hub: Hub, error: HfHubHTTPError, space_id: str, flavor: str) -> Refusal:
    """Raises what is no refusal of this hardware."""
    status = error.response.status_code
    if flavor == FREE_HARDWARE or status not in REFUSED:
        raise error
    said = error.server_message or ""
    return refusal(status, said, flavor=flavor, space_id=space_id, endpoint=hub.endpoint)


def _request(hub: Hub, space_id: str, settings: dict[str, Any]) -> None:
    hub.call(
        lambda: hub.api.create_repo(space_id, repo_type="space", space_sdk="gradio", private=True, **settings)
    )


def _url(hub: Hub, space_id: str) -> str:
    return f"{hub.endpoint}/spaces/{space_id}"
