"""Secrets of every kind we know, made up: none of them may ever be seen again."""

SECRETS = (
    "hf_" + "cAnArY" * 5 + "abcd",
    "hf_oauth_" + "canary_0123456789",
    "hf_jwt_" + "canary.0123456789",
    "eyJhbGciOiJIUzI1NiJ9." + "eyJjYW5hcnkiOiIxIn0" + ".c2lnbmF0dXJlLWNhbmFyeQ",
    "MTk4NjIyNDgzNDcxOTI1MjQ4" + ".Cl2FMQ." + "ZnCjm1XVW7vRze4b7Cq4se7kKWs",
    "Bearer " + "canary0123456789canary",
    "sk-" + "ant-canary0123456789canary",
    "ghp_" + "canary0123456789canary01",
    "AKIA" + "CANARY0123456789",
    "webhooks/123456789012345678/" + "canary-token-of-an-interaction-0123456789",
)
"""In two parts, so that no scanner takes this file for a leak."""


def tails() -> list[str]:
    """The part of each that must not be seen; its prefix may."""
    return [secret.removeprefix("Bearer ")[-14:] for secret in SECRETS]
