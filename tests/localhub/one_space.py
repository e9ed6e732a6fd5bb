"""A Space under test, as its owner alice sees it through the real client."""

import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx2
from huggingface_hub import CommitOperationAdd, HfApi, SpaceRuntime

from tests.harness.local_hub import LocalHub
from tests.harness.waiting import wait_until
from tests.localhub import small_apps


class OneSpace:
    """A private Gradio Space, unless the wishes say otherwise."""

    def __init__(self, hub: LocalHub, **wishes: Any) -> None:
        self.hub = hub
        self.api: HfApi = hub.api("alice")
        self.id = f"alice/space-{secrets.token_hex(4)}"
        wishes = {"space_sdk": "gradio", "private": True, **wishes}
        self.api.create_repo(self.id, repo_type="space", **wishes)
        self.folder: Path = hub.folder / "spaces" / vars(self.api.space_info(self.id))["_id"]

    def push(self, files: Mapping[str, str]) -> str:
        """The new commit's id."""
        adding = [CommitOperationAdd(path, content.encode()) for path, content in files.items()]
        return self.api.create_commit(self.id, adding, commit_message="push", repo_type="space").oid

    def run(self, app: str, **files: str) -> str:
        """Push an app and wait until that commit runs."""
        sha = self.push({"README.md": small_apps.GRADIO_README, "app.py": app, **files})
        self.await_stage("RUNNING", sha)
        return sha

    def runtime(self) -> SpaceRuntime:
        return self.api.get_space_runtime(self.id)

    def await_stage(self, stage: str, sha: str | None = None, seconds: float = 60) -> SpaceRuntime:
        def look() -> SpaceRuntime | None:
            runtime = self.runtime()
            return runtime if runtime.stage == stage and sha in {None, runtime.raw["sha"]} else None

        return wait_until(look, seconds=seconds, what=f"{self.id} is {stage} at {sha}")

    def delete(self) -> None:
        self.api.delete_repo(self.id, repo_type="space", missing_ok=True)

    @property
    def host(self) -> str:
        return str(self.api.space_info(self.id).host)

    def ask(self, path: str = "/", token: str | None = None, **headers: str) -> httpx2.Response:
        token = self.hub.token("alice") if token is None else token
        authorization = {"Authorization": f"Bearer {token}"} if token else {}
        with httpx2.Client(base_url=self.host, trust_env=False, timeout=10) as client:
            return client.get(path, headers={**authorization, **headers})

    def log(self, *, build: bool = False) -> str:
        return "".join(self.api.fetch_space_logs(self.id, build=build, follow=build))

    def pids(self) -> list[int]:
        """Processes that this Space's versions have started, as they say themselves in the run log."""
        text = (self.folder / "run.log").read_text()
        return [int(pid) for pid in re.findall(r"(?:serving \S+|pid) (\d+)", text)]


def alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()
