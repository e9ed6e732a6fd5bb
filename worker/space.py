"""The private Space of a run: created under a free name, marked as this run's own, filled in one commit.

A Space whose mark is not this run's is somebody's work. It is left alone, and the next free name is taken.
"""

import tempfile
from pathlib import Path

from huggingface_hub.errors import HfHubHTTPError
from pydantic import BaseModel, ConfigDict

from worker.errors import Failed, HardwareRefused
from worker.hub import Hub

MARK = "SPACE_FACTORY_RUN"
"""Space variable that holds the id of the run that made the Space."""
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


def create_space(hub: Hub, wished: str, run_id: str, hardware: str) -> Space:
    """A private Space for the run: the wished name, or the next free one. Repeating finds the same one."""
    for space_id in names(wished):
        try:
            return _create(hub, space_id, run_id, hardware)
        except HfHubHTTPError as error:
            if error.response.status_code != 409:
                raise
        if mark_of(hub, space_id) == run_id:
            return Space(id=space_id, url=_url(hub, space_id), hardware=hardware)
    raise Failed(
        "names_taken", f"{wished} and the next {MOST_NAMES - 1} names are taken. Choose another name."
    )


def names(wished: str) -> tuple[str, ...]:
    """The wished name, then `-2` to `-9`, within the length that the Hub allows."""
    owner, name = wished.split("/", 1)
    numbered = (f"{name[: LONGEST_NAME - 2]}-{number}" for number in range(2, MOST_NAMES + 1))
    return tuple(f"{owner}/{each}" for each in (name[:LONGEST_NAME], *numbered))


def mark_of(hub: Hub, space_id: str) -> str | None:
    """The run that made a Space; None if it has no mark or may not be asked."""
    try:
        variables = hub.call(lambda: hub.api.get_space_variables(space_id))
    except HfHubHTTPError:
        return None
    return variables[MARK].value if MARK in variables else None


def upload(hub: Hub, space: Space, run_id: str, files: dict[str, str], message: str) -> str:
    """Put the files into the Space as one commit; its sha."""
    if mark_of(hub, space.id) != run_id:
        raise Failed("not_our_space", f"{space.id} does not carry this run's mark and was left alone.")
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        done = hub.api.upload_folder(
            repo_id=space.id, repo_type="space", folder_path=folder, commit_message=message
        )
    return done.oid


def hardware_needed(space: Space, wanted: str) -> HardwareRefused:
    """What a person has to do where the Hub did not give us the hardware."""
    return HardwareRefused(
        f"The Hub did not give {wanted} to {space.id}: {space.refusal} The app is uploaded. "
        f"Open {space.url}/settings, choose {wanted} under “Space Hardware”, and ask for the build again."
    )


def _create(hub: Hub, space_id: str, run_id: str, hardware: str) -> Space:
    try:
        _request(hub, space_id, run_id, hardware)
    except HfHubHTTPError as error:
        if hardware == FREE_HARDWARE or error.response.status_code not in REFUSED:
            raise
        _request(hub, space_id, run_id, FREE_HARDWARE)
        said = error.server_message or str(error)
        return Space(id=space_id, url=_url(hub, space_id), hardware=FREE_HARDWARE, refusal=said)
    return Space(id=space_id, url=_url(hub, space_id), hardware=hardware)


def _request(hub: Hub, space_id: str, run_id: str, hardware: str) -> None:
    # The hardware is in this call because the later one refuses OAuth tokens.
    hub.call(
        lambda: hub.api.create_repo(
            space_id,
            repo_type="space",
            space_sdk="gradio",
            private=True,
            space_hardware=hardware,  # type: ignore[arg-type]  # the Hub decides which ones exist
            space_variables=[{"key": MARK, "value": run_id}],
        )
    )


def _url(hub: Hub, space_id: str) -> str:
    return f"{hub.endpoint}/spaces/{space_id}"
