"""Webhooks on buckets: what they are told, whether a client, a Job or nobody wrote the files."""

import secrets

import pytest
from huggingface_hub import HfApi, Volume

from tests.harness.local_hub import LocalHub
from tests.localhub import some_jobs
from tests.localhub.around_the_hub import Receiver


@pytest.fixture
def bucket() -> str:
    """The name of a bucket that is not there yet."""
    return f"alice/bucket-{secrets.token_hex(4)}"


def watch(api: HfApi, listener: Receiver, bucket: str) -> str:
    return api.create_webhook(url=listener.url, watched=[{"type": "bucket", "name": bucket}]).id


def test_files_that_come_change_and_go_are_told(hub: LocalHub, bucket: str, listener: Receiver) -> None:
    alice = hub.api("alice")
    made = alice.create_bucket(bucket)
    alice.batch_bucket_files(bucket, add=[(b"before", "old.txt")])
    webhook = watch(alice, listener, bucket)
    alice.batch_bucket_files(bucket, add=[(b"hello", "data/new.txt")])
    told = listener.next()
    [file] = alice.get_bucket_paths_info(bucket, ["data/new.txt"])
    owner = {"id": hub.user_id("alice")}
    url = {"web": made.url, "api": f"{hub.endpoint}/api/buckets/{bucket}"}
    repo = told["repo"]
    assert told["event"] == {"action": "update", "scope": "repo.content"}
    assert (repo["type"], repo["name"], repo["private"], repo["url"], repo["owner"]) == (
        "bucket",
        bucket,
        False,
        url,
        owner,
    )
    added = {"path": "data/new.txt", "action": "add", "xetHash": file.xet_hash, "size": 5}
    assert told["updatedFiles"] == [added]
    assert told["webhook"] == {"id": webhook, "version": 3}
    assert not {"headSha", "updatedRefs", "updatedFilesTruncated"} & {*told, *repo}
    alice.batch_bucket_files(bucket, add=[(b"hello again", "data/new.txt")], delete=["old.txt"])
    files = listener.next()["updatedFiles"]
    assert [(each["path"], each["action"]) for each in files] == [
        ("data/new.txt", "add"),
        ("old.txt", "delete"),
    ]
    assert "xetHash" not in files[1]
    alice.delete_webhook(webhook)


def test_what_a_job_writes_is_told(hub: LocalHub, bucket: str, listener: Receiver) -> None:
    alice = hub.api("alice")
    alice.create_bucket(bucket, private=True)
    webhook = watch(alice, listener, bucket)
    code = "from pathlib import Path; Path('/out/result.txt').write_text('done')"
    some_jobs.run(alice, code, volumes=[Volume(type="bucket", source=bucket, mount_path="/out")])
    told = listener.next()
    assert [(each["path"], each["size"]) for each in told["updatedFiles"]] == [("result.txt", 4)]
    assert told["repo"]["private"]
    alice.delete_webhook(webhook)


def test_the_life_of_a_bucket_is_told_to_who_watches_its_owner(
    hub: LocalHub, bucket: str, listener: Receiver
) -> None:
    alice, new = hub.api("alice"), f"{bucket}-moved"
    webhook = alice.create_webhook(
        url=listener.url, watched=[{"type": "user", "name": "alice"}], domains=["repo"]
    )
    alice.create_bucket(bucket)
    alice.batch_bucket_files(bucket, add=[(b"first", "first.txt")])
    alice.update_bucket_settings(bucket, private=True)
    alice.move_bucket(bucket, new)
    alice.delete_bucket(new)
    seen = {}
    while ("repo", "delete") not in seen:
        told = listener.next()
        if told["repo"]["name"] in {bucket, new}:
            seen[told["event"]["scope"], told["event"]["action"]] = told
    assert ("repo", "create") in seen
    assert seen["repo.config", "update"]["updatedConfig"] == {"private": True}
    assert seen["repo", "move"]["movedTo"] == {"name": new, "owner": {"id": hub.user_id("alice")}}
    assert len({told["repo"]["id"] for told in seen.values()}) == 1
    alice.delete_webhook(webhook.id)


def test_a_private_bucket_is_not_told_to_strangers(hub: LocalHub, bucket: str, listener: Receiver) -> None:
    alice, bob = hub.api("alice"), hub.api("bob")
    alice.create_bucket(bucket, private=True)
    webhook = watch(bob, listener, bucket)
    alice.batch_bucket_files(bucket, add=[(b"secret", "secret.txt")])
    alice.update_bucket_settings(bucket, private=False)
    assert listener.next()["event"]["scope"] == "repo.config"
    alice.batch_bucket_files(bucket, add=[(b"public", "public.txt")])
    assert [each["path"] for each in listener.next()["updatedFiles"]] == ["public.txt"]
    bob.delete_webhook(webhook)
