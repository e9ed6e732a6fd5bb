"""What happens to buckets, told to every webhook that watches them.

Jobs and Spaces write to a bucket's folder directly, so the folders of watched buckets are compared with what
they were, again and again, in one thread per Hub. What changed while the Hub was down is not told.
"""

import threading
from collections.abc import Mapping
from pathlib import Path

from bot.localhub import bucket_files
from bot.localhub.accounts import account
from bot.localhub.bucket_records import Bucket, folder_of
from bot.localhub.state import Hub
from bot.localhub.webhook_events import Action, fire
from bot.localhub.webhook_records import WatchedItem, Webhook, watches

LOOK_EVERY = 1.0
MOST_FILES = 10_000
Seen = dict[str, tuple[int, int]]


class Watch(threading.Thread):
    def __init__(self, hub: Hub) -> None:
        super().__init__(name="watched buckets", daemon=True)
        self._hub = hub
        self._seen: dict[str, Seen] = {}
        self._lock = threading.Lock()
        self._stopped = threading.Event()

    def run(self) -> None:
        while not self._stopped.wait(LOOK_EVERY):
            self.look()

    def stop(self) -> None:
        self._stopped.set()
        self.join()

    def look(self) -> None:
        """Tell what has changed in each watched bucket since the last look. The first one tells nothing."""
        with self._lock:
            before, self._seen = self._seen, {}
            for bucket in self._hub.all(Bucket):
                if _is_watched(self._hub, bucket):
                    now = bucket_files.snapshot(folder_of(self._hub, bucket))
                    self._seen[bucket.bucket_id_hex] = now
                    _content_updated(self._hub, bucket, before.get(bucket.bucket_id_hex, now), now)


_watches: dict[Path, Watch] = {}
"""By the folder of their Hub."""


def start(hub: Hub) -> None:
    watch = _watches[hub.folder] = Watch(hub)
    watch.look()
    watch.start()


def stop(hub: Hub) -> None:
    """Safe to repeat."""
    if watch := _watches.pop(hub.folder, None):
        watch.stop()


def look(hub: Hub) -> None:
    """Look now: what happens from here on is told to a webhook, or of a bucket, that is new."""
    if watch := _watches.get(hub.folder):
        watch.look()


def created(hub: Hub, bucket: Bucket) -> None:
    look(hub)
    _fire(hub, bucket, "create", "repo", {})


def deleted(hub: Hub, bucket: Bucket) -> None:
    _fire(hub, bucket, "delete", "repo", {})


def moved(hub: Hub, old: Bucket, new: Bucket) -> None:
    """Told with the old name; `movedTo` has the new one."""
    _fire(hub, old, "move", "repo", {"movedTo": {"name": new.id, "owner": {"id": _owner_id(hub, new)}}})


def config_updated(hub: Hub, bucket: Bucket) -> None:
    look(hub)
    _fire(hub, bucket, "update", "repo.config", {"updatedConfig": {"private": bucket.private}})


def _content_updated(hub: Hub, bucket: Bucket, before: Seen, now: Seen) -> None:
    """A file that was written over counts as added, as on the Hub."""
    files: list[dict[str, object]] = []
    for path, status in now.items():
        entry = bucket_files.entry_at(folder_of(hub, bucket), path) if before.get(path) != status else None
        if entry is not None:
            files.append({"path": path, "action": "add", "xetHash": entry["xetHash"], "size": entry["size"]})
    files += [{"path": path, "action": "delete"} for path in before if path not in now]
    if files:
        truncated = {"updatedFilesTruncated": True} if len(files) > MOST_FILES else {}
        part = {"updatedFiles": files[:MOST_FILES], **truncated}
        _fire(hub, bucket, "update", "repo.content", part)


def _fire(hub: Hub, bucket: Bucket, action: Action, scope: str, part: Mapping[str, object]) -> None:
    repo = {
        "type": "bucket",
        "name": bucket.id,
        "id": bucket.bucket_id_hex,
        "private": bucket.private,
        "url": {
            "web": f"{hub.endpoint}/buckets/{bucket.id}",
            "api": f"{hub.endpoint}/api/buckets/{bucket.id}",
        },
        "owner": {"id": _owner_id(hub, bucket)},
    }
    fire(hub, _item(bucket), bucket.private, action, scope, {"repo": repo, **part})


def _is_watched(hub: Hub, bucket: Bucket) -> bool:
    item = _item(bucket)
    return any(watches(hub, webhook, item, bucket.private, "repo.content") for webhook in hub.all(Webhook))


def _item(bucket: Bucket) -> WatchedItem:
    return WatchedItem(type="bucket", name=bucket.id)


def _owner_id(hub: Hub, bucket: Bucket) -> str:
    return account(hub, bucket.id.partition("/")[0]).id
