"""Where made parts are kept: in a bucket of Supabase, or in the folder, which may be a mounted bucket."""

import json
from pathlib import Path
from typing import Protocol

from backend.configuration import Configuration, Supabase
from parts.web import Unavailable, bearer, fetch

FOLDER_ROUTE = "/artifacts/{job_id}/{name}"
SECONDS = 60.0
VALID = 24 * 3600
"""Seconds that a signed address is good for."""
MEDIA = {
    "step": "model/step",
    "stl": "model/stl",
    "glb": "model/gltf-binary",
    "dxf": "image/vnd.dxf",
}


class NotStored(Exception):
    """The part is made, and its files could not be kept. Its text is a sentence."""


class Storage(Protocol):
    """Keeps the files of a job."""

    name: str

    def keep(self, job_id: str, files: dict[str, Path], address: str) -> dict[str, str]:
        """Format to the address that the file can be fetched from."""


class Folder:
    """The files stay where they were made, and this endpoint serves them to whoever has the key."""

    name = "folder"

    def keep(self, job_id: str, files: dict[str, Path], address: str) -> dict[str, str]:
        return {
            kind: address.rstrip("/") + FOLDER_ROUTE.format(job_id=job_id, name=file.name)
            for kind, file in files.items()
        }


class Bucket:
    """The files are copied into Supabase, and get addresses that are good for a day."""

    name = "supabase"

    def __init__(self, supabase: Supabase) -> None:
        self._supabase = supabase

    def keep(self, job_id: str, files: dict[str, Path], address: str) -> dict[str, str]:
        return {kind: self._put(f"runs/{job_id}/{file.name}", kind, file) for kind, file in files.items()}

    def _put(self, path: str, kind: str, file: Path) -> str:
        try:
            self._ask(f"object/{self._supabase.bucket}/{path}", MEDIA[kind], file.read_bytes())
            body = json.dumps({"expiresIn": VALID}).encode()
            signed = self._ask(f"object/sign/{self._supabase.bucket}/{path}", "application/json", body)
            return f"{self._supabase.url}/storage/v1{json.loads(signed)['signedURL']}"
        except (Unavailable, ValueError, LookupError, TypeError) as why:
            raise NotStored(f"The part is made, but Supabase did not keep it: {why}. Try again.") from None

    def _ask(self, route: str, media: str, content: bytes) -> bytes:
        key = self._supabase.key
        answer: bytes = fetch(
            "POST",
            f"{self._supabase.url}/storage/v1/{route}",
            seconds=SECONDS,
            most=64 * 1024,
            headers={**bearer(key), "apikey": key, "Content-Type": media},
            content=content,
        )
        return answer


def storage_of(configuration: Configuration) -> Storage:
    return Bucket(configuration.supabase) if configuration.supabase else Folder()
