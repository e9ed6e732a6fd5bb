"""Requests as the server hands them on, whatever a client library would have refused to send."""

from starlette.types import Scope


def posted_to(path: str, headers: list[tuple[bytes, bytes]]) -> Scope:
    return {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "scheme": "https",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": headers,
        "server": ("bot.test", 443),
        "client": ("1.2.3.4", 5),
        "state": {},
    }
