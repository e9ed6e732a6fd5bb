"""Seal and open secrets at rest: AES-256-GCM, with the owner's id as associated data.

A sealed secret begins with the first bytes of its key's hash, so keys rotate: the newest seals, all open.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NAME = 4
NONCE = 12


class KeyDropped(KeyError):
    """The key that sealed it is not among ours any more."""


class Vault:
    """`keys` are 32 bytes in base64, newest first."""

    def __init__(self, keys: Sequence[str]) -> None:
        raw = [base64.b64decode(key) for key in keys]
        self._keys = {hashlib.sha256(key).digest()[:NAME]: key for key in raw}
        self._newest = hashlib.sha256(raw[0]).digest()[:NAME]

    def seal(self, secret: str, owner: str) -> bytes:
        nonce = secrets.token_bytes(NONCE)
        sealed = AESGCM(self._keys[self._newest]).encrypt(nonce, secret.encode(), owner.encode())
        return self._newest + nonce + sealed

    def open(self, sealed: bytes, owner: str) -> str:
        """Raises KeyDropped, or InvalidTag if the secret is another owner's."""
        key = self._keys.get(sealed[:NAME])
        if key is None:
            raise KeyDropped
        nonce, body = sealed[NAME : NAME + NONCE], sealed[NAME + NONCE :]
        return AESGCM(key).decrypt(nonce, body, owner.encode()).decode()

    def is_newest(self, sealed: bytes) -> bool:
        """Whether the newest key sealed it; else it is to be sealed again before its key is dropped."""
        return sealed[:NAME] == self._newest

    def sign(self, text: str) -> str:
        """A key made for one purpose out of the newest key, such as a run's report key."""
        return _sign(self._keys[self._newest], text)

    def is_signature(self, text: str, signature: str, length: int = 64) -> bool:
        """Whether any of our keys made this signature, of which the first `length` characters are kept; takes
        the same time for every wrong one."""
        candidates = [_sign(key, text)[:length] for key in self._keys.values()]
        matches = [hmac.compare_digest(candidate.encode(), signature.encode()) for candidate in candidates]
        return any(matches)


def secret_hash(secret: str) -> str:
    """What is kept of a random secret that only has to be known again."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _sign(key: bytes, text: str) -> str:
    return hmac.digest(key, text.encode(), "sha256").hex()
