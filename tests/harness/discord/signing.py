"""Ed25519 over timestamp and body, as Discord signs what it posts to an endpoint."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


class Signer:
    def __init__(self) -> None:
        self._key = Ed25519PrivateKey.generate()

    @property
    def public_key(self) -> str:
        """Hex, as the developer portal shows it."""
        return self._key.public_key().public_bytes_raw().hex()

    def headers(self, body: bytes, timestamp: float) -> dict[str, str]:
        """`timestamp` is in seconds since 1970 and part of what is signed."""
        stamp = str(int(timestamp))
        return {
            "X-Signature-Ed25519": self._key.sign(stamp.encode() + body).hex(),
            "X-Signature-Timestamp": stamp,
            "Content-Type": "application/json",
            "User-Agent": "Discord-Interactions/1.0 (+https://discord.com)",
        }
