"""Short-lived passes that the Hub signs itself: whoever shows one may do what stands in it."""

import base64
import binascii
import hashlib
import hmac
import secrets
import time
from typing import TypeVar

from pydantic import BaseModel, ConfigDict

from bot.localhub.errors import HubError
from bot.localhub.state import Hub, Record


class Pass(BaseModel):
    """Base of all passes. `expires` is Unix time in seconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    expires: int


P = TypeVar("P", bound=Pass)


class PassKey(Record):
    """Made once for a folder of data; passes outlive a restart."""

    value: str


def expiry(seconds: int) -> int:
    return int(time.time()) + seconds


def sign(hub: Hub, granted: Pass) -> str:
    body = f"{type(granted).__name__}:{granted.model_dump_json()}".encode()
    return f"{_text(body)}.{_text(_signature(hub, body))}"


def read(hub: Hub, kind: type[P], shown: str) -> P:
    """The pass behind the text; 401 if it is forged, of another kind or out of date."""
    refusal = HubError(401, "This pass is not valid here, or it has expired. Ask the Hub for a new one")
    body_text, _, signature = shown.partition(".")
    try:
        body, given = _bytes(body_text), _bytes(signature)
    except (binascii.Error, UnicodeEncodeError):
        raise refusal from None
    name, _, content = body.partition(b":")
    if not hmac.compare_digest(given, _signature(hub, body)) or name != kind.__name__.encode():
        raise refusal
    granted = kind.model_validate_json(content)
    if granted.expires < time.time():
        raise refusal
    return granted


def store_id(hub: Hub) -> str:
    """Names this folder of data in addresses: 16 hex digits, other ones for every new folder."""
    renewed = hub.all(PassKey).get("store")
    value = renewed.value if renewed is not None else _key(hub)
    return hashlib.sha256(f"store {value}".encode()).hexdigest()[:16]


def renew_store(hub: Hub) -> None:
    """Give the store another name, as if it were new."""
    hub.all(PassKey).put("store", PassKey(value=secrets.token_hex(32)))


def _key(hub: Hub) -> str:
    with hub.lock:
        keys = hub.all(PassKey)
        found = keys.get("passes") or keys.put("passes", PassKey(value=secrets.token_hex(32)))
    return found.value


def _signature(hub: Hub, body: bytes) -> bytes:
    return hmac.digest(_key(hub).encode(), body, "sha256")


def _text(body: bytes) -> str:
    return base64.urlsafe_b64encode(body).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
