"""Storage Buckets: made and found with the real client, filled by Jobs, never a way out of their folder."""

import secrets
import sys
from pathlib import Path

import pytest
from huggingface_hub import Volume
from huggingface_hub.errors import BucketNotFoundError, HfHubHTTPError

from tests.harness.local_hub import LocalHub
from tests.localhub.around_the_hub import OAuthPerson


@pytest.fixture
def bucket(hub: LocalHub) -> str:
    """A private bucket of alice's."""
    bucket_id = f"alice/bucket-{secrets.token_hex(4)}"
    hub.api("alice").create_bucket(bucket_id, private=True)
    return bucket_id


def put(hub: LocalHub, bucket_id: str, path: str, content: bytes) -> Path:
    """Write as a Job does: straight into the folder."""
    file = hub.folder / "buckets" / bucket_id / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


def get(hub: LocalHub, path: str, name: str | None = "alice", **headers: str) -> tuple[int, bytes]:
    if name:
        headers["Authorization"] = f"Bearer {hub.token(name)}"
    with hub.browser() as browser:
        answer = browser.get(path, headers=headers)
    return answer.status_code, answer.content


def test_a_name_is_taken_once_and_the_refusal_says_where_it_is(hub: LocalHub, bucket: str) -> None:
    api = hub.api("alice")
    again = api.create_bucket(bucket, exist_ok=True)
    assert (again.bucket_id, again.url) == (bucket, f"{hub.endpoint}/buckets/{bucket}")
    with pytest.raises(HfHubHTTPError) as refused:
        api.create_bucket(bucket)
    assert refused.value.response.status_code == 409


def test_a_bucket_without_a_namespace_is_the_callers_own(hub: LocalHub) -> None:
    name = f"mine-{secrets.token_hex(4)}"
    assert hub.api("bob").create_bucket(name).bucket_id == f"bob/{name}"
    assert hub.api("bob").bucket_info(f"bob/{name}").private is False


def test_buckets_are_listed_for_those_who_may_see_them(hub: LocalHub, bucket: str) -> None:
    name = bucket.partition("/")[2]
    assert [found.id for found in hub.api("alice").list_buckets(search=name)] == [bucket]
    assert not list(hub.api("bob").list_buckets("alice", search=name))
    hub.api("alice").update_bucket_settings(bucket, private=False)
    assert [found.id for found in hub.api("bob").list_buckets("alice", search=name)] == [bucket]


def test_a_private_bucket_does_not_exist_for_others(hub: LocalHub, bucket: str) -> None:
    put(hub, bucket, "report.json", b"{}")
    with pytest.raises(BucketNotFoundError):
        hub.api("bob").bucket_info(bucket)
    with pytest.raises(BucketNotFoundError):
        list(hub.api("bob").list_bucket_tree(bucket))
    with pytest.raises(HfHubHTTPError) as unknown:
        hub.api().bucket_info(bucket)
    assert unknown.value.response.status_code == 401
    assert get(hub, f"/buckets/{bucket}/resolve/report.json", "bob")[0] == 404
    assert get(hub, f"/buckets/{bucket}/resolve/report.json", None)[0] == 401


def test_only_its_owner_changes_a_public_bucket(hub: LocalHub) -> None:
    bucket_id = f"alice/public-{secrets.token_hex(4)}"
    hub.api("alice").create_bucket(bucket_id)
    file = put(hub, bucket_id, "kept.txt", b"kept")
    with pytest.raises(HfHubHTTPError) as refused:
        hub.api("bob").batch_bucket_files(bucket_id, delete=["kept.txt"])
    assert refused.value.response.status_code == 403
    with pytest.raises(HfHubHTTPError):
        hub.api("bob").delete_bucket(bucket_id)
    with pytest.raises(HfHubHTTPError):
        hub.api("bob").create_bucket("alice/for-alice")
    assert file.read_bytes() == b"kept"


def test_an_organisation_shares_its_buckets(hub: LocalHub) -> None:
    bucket_id = f"acme/shared-{secrets.token_hex(4)}"
    hub.api("alice").create_bucket(bucket_id, private=True)
    assert hub.api("alice").bucket_info(bucket_id).id == bucket_id
    with pytest.raises(BucketNotFoundError):
        hub.api("bob").bucket_info(bucket_id)


def test_the_tree_shows_files_and_folders(hub: LocalHub, bucket: str) -> None:
    put(hub, bucket, "runs/a/state.json", b"{}")
    put(hub, bucket, "runs/a/logs/run.txt", b"log")
    put(hub, bucket, "note.txt", b"hello")
    api = hub.api("alice")
    put(hub, bucket, "runs/ab.txt", b"")
    assert [(entry.type, entry.path) for entry in api.list_bucket_tree(bucket, recursive=False)] == [
        ("file", "note.txt"),
        ("directory", "runs"),
    ]
    inside = api.list_bucket_tree(bucket, "runs/a", recursive=False)
    assert [entry.path for entry in inside] == ["runs/a/logs", "runs/a/state.json"]
    # All files below, and their names need only begin like this.
    everything = ["runs/a/logs/run.txt", "runs/a/state.json", "runs/ab.txt"]
    assert [entry.path for entry in api.list_bucket_tree(bucket, "runs/a", recursive=True)] == everything
    assert [entry.path for entry in api.list_bucket_tree(bucket, "runs/a/")] == everything[:2]
    assert [entry.path for entry in api.list_bucket_tree(bucket)] == ["note.txt", *everything]
    info = api.bucket_info(bucket)
    assert (info.size, info.total_files) == (10, 4)


def test_a_long_tree_comes_in_pages(hub: LocalHub, bucket: str) -> None:
    for number in range(1005):
        put(hub, bucket, f"many/{number:04}", b"")
    paths = [entry.path for entry in hub.api("alice").list_bucket_tree(bucket, "many", recursive=True)]
    assert paths == [f"many/{number:04}" for number in range(1005)]


def test_metadata_and_paths_info_agree_on_the_content(hub: LocalHub, bucket: str) -> None:
    file = put(hub, bucket, "runs/a/report.json", b"one")
    api = hub.api("alice")
    metadata = api.get_bucket_file_metadata(bucket, "runs/a/report.json")
    [info] = api.get_bucket_paths_info(bucket, ["runs/a/report.json", "absent", "../alice"])
    assert (
        (metadata.size, metadata.xet_file_data.file_hash) == (info.size, info.xet_hash) == (3, info.xet_hash)
    )

    file.write_bytes(b"other")
    [changed] = api.get_bucket_paths_info(bucket, ["runs/a/report.json"])
    assert changed.size == 5
    assert changed.xet_hash != info.xet_hash


def test_files_are_read_whole_and_in_ranges(hub: LocalHub, bucket: str) -> None:
    put(hub, bucket, "a folder/ä.txt", b"0123456789")
    url = f"/buckets/{bucket}/resolve/a%20folder/%C3%A4.txt"
    assert get(hub, url) == (200, b"0123456789")
    assert get(hub, url, Range="bytes=2-4") == (206, b"234")
    assert get(hub, url, Range="bytes=-3") == (206, b"789")
    assert get(hub, url, Range="bytes=50-60")[0] == 416
    assert get(hub, f"/buckets/{bucket}/resolve/a%20folder")[0] == 404


def test_deleting_files_and_buckets(hub: LocalHub, bucket: str) -> None:
    api = hub.api("alice")
    put(hub, bucket, "runs/a/one", b"1")
    put(hub, bucket, "runs/b/two", b"2")
    api.batch_bucket_files(bucket, delete=["runs/a/one"])
    assert [entry.path for entry in api.list_bucket_tree(bucket)] == ["runs/b/two"]
    with pytest.raises(HfHubHTTPError, match="absent"):
        api.batch_bucket_files(bucket, delete=["absent"])

    api.delete_bucket(bucket)
    api.delete_bucket(bucket, missing_ok=True)
    assert not (hub.folder / "buckets" / bucket).exists()
    with pytest.raises(BucketNotFoundError):
        api.bucket_info(bucket)


@pytest.mark.parametrize(
    "path",
    ["../secret", "runs/../../secret", "%2e%2e/secret", "..%2Fsecret", "/etc/passwd", "%2Fetc%2Fpasswd"],
)
def test_no_path_leads_out_of_a_bucket(hub: LocalHub, bucket: str, path: str) -> None:
    put(hub, "alice", "secret", b"out of reach")
    put(hub, bucket, "runs/x", b"")
    url = f"/buckets/{bucket}/resolve/{path}"
    status, content = get(hub, url)
    assert (status, b"out of reach" in content, b"root:" in content) == (404, False, False)
    with pytest.raises(HfHubHTTPError):
        hub.api("alice").batch_bucket_files(bucket, delete=[path])


def test_no_link_leads_out_of_a_bucket(hub: LocalHub, bucket: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"out of reach")
    folder = put(hub, bucket, "own.txt", b"own").parent
    (folder / "file").symlink_to(tmp_path / "secret")
    (folder / "folder").symlink_to(tmp_path)
    (folder / "inner").symlink_to(folder / "own.txt")
    api = hub.api("alice")
    assert [entry.path for entry in api.list_bucket_tree(bucket, recursive=True)] == ["own.txt"]
    assert not list(api.get_bucket_paths_info(bucket, ["file", "folder/secret", "inner"]))
    for path in ("file", "folder/secret", "inner"):
        assert get(hub, f"/buckets/{bucket}/resolve/{path}")[0] == 404
        with pytest.raises(HfHubHTTPError):
            api.batch_bucket_files(bucket, delete=[path])
    assert (tmp_path / "secret").exists()


def test_an_oauth_token_reaches_buckets_only_with_a_repo_scope(hub: LocalHub, bucket: str) -> None:
    alice = OAuthPerson(hub, "alice")
    weak = hub.api(token=alice.token("openid profile jobs"))
    with pytest.raises(HfHubHTTPError) as refused:
        weak.bucket_info(bucket)
    assert refused.value.response.status_code == 403
    strong = hub.api(token=alice.token("openid profile jobs manage-repos"))
    assert strong.bucket_info(bucket).id == bucket
    alice.browser.close()


def test_what_one_job_writes_into_a_bucket_the_next_one_reads(hub: LocalHub, bucket: str) -> None:
    write = "import os, pathlib; pathlib.Path(os.environ['HERE'], 'state.json').write_text('done')"
    read = "import os; print(sorted(os.listdir('/record-whole')), '/records')"
    inside = Volume(type="bucket", source=bucket, mount_path="/record", path="runs/r1")
    whole = Volume(type="bucket", source=bucket, mount_path="/record-whole", read_only=True)

    run_with(hub, write, inside)
    said = run_with(hub, read, whole)

    assert said == ["['runs'] /records"]
    assert get(hub, f"/buckets/{bucket}/resolve/runs/r1/state.json") == (200, b"done")


def run_with(hub: LocalHub, code: str, volume: Volume) -> list[str]:
    """Run the code in a Job that mounts the volume; what it said."""
    api = hub.api("alice")
    job = api.run_job(
        image="any",
        command=[Path(sys.executable).name, "-c", code],
        env={"HERE": "/record"},
        volumes=[volume],
        namespace="alice",
    )
    ended = api.wait_for_job(job.id, namespace="alice", timeout=30, poll_interval=0.1)
    assert ended.status.stage == "COMPLETED"
    return list(api.fetch_job_logs(job_id=job.id, namespace="alice"))
