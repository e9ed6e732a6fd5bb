"""A Space that exists, and is to be judged: what it says it shows, its source, and how it is woken up."""

import json
from contextlib import suppress

import httpx2
from huggingface_hub import SpaceInfo
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError

from worker.build import Build
from worker.card import Card, json_object, read_card
from worker.errors import Failed
from worker.hub import Hub
from worker.space import Space, repo_of
from worker.waiting import Patience, wait_for_health, wait_until_running

SOURCES = (".py", ".json", ".txt", ".md")
LARGEST_SOURCE = 256 * 1024
MOST_SOURCES = 40
WAKING = 20.0
"""Seconds that a request waits which is only there to wake a sleeping Space."""


def look(build: Build, hub: Hub) -> str:
    """What the Space says about itself: its files, and the model that it shows."""
    space_id = build.spec.target_space
    info = _info(hub, space_id)
    build.space = Space(id=space_id, url=f"{hub.endpoint}/spaces/{space_id}", hardware="", repo=repo_of(info))
    build.commit, build.private = info.sha, bool(info.private)
    build.journal.space_is(space_id)
    build.files = _sources(hub, info)
    build.card = card = _card(build, hub, info)
    shown = f"It shows {card.model_id} at {card.revision[:7]}." if card else "It names no model."
    return f"{space_id} at {str(info.sha)[:7]}, {len(build.files)} files read. {shown}"


def wake(build: Build, hub: Hub) -> str:
    """Wait until the Space runs; one that sleeps is woken by a visit."""
    assert build.space and build.commit
    wait = float(build.spec.validation.wait_seconds)
    _visit(hub, build.space.id)
    patience = Patience(settle=min(60.0, wait), build=wait, health=min(30.0, wait))
    build.running = wait_until_running(hub, build.space, build.commit, build.journal.note, patience)
    build.health = wait_for_health(build.running, hub.token, patience)
    return f"It runs on {build.running.hardware or 'hardware of an unknown kind'}."


def _info(hub: Hub, space_id: str) -> SpaceInfo:
    try:
        return hub.call(lambda: hub.api.space_info(space_id, files_metadata=True))
    except RepositoryNotFoundError as error:
        message = (
            f"{space_id} does not exist, or the permission that you gave us does not cover it: it covers the"
            " Spaces that we made for you, and public ones."
        )
        raise Failed("not_found", message) from error


def _sources(hub: Hub, info: SpaceInfo) -> dict[str, str]:
    """The Space's own texts, the smallest first, as far as they are needed for reading it."""
    sizes = {each.rfilename: each.size or 0 for each in info.siblings or ()}
    small = [path for path in sizes if path.endswith(SOURCES) and sizes[path] <= LARGEST_SOURCE]
    found = {}
    for path in sorted(small, key=lambda path: sizes[path])[:MOST_SOURCES]:
        content = hub.read_of_space(info.id, str(info.sha), path, LARGEST_SOURCE)
        found[path] = content.decode(errors="replace")
    return found


def _card(build: Build, hub: Hub, info: SpaceInfo) -> Card | None:
    """The model's card: as asked for, as our own `model.json` says, or as the Space's README says."""
    model_id, revision = build.spec.model_id, build.spec.revision
    if not model_id:
        ours = json_object(build.files.get("model.json", "")) or {}
        named = [ours.get("model_id"), *(info.models or ())]
        model_id = next((each for each in named if isinstance(each, str)), "")
        revision = str(ours.get("revision") or "") if model_id == ours.get("model_id") else ""
    if not model_id:
        return None
    with suppress(HfHubHTTPError, Failed):
        sha = revision or str(hub.call(lambda: hub.api.model_info(model_id)).sha)
        return read_card(hub, model_id, sha, build.journal.redactor.text)
    build.journal.note(f"The model {json.dumps(model_id)} that it names could not be read.")
    return None


def _visit(hub: Hub, space_id: str) -> None:
    host = hub.call(lambda: hub.api.space_info(space_id)).host
    if host:
        with suppress(httpx2.HTTPError):
            httpx2.get(host, headers={"x-hf-authorization": f"Bearer {hub.token}"}, timeout=WAKING)
