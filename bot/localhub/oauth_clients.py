"""Which app is asking: its id and secret, in the header or in the form, and how it is refused."""

import base64
import binascii
import hmac
from urllib.parse import unquote_plus

from fastapi import Request
from fastapi.responses import JSONResponse

from bot.localhub.oauth_records import OAuthApp, app_of
from bot.localhub.state import Hub


class TokenError(Exception):
    """A refusal in the words of RFC 6749 and RFC 8628."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.answer = {"error": error, "error_description": description}
        self.status = status

    def as_json(self) -> JSONResponse:
        headers = {"Cache-Control": "no-store"}
        if self.status == 401:
            headers["WWW-Authenticate"] = "Basic"
        return JSONResponse(self.answer, self.status, headers=headers)


def authenticated_app(hub: Hub, request: Request, client_id: str, secret: str) -> OAuthApp:
    """The app, if its secret is right; a public app has none. Raises TokenError."""
    client_id, secret = _credentials(request) or (client_id, secret)
    app = app_of(hub, client_id)
    if app is None or not hmac.compare_digest(app.client_secret.encode(), secret.encode()):
        raise TokenError("invalid_client", "Unknown client_id or wrong client_secret", 401)
    return app


def _credentials(request: Request) -> tuple[str, str] | None:
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        client_id, _, secret = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return unquote_plus(client_id), unquote_plus(secret)
