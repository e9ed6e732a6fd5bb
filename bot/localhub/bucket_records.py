"""Storage Buckets as records: who may see and change them, and where their files are."""

from pathlib import Path

from bot.localhub.accounts import Caller
from bot.localhub.errors import HubError, forbidden, not_found
from bot.localhub.state import Hub, Record

READ_SCOPES = ("read-repos", "contribute-repos", "write-repos", "manage-repos")
WRITE_SCOPES = ("contribute-repos", "write-repos", "manage-repos")


class Bucket(Record):
    id: str
    """`owner/name`, also its key."""
    bucket_id_hex: str
    private: bool
    created_at: str


def folder_of(hub: Hub, bucket: Bucket) -> Path:
    """The plain folder that holds the bucket's files. Jobs write to it directly."""
    folder = hub.folder / "buckets" / bucket.id
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def may_read(hub: Hub, bucket: Bucket, caller: Caller | None) -> bool:
    """Everyone reads a public bucket; a private one needs its owner, and a scope that reaches it."""
    if not bucket.private:
        return True
    owner = bucket.id.partition("/")[0]
    return caller is not None and caller.owns(hub, owner) and caller.may(*READ_SCOPES)


def find(hub: Hub, bucket_id: str, caller: Caller | None, *, write: bool = False) -> Bucket:
    """The bucket, if the caller may see it, and with `write` change it; else BucketNotFound, 401 or 403."""
    bucket = hub.all(Bucket).get(bucket_id)
    owns = caller is not None and caller.owns(hub, bucket_id.partition("/")[0])
    if bucket is None or (bucket.private and not owns):
        # The client makes BucketNotFound of a 404 with this code on a bucket's address.
        if caller is None:
            raise HubError(401, "Bucket not found", code="RepoNotFound")
        raise not_found("Bucket", "RepoNotFound")
    if write and caller is None:
        raise HubError(401, "Invalid username or password.")
    if write and not owns:
        raise forbidden()
    if caller is not None and (write or bucket.private):
        caller.require(*(WRITE_SCOPES if write else READ_SCOPES))
    return bucket
