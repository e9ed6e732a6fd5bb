"""Uses a local Hub without a pause, whatever happens to it: a child process of the tests that kill it.

Arguments: its number. HF_ENDPOINT and HF_TOKEN say where and as whom. Each thing that the Hub has confirmed
is printed as one line of JSON. Goes on until it is killed.
"""

import hashlib
import json
import os
import random
import sys
import time
from collections.abc import Callable
from typing import Any

from huggingface_hub import CommitOperationAdd, HfApi
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.utils import httpx

NUMBER = sys.argv[1]
REPO = f"alice/busy-{int(NUMBER) % 2}"
BUCKET = "alice/busy"
API = HfApi(token=os.environ["HF_TOKEN"])


def content(size: int) -> tuple[str, bytes]:
    """Something new, and a name that tells whether it is whole."""
    body = os.urandom(size)
    return hashlib.sha256(body).hexdigest(), body


def add(size: int, suffix: str) -> CommitOperationAdd:
    name, body = content(size)
    return CommitOperationAdd(f"{name}.{suffix}", body)


def small_commit() -> dict[str, Any]:
    made = API.create_commit(REPO, [add(300, "txt"), add(20, "txt")], commit_message="small")
    return {"repo": REPO, "commit": made.oid}


def large_commit() -> dict[str, Any]:
    made = API.create_commit(REPO, [add(400_000, "bin"), add(30, "txt")], commit_message="large")
    return {"repo": REPO, "commit": made.oid}


def merge() -> dict[str, Any]:
    made = API.create_commit(REPO, [add(100, "txt")], commit_message="asked", create_pr=True)
    assert made.pr_num is not None
    API.merge_pull_request(REPO, made.pr_num)
    return {"repo": REPO, "merged": made.pr_num}


def into_bucket() -> dict[str, Any]:
    name, body = content(100_000)
    API.batch_bucket_files(BUCKET, add=[(body, f"{NUMBER}/{name}.bin")])
    return {"bucket": f"{NUMBER}/{name}.bin"}


def space() -> dict[str, Any]:
    space_id = f"alice/busy-{NUMBER}-{os.urandom(4).hex()}"
    API.create_repo(space_id, repo_type="space", space_sdk="static", private=True)
    return {"space": space_id}


def job() -> dict[str, Any]:
    command = ["python", "-c", "import time; print('asleep', flush=True); time.sleep(600)"]
    return {"job": API.run_job(image="python:3.12", command=command, namespace="alice").id}


DEEDS: tuple[Callable[[], dict[str, Any]], ...] = (small_commit, large_commit, merge, into_bucket, space, job)
LIKELY = (6, 6, 4, 4, 1, 1)


def main() -> None:
    choice = random.Random(NUMBER)
    while True:
        [deed] = choice.choices(DEEDS, LIKELY)
        try:
            print(json.dumps(deed()), flush=True)
        # The Hub may be dead, another client may have been faster, and xet storage raises errors of its own.
        except (HfHubHTTPError, httpx.HTTPError, OSError, RuntimeError) as error:
            print(type(error).__name__, str(error)[:200].replace("\n", " "), file=sys.stderr, flush=True)
            time.sleep(0.05)


if __name__ == "__main__":
    main()
