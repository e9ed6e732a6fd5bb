"""Deliveries as the Hub documents them, and what each means to us."""

import json
from pathlib import Path

import pytest

from bot.domain.events import CommentPosted, Ignored
from bot.hub.payloads import UnreadablePayload, read_payload

BOT_ID = "f" * 24
DELIVERIES = Path(__file__).parents[1] / "data" / "deliveries"


def read(name: str) -> CommentPosted | Ignored:
    return read_payload((DELIVERIES / f"{name}.json").read_bytes(), "space-factory", BOT_ID)


def test_a_comment_that_mentions_us() -> None:
    assert read("comment_created") == CommentPosted(
        repo="alice/model-x",
        num=19,
        comment_id="6399f58518721fdd27fc9caa",
        author_id="61d2f90c3c2083e1c08af22d",
    )


def test_the_opening_text_of_a_discussion_counts_as_a_comment() -> None:
    assert isinstance(read("discussion_opened"), CommentPosted)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("comment_hidden", "the comment is hidden"),
        ("content_updated", "nothing to do for repo.content"),
        ("config_updated", "nothing to do for repo.config"),
        ("bucket_updated", "nothing to do for repo.content"),
        ("narrower_scope", "nothing to do for repo.config.dois"),
    ],
)
def test_the_rest_is_ignored_with_its_reason(name: str, reason: str) -> None:
    assert read(name) == Ignored(reason)


def test_our_own_words_are_not_read() -> None:
    body = json.loads((DELIVERIES / "comment_created.json").read_text())
    body["comment"]["author"]["id"] = BOT_ID

    assert read_payload(json.dumps(body).encode(), "space-factory", BOT_ID) == Ignored("our own comment")


def test_a_delivery_is_known_by_its_comment_and_not_by_its_webhook() -> None:
    event = read("comment_created")

    assert isinstance(event, CommentPosted)
    assert event.key == "comment:6399f58518721fdd27fc9caa"


def test_what_cannot_be_read_says_where_and_not_what() -> None:
    with pytest.raises(UnreadablePayload) as error:
        read_payload(b'{"event": {"action": "create", "scope": ["secret"]}}', "space-factory", BOT_ID)

    assert str(error.value) == "event.scope: string_type"
