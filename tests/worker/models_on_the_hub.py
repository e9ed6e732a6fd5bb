"""Puts model repos on the local Hub, also such as its own client would refuse to upload."""

import base64
import json
import secrets
from dataclasses import dataclass

import httpx2
from huggingface_hub import HfApi

from tests.harness.local_hub import LocalHub


@dataclass(frozen=True)
class Model:
    id: str
    revision: str


def put_model(hub: LocalHub, files: dict[str, bytes], *, name: str = "model", private: bool = False) -> Model:
    """A fresh model of alice's with these files, at its one commit."""
    token = hub.token("alice")
    api = HfApi(endpoint=hub.endpoint, token=token)
    model_id = f"alice/{name}-{secrets.token_hex(3)}"
    api.create_repo(model_id, private=private)
    if files:
        _commit(hub, model_id, files, token)
    return Model(model_id, str(api.model_info(model_id).sha))


def zoo_model(hub: LocalHub, name: str) -> Model:
    api = HfApi(endpoint=hub.endpoint, token=hub.token("alice"))
    return Model(f"zoo/{name}", str(api.model_info(f"zoo/{name}").sha))


def zoo_files(hub: LocalHub, name: str) -> dict[str, bytes]:
    """The files of a model of the zoo, to change and put up again."""
    api = HfApi(endpoint=hub.endpoint, token=hub.token("alice"))
    paths = [path for path in api.list_repo_files(f"zoo/{name}") if not path.startswith(".")]
    address = f"{hub.endpoint}/zoo/{name}/resolve/main/"
    return {path: httpx2.get(address + path, trust_env=False).raise_for_status().content for path in paths}


def _commit(hub: LocalHub, model_id: str, files: dict[str, bytes], token: str) -> None:
    """The Hub's commit call as git's users reach it: without the client's own check of the README."""
    lines: list[dict[str, object]] = [{"key": "header", "value": {"summary": "test", "description": ""}}]
    for path, content in files.items():
        encoded = base64.b64encode(content).decode()
        lines.append({"key": "file", "value": {"path": path, "content": encoded, "encoding": "base64"}})
    httpx2.post(
        f"{hub.endpoint}/api/models/{model_id}/commit/main",
        content="\n".join(map(json.dumps, lines)),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/x-ndjson"},
        trust_env=False,
    ).raise_for_status()
