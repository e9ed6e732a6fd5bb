"""Volumes: repos at a commit and buckets, in Jobs and in Spaces, and what may not be written."""

import json
import secrets
from collections.abc import Iterator

import pytest
from huggingface_hub import Volume
from huggingface_hub.errors import HfHubHTTPError

from tests.harness.local_hub import LocalHub
from tests.localhub.one_space import OneSpace
from tests.localhub.small_apps import telling
from tests.localhub.some_jobs import end_of, log, run

READ = "import os, pathlib; print(pathlib.Path(os.environ['FILE']).read_text())"
WRITE = "import os, pathlib; pathlib.Path(os.environ['FILE']).write_text('by the Job')"


@pytest.fixture
def bucket(hub: LocalHub) -> Iterator[str]:
    name = f"alice/bucket-{secrets.token_hex(4)}"
    api = hub.api("alice")
    api.create_bucket(name)
    volume = Volume(type="bucket", source=name, mount_path="/data")
    end_of(api, run(api, WRITE, env={"FILE": "/data/kept.txt"}, volumes=[volume]))
    yield name
    api.delete_bucket(name)


def test_a_job_reads_a_repo_as_it_was_at_a_revision(hub: LocalHub, model: str) -> None:
    api = hub.api("alice")
    for text in ("old", "new"):
        api.upload_file(path_or_fileobj=text.encode(), path_in_repo="in/words.txt", repo_id=model)
        api.create_tag(model, tag=text)
    volumes = [
        Volume(type="model", source=model, mount_path="/model"),
        Volume(type="model", source=model, mount_path="/model/old", revision="old", path="in"),
    ]
    for file, text in (("/model/in/words.txt", "new"), ("/model/old/words.txt", "old")):
        job = end_of(api, run(api, READ, env={"FILE": file}, volumes=volumes))
        assert log(api, job) == [text]
    assert job.volumes is not None
    assert [volume.read_only for volume in job.volumes] == [True, True]
    with pytest.raises(HfHubHTTPError, match="Revision Not Found"):
        run(api, "pass", volumes=[Volume(type="model", source=model, mount_path="/m", revision="never")])


def test_a_private_repo_is_mounted_only_for_who_may_read_it(hub: LocalHub, model: str) -> None:
    hub.api("alice").update_repo_settings(model, private=True)
    volume = Volume(type="model", source=model, mount_path="/model")
    with pytest.raises(HfHubHTTPError) as refused:
        run(hub.api("bob"), "pass", namespace="bob", volumes=[volume])
    assert refused.value.response.status_code == 404
    assert (
        end_of(hub.api("alice"), run(hub.api("alice"), "pass", volumes=[volume])).status.stage == "COMPLETED"
    )


def test_what_a_job_writes_to_a_read_only_bucket_changes_nothing(hub: LocalHub, bucket: str) -> None:
    api = hub.api("alice")
    volume = Volume(type="bucket", source=bucket, mount_path="/data", read_only=True)
    read = end_of(api, run(api, READ, env={"FILE": "/data/kept.txt"}, volumes=[volume]))
    assert log(api, read) == ["by the Job"]
    for file in ("/data/kept.txt", "/data/new.txt"):
        end_of(api, run(api, WRITE.replace("by the Job", "changed"), env={"FILE": file}, volumes=[volume]))
    assert [entry.path for entry in api.list_bucket_tree(bucket)] == ["kept.txt"]
    read = end_of(api, run(api, READ, env={"FILE": "/data/kept.txt"}, volumes=[volume]))
    assert log(api, read) == ["by the Job"]
    assert not (hub.folder / "jobs" / read.id / "volumes").exists()


def test_a_space_finds_its_volumes_through_its_variables(hub: LocalHub, bucket: str) -> None:
    volume = Volume(type="bucket", source=bucket, mount_path="/data")
    space = OneSpace(
        hub, space_volumes=[volume], space_variables=[{"key": "STORE", "value": "/data/kept.txt"}]
    )
    space.run(telling("one"))
    store = json.loads(space.ask().text)["environment"]["STORE"]
    assert store == str((hub.folder / "buckets" / bucket / "kept.txt").resolve())
    assert [each.source for each in space.runtime().volumes or []] == [bucket]
    space.api.delete_space_volumes(space.id)
    assert space.runtime().volumes is None
    with pytest.raises(HfHubHTTPError) as refused:
        space.api.set_space_volumes(
            space.id, [Volume(type="model", source="bob/no-such-model", mount_path="/model")]
        )
    assert refused.value.response.status_code == 404
    space.delete()


def test_a_duplicate_takes_over_variables_and_no_secret(hub: LocalHub) -> None:
    given = {
        "space_variables": [{"key": "MODE", "value": "small"}],
        "space_secrets": [{"key": "PASS", "value": "made-up"}],
    }
    space = OneSpace(hub, space_sdk="static", **given)
    url = space.api.duplicate_repo(space.id, f"{space.id}-2", repo_type="space", private=True)
    variables = space.api.get_space_variables(url.repo_id)
    assert {name: variable.value for name, variable in variables.items()} == {"MODE": "small"}
    assert space.api.get_space_secrets(url.repo_id) == {}
    space.api.delete_repo(url.repo_id, repo_type="space")
    space.delete()
