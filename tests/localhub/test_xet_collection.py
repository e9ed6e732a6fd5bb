"""Old uploads in the xet store are thrown away at a start, and neither clients nor files notice."""

import os
import secrets
import time
from pathlib import Path

from tests.harness.local_hub import LocalHub

TWO_DAYS = 2 * 24 * 3600


def xorbs(hub: LocalHub) -> list[Path]:
    return list((hub.folder / "xet").glob("*/*/*"))


def test_what_was_uploaded_long_ago_goes_and_can_be_uploaded_again(own_hub: LocalHub, tmp_path: Path) -> None:
    alice, content = own_hub.api("alice"), secrets.token_bytes(3_000_000)
    alice.create_repo("alice/big")
    alice.create_bucket("alice/bucket")
    alice.upload_file(path_or_fileobj=content, path_in_repo="big.bin", repo_id="alice/big")
    long_ago = time.time() - TWO_DAYS
    old = xorbs(own_hub)
    assert old
    for file in old:
        os.utime(file, (long_ago, long_ago))
    fresh = secrets.token_bytes(2_000_000)
    alice.batch_bucket_files("alice/bucket", add=[(fresh, "fresh.bin")])
    young = set(xorbs(own_hub)) - set(old)
    assert young
    own_hub.restart()
    assert set(xorbs(own_hub)) == young
    got = alice.hf_hub_download("alice/big", "big.bin", local_dir=tmp_path)
    assert Path(got).read_bytes() == content
    # The client that sent it remembers that it did; under the store's new address it sends it anew.
    alice.batch_bucket_files("alice/bucket", add=[(content + b"more", "again.bin"), (content, "same.bin")])
    alice.download_bucket_files(
        "alice/bucket", files=[("again.bin", tmp_path / "again"), ("same.bin", tmp_path / "same")]
    )
    assert (tmp_path / "again").read_bytes() == content + b"more"
    assert (tmp_path / "same").read_bytes() == content


def test_recent_uploads_stay_over_a_restart(own_hub: LocalHub) -> None:
    alice = own_hub.api("alice")
    alice.create_bucket("alice/bucket")
    alice.batch_bucket_files("alice/bucket", add=[(secrets.token_bytes(1_000_000), "a.bin")])
    kept = set(xorbs(own_hub))
    own_hub.restart()
    assert kept
    assert set(xorbs(own_hub)) == kept
