"""Renaming a bucket or giving it to another owner; its files move with it."""

from bot.localhub import bucket_webhooks
from bot.localhub.accounts import Caller, User
from bot.localhub.bucket_records import Bucket, find, folder_of
from bot.localhub.buckets import check_name
from bot.localhub.errors import HubError
from bot.localhub.state import Hub


def move_bucket(hub: Hub, caller: Caller, from_id: str, to_id: str) -> str:
    """Returns the web address. 409 if another bucket has the name."""
    namespace, _, name = to_id.partition("/")
    check_name(name)
    if namespace not in hub.all(User) or not caller.may_change(hub, namespace):
        raise HubError(
            403, f"You don't have the rights to move a bucket to the namespace {namespace[:100]!r}"
        )
    with hub.lock:
        bucket = find(hub, from_id, caller, write=True)
        if to_id in hub.all(Bucket):
            raise HubError(409, f"A bucket called {to_id} already exists")
        moved = bucket.model_copy(update={"id": to_id})
        # The new folder is still empty: renaming onto it takes its place.
        folder_of(hub, bucket).rename(folder_of(hub, moved))
        hub.all(Bucket).rename(from_id, to_id, moved)
    bucket_webhooks.moved(hub, bucket, moved)
    return f"{hub.endpoint}/buckets/{to_id}"
