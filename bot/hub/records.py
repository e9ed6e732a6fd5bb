"""The files of a run's record, out of the private bucket of whoever asked for it, with their own eyes."""

import re

from bot.domain.models import Run
from bot.hub.client import HubClient, hub_trouble
from worker.contract import RECORD_BUCKET

NAME = re.compile(r"(?!.*\.\.)[\w][\w./-]{0,150}\Z", re.ASCII)


def read_record(hub: HubClient, run: Run, name: str, limit: int) -> bytes | None:
    """A file by its name in the record, at most `limit` bytes of it; None if there is none."""
    if not NAME.match(name):
        return None
    return hub.get_bytes(f"/buckets/{run.requester.name}/{RECORD_BUCKET}/resolve/runs/{run.id}/{name}", limit)


def has_private_bucket(hub: HubClient, owner: str) -> bool:
    """Where this person's records are kept, made if it is not there; whether nobody else can read it."""
    name = f"{owner}/{RECORD_BUCKET}"
    with hub_trouble():
        hub.api.create_bucket(name, private=True, exist_ok=True)
        return hub.api.bucket_info(name).private
