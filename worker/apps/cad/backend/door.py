"""Who may call the backend, how often, and how much they may send."""

import hmac

from fastapi import HTTPException, Request

from backend.configuration import Configuration
from parts.callers import Rates, address_of
from parts.settings import ALTOGETHER, PER_CALLER

LARGEST_BODY = 16 * 1024


class Door:
    """Without a key of its own the backend answers nobody."""

    def __init__(self, config: Configuration) -> None:
        self._key = config.key
        self._proxies = config.settings.proxies
        self._rates = Rates(("address", PER_CALLER), ("key", ALTOGETHER))

    def admit(self, request: Request) -> None:
        """503 while there is no key here, 401 without it there."""
        if not self._key:
            raise HTTPException(503, "NATURALCAD_API_KEY is not set here, so that nobody may ask.")
        given = request.headers.get("x-api-key", "")
        if not hmac.compare_digest(given.encode(), self._key.encode()):
            raise HTTPException(401, "Send the backend's key as x-api-key.")

    async def body(self, request: Request) -> bytes:
        """What an admitted caller has sent: counted, and no more than is needed. 413, 429."""
        self.admit(request)
        peer = request.client.host if request.client else None
        forwarded = request.headers.getlist("x-forwarded-for")
        self._rates.count(address=address_of(peer, forwarded, self._proxies), key="the key")
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST_BODY:
                raise HTTPException(413, f"A call may have {LARGEST_BODY} bytes.")
        return body
