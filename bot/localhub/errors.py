"""How this Hub says no: the status, the sentence and the headers that the real client maps to exceptions."""

import re
import secrets

from fastapi import Request
from fastapi.responses import JSONResponse

_UNPRINTABLE = re.compile(r"[^\x20-\x7e]+")


class HubError(Exception):
    """An answer that is not 2xx. `code` is the `X-Error-Code` the client looks at, such as RepoNotFound."""

    def __init__(
        self, status: int, message: str, *, code: str | None = None, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = dict(headers or {})
        if code:
            self.headers["X-Error-Code"] = code


def not_found(what: str, code: str) -> HubError:
    return HubError(404, f"{what} not found", code=code)


def forbidden(message: str = "You don't have the required permissions to perform this action") -> HubError:
    return HubError(403, message)


async def answer_error(_request: Request, error: Exception) -> JSONResponse:
    """Exception handler for HubError: the message goes into the body and into `X-Error-Message`."""
    assert isinstance(error, HubError)
    headers = {
        # A message may quote anything; a header holds one line of printable characters.
        "X-Error-Message": _UNPRINTABLE.sub(" ", error.message).strip(),
        "X-Request-Id": f"Root=1-{secrets.token_hex(16)}",
        **error.headers,
    }
    return JSONResponse({"error": error.message}, error.status, headers=headers)
