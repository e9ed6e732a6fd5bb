"""Discussions, as the real client opens, reads and changes them."""

import pytest
from huggingface_hub import DiscussionComment
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError

from tests.harness.local_hub import LocalHub


def opened(hub: LocalHub, model: str, text: str = "first words") -> int:
    return hub.api("bob").create_discussion(model, "A question", description=text).num


def comment_in(hub: LocalHub, model: str, num: int, position: int = -1) -> DiscussionComment:
    comment = hub.api().get_discussion_details(model, num).events[position]
    assert isinstance(comment, DiscussionComment)
    return comment


def test_a_discussion_begins_with_its_text(hub: LocalHub, model: str) -> None:
    discussion = hub.api("bob").create_discussion(model, "A question", description="Does it **work**?")

    first = comment_in(hub, model, discussion.num)
    assert (discussion.title, discussion.author, discussion.status) == ("A question", "bob", "open")
    assert (first.content, first.author, first.edited, first.hidden) == (
        "Does it **work**?",
        "bob",
        False,
        False,
    )
    assert first.rendered.strip() == "<p>Does it <strong>work</strong>?</p>"


def test_comments_follow_in_order_from_anyone(hub: LocalHub, model: str) -> None:
    num = opened(hub, model)
    answer = hub.api("alice").comment_discussion(model, num, "an answer")
    hub.api("bob").comment_discussion(model, num, "thanks")

    events = hub.api().get_discussion_details(model, num).events
    assert [comment.content for comment in events] == ["first words", "an answer", "thanks"]  # type: ignore[attr-defined]  # comments
    assert events[1].id == answer.id


def test_markup_in_a_comment_stays_text(hub: LocalHub, model: str) -> None:
    num = opened(hub, model, "<script>alert(1)</script> [x](javascript:alert(1))")

    rendered = comment_in(hub, model, num).rendered
    assert "<script>" not in rendered
    assert "href" not in rendered


def test_an_edit_keeps_what_was_and_who_did_it(hub: LocalHub, model: str) -> None:
    num = opened(hub, model, "first words")
    first = comment_in(hub, model, num)
    hub.api("bob").edit_discussion_comment(model, num, first.id, "better words")
    edited = hub.api("alice").edit_discussion_comment(model, num, first.id, "the owner's words")

    assert (edited.content, edited.author, edited.last_edited_by) == ("the owner's words", "bob", "alice")
    assert edited.edited
    assert [version["raw"] for version in edited.edit_history] == ["first words", "better words"]
    assert comment_in(hub, model, num).content == "the owner's words"


def test_others_cannot_change_a_comment(hub: LocalHub, model: str) -> None:
    num = hub.api("alice").create_discussion(model, "Mine", description="mine").num
    comment = comment_in(hub, model, num)

    with pytest.raises(HfHubHTTPError) as edit:
        hub.api("bob").edit_discussion_comment(model, num, comment.id, "not mine")
    with pytest.raises(HfHubHTTPError) as hide, pytest.warns(UserWarning, match="irreversible"):
        hub.api("bob").hide_discussion_comment(model, num, comment.id)
    assert (edit.value.response.status_code, hide.value.response.status_code) == (403, 403)
    assert comment_in(hub, model, num).content == "mine"


def test_a_hidden_comment_shows_nothing_of_its_text(hub: LocalHub, model: str) -> None:
    num = opened(hub, model, "a secret")
    comment = comment_in(hub, model, num)
    hub.api("bob").edit_discussion_comment(model, num, comment.id, "still a secret")
    with pytest.warns(UserWarning, match="irreversible"):
        hub.api("bob").hide_discussion_comment(model, num, comment.id)

    hidden = comment_in(hub, model, num)
    assert hidden.hidden
    assert "secret" not in str(hidden)
    with pytest.raises(HfHubHTTPError, match="cannot be edited"):
        hub.api("bob").edit_discussion_comment(model, num, comment.id, "again")


def test_a_discussion_is_renamed_closed_and_opened_again(hub: LocalHub, model: str) -> None:
    num = opened(hub, model)
    hub.api("bob").rename_discussion(model, num, "Better title")
    hub.api("alice").change_discussion_status(model, num, "closed", comment="done")

    details = hub.api().get_discussion_details(model, num)
    assert (details.title, details.status) == ("Better title", "closed")
    assert [event.type for event in details.events] == ["comment", "title-change", "status-change", "comment"]
    hub.api("alice").change_discussion_status(model, num, "open")
    assert hub.api().get_discussion_details(model, num).status == "open"


def test_discussions_are_listed_in_pages_and_filtered(hub: LocalHub, model: str) -> None:
    for number in range(12):
        hub.api("bob").create_discussion(model, f"Number {number}")
    hub.api("alice").create_discussion(model, "From alice")
    hub.api("bob").change_discussion_status(model, 1, "closed")

    def listed(**filters: str) -> list[int]:
        return [discussion.num for discussion in hub.api().get_repo_discussions(model, **filters)]  # type: ignore[arg-type]  # mixed filters

    assert listed() == list(range(13, 0, -1))
    assert listed(author="alice") == [13]
    assert listed(discussion_status="closed") == [1]
    assert listed(discussion_type="pull_request") == []


@pytest.mark.parametrize(
    ("title", "text", "reason"),
    [("x", "text", "3 to 200"), ("y" * 201, "text", "3 to 200"), ("A title", "z" * 65_537, "at most 65536")],
)
def test_what_is_too_short_or_too_long_is_refused(
    hub: LocalHub, model: str, title: str, text: str, reason: str
) -> None:
    with pytest.raises(HfHubHTTPError, match=reason):
        hub.api("bob").create_discussion(model, title, description=text)


def test_talk_on_a_private_repo_is_private(hub: LocalHub, model: str) -> None:
    num = opened(hub, model)
    hub.api("alice").update_repo_settings(model, private=True)

    with pytest.raises(RepositoryNotFoundError):
        hub.api("bob").get_discussion_details(model, num)
    with pytest.raises(HfHubHTTPError):
        hub.api("bob").comment_discussion(model, num, "hello?")
    with pytest.raises(HfHubHTTPError) as refused:
        hub.api().comment_discussion(model, num, "hello?")
    assert refused.value.response.status_code == 401
