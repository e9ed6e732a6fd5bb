"""No secret leaves, encoded or not, and plain words stay as they are."""

import base64
import json
from urllib.parse import quote

import pytest

from worker.redact import MARK, Redactor

OWN = "hunter2+is/my=token"

LEAKS = {
    # Made up, each in the shape of the real thing.
    "Hugging Face": "token hf_" + "AbCdEfGh" * 4 + " was used",
    "Hugging Face OAuth": "hf_oauth_eyJhbGciOi.something-long_enough",
    # pragma: allowlist nextline secret
    "JSON Web Token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N",
    "bearer header": "Authorization: Bearer abc.def-ghi",
    "bearer in JSON": '{"authorization": "bearer abcdef"}',
    "OpenAI": "sk-proj-abcdefghij0123456789",
    "Anthropic": "sk-ant-api03-abcdefghij0123456789",
    "GitHub": "ghp_abcdefghijklmnopqrst0123456789",
    "AWS": "AKIAABCDEFGHIJKLMNOP",  # pragma: allowlist secret
    "Google": "AIza" + "b" * 35,
    "Slack": "xoxb-1234567890-abcdef",  # pragma: allowlist secret
    "Discord": "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWsAAAA",  # pragma: allowlist secret
    "query": "GET /api?access_token=abcdef&x=1",
    "address": "https://alice:swordfish@example.org/x",
    # pragma: allowlist nextline secret
    "private key": "-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc\n-----END RSA PRIVATE KEY-----",
    "cut private key": "-----BEGIN PRIVATE KEY-----\nMIIEabc",  # pragma: allowlist secret
}

HARMLESS = (
    "from huggingface_hub import hf_hub_download",
    "def hf_request_event_hook(request): ...",
    "The bearer of good news.",
    "https://huggingface.co/alice/model?tab=files",
    "MODEL = json.loads(text)",
    "task-classification sk-learn",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
)


@pytest.mark.parametrize("text", LEAKS.values(), ids=LEAKS)
def test_what_looks_like_a_secret_is_taken_out(text: str) -> None:
    redacted = Redactor().text(text)

    assert MARK in redacted
    for word in ("AbCdEfGh", "swordfish", "abcdef", "MIIE", "abc.def", "ZnCjm1XVW7vRze4b7Cq4se7kKWs", "eyJ"):
        assert word not in redacted


@pytest.mark.parametrize("text", HARMLESS)
def test_plain_texts_are_left_alone(text: str) -> None:
    assert Redactor(["hf_" + "x" * 34]).text(text) == text


@pytest.mark.parametrize("before", ["", "a", "ab", "alice:"])
@pytest.mark.parametrize("after", ["", "x", "xy", "xyz"])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_the_runs_own_secret_is_found_inside_base64(before: str, after: str, encode: object) -> None:
    assert callable(encode)
    encoded = encode(f"{before}{OWN}{after}".encode()).decode()

    redacted = Redactor([OWN]).text(f"Basic {encoded} end")

    assert MARK in redacted
    assert "hunter" not in _decoded_leftovers(redacted)


@pytest.mark.parametrize("text", [OWN, f"?x={quote(OWN, safe='')}", OWN.encode().hex(), f"a{OWN}b{OWN}c"])
def test_the_runs_own_secret_is_taken_out_in_every_form(text: str) -> None:
    redacted = Redactor([OWN]).text(text)

    assert MARK in redacted
    assert "hunter2" not in redacted
    assert OWN.encode().hex() not in redacted


@pytest.mark.parametrize("text", [*LEAKS.values(), OWN, *HARMLESS])
def test_redacting_twice_changes_nothing(text: str) -> None:
    redactor = Redactor([OWN])
    once = redactor.text(text)

    assert redactor.text(once) == once
    assert not redactor.has_secret(once)


def test_of_two_secrets_where_one_holds_the_other_nothing_remains() -> None:
    redactor = Redactor(["secret-key", "secret-key-longer"])

    assert redactor.text("secret-key-longer") == MARK


def test_half_a_character_does_not_break_what_is_written() -> None:
    assert Redactor([OWN]).text("a\ud800b").encode() == b"a?b"


def test_an_empty_secret_does_not_swallow_the_text() -> None:
    assert Redactor(["", "a"]).text("a banana") == "a banana"


def test_a_json_value_is_redacted_with_its_keys_and_stays_json() -> None:
    value = {OWN: [OWN, {"deep": f"x{OWN}"}], "n": 1.5, "none": None, "yes": True}

    redacted = Redactor([OWN]).value(value)

    assert redacted == {MARK: [MARK, {"deep": f"x{MARK}"}], "n": 1.5, "none": None, "yes": True}
    assert OWN not in json.dumps(redacted)


def _decoded_leftovers(text: str) -> str:
    """What the pieces around the mark decode to, at every offset."""
    pieces = text.removeprefix("Basic ").removesuffix(" end").split(MARK)
    decoded = ""
    for piece in pieces:
        for offset in range(4):
            part = piece[offset : offset + (len(piece) - offset) // 4 * 4]
            decoded += base64.urlsafe_b64decode(part.replace("+", "-").replace("/", "_")).decode("latin-1")
    return decoded
