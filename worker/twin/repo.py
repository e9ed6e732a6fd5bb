"""A folder as a model repo of the Hub: its metadata, its tree, and which of its files hold weights."""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import JsonValue

WEIGHTS = re.compile(
    r"\.(safetensors|bin|pt|pth|ckpt|onnx|gguf|h5|msgpack|npz|tflite|ot|nemo|pkl|joblib)$|\.onnx[._]data",
    re.I,
)
"""Files that hold tensors; exporters of ONNX put them into `model.onnx_data` or `model.onnx.data`."""
DATE = "2026-01-01T00:00:00.000Z"
NAMED_IN_CONFIG = ("architectures", "model_type", "auto_map")


def holds_weights(path: str) -> bool:
    """Whether a file's name says that a model's tensors are in it."""
    return WEIGHTS.search(path) is not None


@dataclass(frozen=True)
class TwinRepo:
    """A model under its real id and commit, with the files of a folder."""

    id: str
    revision: str
    folder: Path
    tags: tuple[str, ...] = ()
    pipeline_tag: str | None = None
    library_name: str | None = None
    without_weights: bool = False
    """As if the weights had never been uploaded."""
    _hashes: dict[Path, str] = field(default_factory=dict, repr=False)

    def knows(self, revision: str) -> bool:
        return revision in {"main", self.revision}

    def files(self) -> Iterator[tuple[str, Path]]:
        """Path in the repo and on disk of every file, in order."""
        for file in sorted(self.folder.rglob("*")):
            path = file.relative_to(self.folder).as_posix()
            if file.is_symlink() or not file.is_file():
                continue  # a link could lead out of the folder
            if not (self.without_weights and holds_weights(path)):
                yield path, file

    def find(self, path: str) -> Path | None:
        return dict(self.files()).get(path)

    def sha256(self, file: Path) -> str:
        if file not in self._hashes:
            with file.open("rb") as opened:
                self._hashes[file] = hashlib.file_digest(opened, "sha256").hexdigest()
        return self._hashes[file]

    def info(self) -> dict[str, JsonValue]:
        """What `/api/models/{id}` says."""
        siblings: list[JsonValue] = [
            {"rfilename": path, "size": file.stat().st_size} for path, file in self.files()
        ]
        return {
            "_id": hashlib.sha256(self.id.encode()).hexdigest()[:24],
            "id": self.id,
            "modelId": self.id,
            "author": self.id.split("/")[0],
            "sha": self.revision,
            "private": False,
            "gated": False,
            "disabled": False,
            "lastModified": DATE,
            "createdAt": DATE,
            "downloads": 0,
            "likes": 0,
            "tags": list(self.tags),
            "pipeline_tag": self.pipeline_tag,
            "library_name": self.library_name,
            "config": self._config(),
            "siblings": siblings,
            "spaces": [],
        }

    def tree(self, folder: str, recursive: bool) -> list[JsonValue] | None:
        """The entries below a folder; None where there is no such folder."""
        prefix = f"{folder.strip('/')}/" if folder.strip("/") else ""
        entries: dict[str, JsonValue] = {}
        for path, file in self.files():
            if not path.startswith(prefix):
                continue
            parts = path[len(prefix) :].split("/")
            for depth in range(1, len(parts)):
                if recursive or depth == 1:
                    above = prefix + "/".join(parts[:depth])
                    entries[above] = {"type": "directory", "path": above, "size": 0, "oid": "0" * 40}
            if recursive or len(parts) == 1:
                entries[path] = self.entry(path, file)
        return list(entries.values()) if entries or not prefix else None

    def entry(self, path: str, file: Path) -> JsonValue:
        digest, size = self.sha256(file), file.stat().st_size
        described: dict[str, JsonValue] = {"type": "file", "path": path, "size": size, "oid": digest[:40]}
        if holds_weights(path):
            described["lfs"] = {"oid": digest, "size": size, "pointerSize": 134}
        return described

    def _config(self) -> dict[str, JsonValue]:
        config = self._read_json("config.json")
        said: dict[str, JsonValue] = {key: config[key] for key in NAMED_IN_CONFIG if key in config}
        if name := self._read_json("model_index.json").get("_class_name"):
            said["diffusers"] = {"_class_name": name}
        if base := self._read_json("adapter_config.json").get("base_model_name_or_path"):
            said["peft"] = {"base_model_name_or_path": base}
        return said

    def _read_json(self, path: str) -> dict[str, JsonValue]:
        file = self.folder / path
        try:
            values = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
        except ValueError:
            return {}
        return values if isinstance(values, dict) else {}
