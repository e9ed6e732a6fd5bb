"""Long lists in pages: the next one is named in a `Link` header, as the client follows it."""

from collections.abc import Sequence
from typing import TypeVar

from fastapi import Request

T = TypeVar("T")


def one_page(
    request: Request, items: Sequence[T], start: int, size: int
) -> tuple[Sequence[T], dict[str, str]]:
    """The items from `start` on, at most `size`, and the headers that lead to the rest (query `cursor`)."""
    end = max(0, start) + size
    headers = {}
    if end < len(items):
        headers["Link"] = f'<{request.url.include_query_params(cursor=end)}>; rel="next"'
    return items[max(0, start) : end], headers
