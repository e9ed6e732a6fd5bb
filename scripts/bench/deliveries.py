"""Deliveries as the Hub sends them (and as GitHub does, for its peers), each with a comment of its own."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from scripts.bench.cheap_hub import comment_of, id_of
from scripts.bench.open_runs import person

WORDS = "Please report the scores as a table, thanks. " * 30
COMMANDS_AMONG_OTHERS = 20
COMMAND = "@space-factory build"


class Kind(StrEnum):
    """What the deliveries of a file are."""

    OTHERS = "nobody means us"
    MOSTLY_OTHERS = "one in twenty is a command"
    COMMANDS = "each is a command"
    BUILDS = "each is a command of somebody else's, who gets a run"
    GITHUB = "signed, as GitHub's are"


def write(file: Path, kind: Kind, many: int, secret: str) -> Path:
    """One delivery to a line, with its headers."""
    with file.open("w") as lines:
        lines.writelines(f"{json.dumps(each)}\n" for each in _deliveries(kind, many, secret))
    return file


def _deliveries(kind: Kind, many: int, secret: str) -> Iterator[dict[str, object]]:
    for number in range(many):
        body = json.dumps(_body(kind, number))
        headers = _signed(body, number, secret) if kind is Kind.GITHUB else {"x-webhook-secret": secret}
        yield {"headers": {"content-type": "application/json", **headers}, "body": body}


def _signed(body: str, number: int, secret: str) -> dict[str, str]:
    signature = hmac.new(secret.encode(), body.encode(), hashlib.sha256).hexdigest()
    return {
        "x-github-event": "issue_comment",
        "x-github-delivery": str(number),
        "x-hub-signature-256": f"sha256={signature}",
    }


def _body(kind: Kind, number: int) -> dict[str, object]:
    """Where nobody gets a run, the comment is gone by the time it is read again."""
    match kind:
        case Kind.BUILDS:
            model = f"models/{person(number)}"
            return _comment(model, comment_of(model), id_of(person(number)), COMMAND)
        case Kind.COMMANDS:
            text = COMMAND
        case Kind.MOSTLY_OTHERS if number % COMMANDS_AMONG_OTHERS == 0:
            text = COMMAND
        case _:
            text = "Well done!"
    return _comment("zoo/product-reviews-sentiment", secrets.token_hex(12), secrets.token_hex(12), text)


def _comment(model: str, comment: str, author: str, text: str) -> dict[str, object]:
    """`action` is GitHub's, which wants it there."""
    page, api = f"https://huggingface.co/{model}/discussions/1", f"https://huggingface.co/api/models/{model}"
    return {
        "action": "created",
        "event": {"action": "create", "scope": "discussion.comment"},
        "repo": {
            "type": "model",
            "name": model,
            "id": id_of(model),
            "private": False,
            "url": {"web": f"https://huggingface.co/{model}", "api": api},
            "tags": ["transformers", "safetensors", "text-classification", "license:apache-2.0"],
            "headSha": "6b3c1f0f8ad5c2f0f3a2b1c4d5e6f708192a3b4c",
            "owner": {"id": "61d2000c3c2083e1c08af22d"},
        },
        "discussion": {
            "id": "6399f58518721fdd27fc9ca9",
            "title": "A Space, please",
            "url": {"web": page, "api": f"{api}/discussions/1"},
            "status": "open",
            "author": {"id": author},
            "num": 1,
            "isPullRequest": False,
        },
        "comment": {
            "id": comment,
            "author": {"id": author},
            "content": f"{text}\n\n{WORDS}",
            "hidden": False,
            "url": {"web": f"{page}#{comment}"},
        },
        "webhook": {"id": "6390e855e30d9209411de93b", "version": 3},
    }
