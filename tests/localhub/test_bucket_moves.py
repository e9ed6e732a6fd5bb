"""Buckets get new names and owners, and are not found under half a name."""

import secrets

import pytest
from huggingface_hub.errors import BucketNotFoundError, HfHubHTTPError

from tests.harness.local_hub import LocalHub


@pytest.fixture
def bucket(hub: LocalHub) -> str:
    """A bucket of alice's with one file."""
    made = hub.api("alice").create_bucket(f"alice/bucket-{secrets.token_hex(4)}").bucket_id
    hub.api("alice").batch_bucket_files(made, add=[(b"content", "sub/a.txt")])
    return made


def test_a_bucket_moves_with_its_files(hub: LocalHub, bucket: str) -> None:
    alice, new = hub.api("alice"), bucket.replace("alice/", "acme/moved-")
    before = alice.bucket_info(bucket)
    alice.move_bucket(bucket, new)
    assert [file.path for file in alice.list_bucket_tree(new)] == ["sub/a.txt"]
    assert alice.bucket_info(new).created_at == before.created_at
    with pytest.raises(BucketNotFoundError):
        alice.bucket_info(bucket)


def test_a_bucket_moves_only_where_its_owner_may_and_a_name_is_free(hub: LocalHub, bucket: str) -> None:
    alice = hub.api("alice")
    taken = alice.create_bucket(f"{bucket}-taken").bucket_id
    for api, to, status in ((alice, taken, 409), (alice, "bob/x", 403), (hub.api("bob"), "bob/x", 403)):
        with pytest.raises(HfHubHTTPError) as refused:
            api.move_bucket(bucket, to)
        assert refused.value.response.status_code == status
    assert [file.path for file in alice.list_bucket_tree(bucket)] == ["sub/a.txt"]


def test_buckets_without_their_owners_name_are_not_found(hub: LocalHub, bucket: str) -> None:
    name = bucket.partition("/")[2]
    for call in (hub.api("alice").bucket_info, hub.api("alice").delete_bucket):
        with pytest.raises(HfHubHTTPError) as refused:
            call(name)
        assert refused.value.response.status_code == 404


def test_strangers_list_public_buckets_and_are_asked_to_sign_in_for_private_ones(
    hub: LocalHub, bucket: str
) -> None:
    assert bucket in [each.id for each in hub.api().list_buckets("alice")]
    hub.api("alice").update_bucket_settings(bucket, private=True)
    assert bucket not in [each.id for each in hub.api().list_buckets("alice")]
    with pytest.raises(HfHubHTTPError) as refused:
        list(hub.api().list_bucket_tree(bucket))
    assert refused.value.response.status_code == 401
