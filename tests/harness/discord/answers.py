"""JSON as Discord sends it: its content type has no charset, and discord.py compares it letter by letter."""

import json
from typing import Any

from aiohttp import web


def said(body: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(
        body=json.dumps(body).encode(), status=status, headers=headers, content_type="application/json"
    )
