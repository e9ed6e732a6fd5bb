"""Pictures, videos and sounds that people put into what they write in discussions."""

import re
import secrets

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, PlainTextResponse

from bot.localhub import blobs
from bot.localhub.accounts import MaybeCaller, TheHub
from bot.localhub.errors import HubError

router = APIRouter(prefix="/uploads")
TYPES = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/webm": "webm",
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
}
MEGABYTES, VIDEO_MEGABYTES = 10, 50
_NAME = re.compile(r"[0-9a-f]{32}\.(\w{3,4})")


@router.post("")
async def upload(request: Request, hub: TheHub, caller: MaybeCaller) -> PlainTextResponse:
    """Its address. Strangers may upload too, as on the Hub."""
    if caller is not None:
        caller.require("write-discussions")
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if kind not in TYPES:
        raise HubError(
            400, "Attach a PNG, JPEG, GIF or WebP picture, an MP4, MOV or WebM video, an MP3 or a WAV"
        )
    content = await _content(request, VIDEO_MEGABYTES if kind.startswith("video/") else MEGABYTES)
    name = f"{secrets.token_hex(16)}.{TYPES[kind]}"
    aside = blobs.incoming(hub)
    aside.write_bytes(content)
    folder = hub.folder / "attachments"
    folder.mkdir(exist_ok=True)
    aside.replace(folder / name)
    return PlainTextResponse(f"{hub.endpoint}/uploads/{name}")


@router.get("/{name}")
def show(hub: TheHub, name: str) -> FileResponse:
    known = _NAME.fullmatch(name)
    file = hub.folder / "attachments" / name
    if known is None or not file.is_file():
        raise HubError(404, "There is no such attachment")
    kind = next(kind for kind, ending in TYPES.items() if ending == known[1])
    # Whatever the content is, a browser takes it for what its uploader called it, and runs nothing in it.
    headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}
    return FileResponse(file, media_type=kind, headers=headers)


async def _content(request: Request, megabytes: int) -> bytes:
    content = bytearray()
    async for piece in request.stream():
        content += piece
        if len(content) > megabytes * 1_000_000:
            raise HubError(413, f"This kind of file may have at most {megabytes} MB")
    return bytes(content)
