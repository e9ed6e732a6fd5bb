"""A file's answer, whole or the one part that a player asks for to seek (RFC 9110, section 14).

The file is in memory, out of somebody's bucket: Starlette answers for parts of files on a disk only.
"""

import re
from collections.abc import Mapping

from fastapi import Request
from fastapi.responses import Response

ONE_PART = re.compile(r"bytes=(\d{0,18})-(\d{0,18})\Z", re.ASCII)


def in_parts(request: Request, content: bytes, media_type: str, headers: Mapping[str, str]) -> Response:
    """206 for the part, 416 where there is no such part, and 200 with all of it where none is asked for."""
    size = len(content)
    part = None if "if-range" in request.headers else part_asked(request.headers.get("range", ""), size)
    if part is None:
        return Response(content, 200, {**headers, "Accept-Ranges": "bytes"}, media_type)
    if not part:
        return Response(status_code=416, headers={"Content-Range": f"bytes */{size}"})
    span = f"bytes {part.start}-{part.stop - 1}/{size}"
    more = {"Accept-Ranges": "bytes", "Content-Range": span}
    return Response(content[part.start : part.stop], 206, {**headers, **more}, media_type)


def part_asked(header: str, size: int) -> range | None:
    """Which bytes; none of them where there are no such. None for all: several parts, and units that nobody
    knows, are no reason to refuse."""
    if not header.startswith("bytes=") or "," in header:
        return None
    found = ONE_PART.match(header)
    first, last = found.groups() if found else ("", "")
    if first:
        return range(int(first), min(int(last) + 1, size) if last else size)
    return range(max(size - int(last), 0), size) if last else range(0)
