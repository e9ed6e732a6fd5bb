"""What people do in discussions: open, comment, edit, hide, close, rename. API and pages call these."""

import secrets
from collections.abc import Callable

from bot.localhub import webhook_events
from bot.localhub.accounts import User
from bot.localhub.discussion_records import Discussion, Event, EventType, Version
from bot.localhub.errors import HubError, forbidden
from bot.localhub.repos import Repo
from bot.localhub.state import Hub, now

__all__ = [
    "Discussion",
    "add_comment",
    "append",
    "change_status",
    "checked_length",
    "discussion_of",
    "discussions_of",
    "edit_comment",
    "hide_comment",
    "new_comment",
    "new_discussion",
    "new_event",
    "open_discussion",
    "rename",
]

MAX_TEXT = 65_536
"""Longest comment, in characters."""
SHORTEST_TITLE, LONGEST_TITLE = 3, 200


def discussions_of(hub: Hub, repo: Repo) -> list[Discussion]:
    """All discussions of the repo, newest first."""
    found = [discussion for discussion in hub.all(Discussion) if discussion.repo == repo.repo_id_hex]
    return sorted(found, key=lambda discussion: discussion.num, reverse=True)


def discussion_of(hub: Hub, repo: Repo, num: int) -> Discussion:
    found = hub.all(Discussion).get(f"{repo.repo_id_hex}/{num}")
    if found is None:
        raise HubError(404, "Discussion not found")
    return found


def open_discussion(hub: Hub, repo: Repo, author: User, title: str, text: str) -> Discussion:
    title = _checked_title(title)
    first = new_comment(author, _checked_text(text))
    with hub.lock:
        discussion = new_discussion(hub, repo, author, title, first)
        hub.all(Discussion).put(discussion.key, discussion)
    webhook_events.discussion_opened(hub, repo, discussion)
    return discussion


def new_discussion(hub: Hub, repo: Repo, author: User, title: str, first: Event) -> Discussion:
    """The next discussion of the repo, not stored yet: call and store it under the lock."""
    return Discussion(
        id=secrets.token_hex(12),
        repo=repo.repo_id_hex,
        num=len(discussions_of(hub, repo)) + 1,
        title=_checked_title(title),
        author=author.name,
        author_id=author.id,
        created_at=now(),
        events=(first,),
    )


def add_comment(hub: Hub, repo: Repo, discussion: Discussion, author: User, text: str) -> Event:
    comment = new_comment(author, _checked_text(text))
    discussion = append(hub, discussion, comment)
    webhook_events.comment_changed(hub, repo, discussion, comment, "create")
    return comment


def edit_comment(
    hub: Hub, repo: Repo, discussion: Discussion, comment_id: str, editor: User, text: str
) -> Event:
    """Give the comment a new text; the old one stays readable. For its author and the repo's writers."""
    version = Version(text=_checked_text(text), author=editor.name, at=now())

    def edited(comment: Event) -> Event:
        if comment.hidden:
            raise forbidden("A hidden comment cannot be edited")
        return comment.model_copy(update={"versions": (*comment.versions, version)})

    return _change_comment(hub, repo, discussion, comment_id, editor, edited)


def hide_comment(hub: Hub, repo: Repo, discussion: Discussion, comment_id: str, by: User) -> Event:
    """Hide the comment's text from everyone, for good."""
    return _change_comment(
        hub, repo, discussion, comment_id, by, lambda comment: comment.model_copy(update={"hidden": True})
    )


def change_status(hub: Hub, repo: Repo, discussion: Discussion, by: User, status: str) -> Event:
    """Open or close the discussion; opening ends the draft of a pull request."""
    if status not in {"open", "closed"}:
        raise HubError(400, f"The status of a discussion is open or closed, not {status[:50]!r}")
    if discussion.status == "merged":
        raise HubError(400, "A merged pull request stays merged")
    if status == discussion.status:
        raise HubError(400, f"The discussion is already {status}")
    _check_may_change(hub, repo, discussion.author, by)
    event = new_event(by, EventType.STATUS_CHANGE, {"status": status})
    webhook_events.discussion_updated(hub, repo, append(hub, discussion, event, status=status))
    return event


def rename(hub: Hub, repo: Repo, discussion: Discussion, by: User, title: str) -> Event:
    title = _checked_title(title)
    _check_may_change(hub, repo, discussion.author, by)
    event = new_event(by, EventType.TITLE_CHANGE, {"from": discussion.title, "to": title})
    webhook_events.discussion_updated(hub, repo, append(hub, discussion, event, title=title))
    return event


def _change_comment(
    hub: Hub, repo: Repo, discussion: Discussion, comment_id: str, by: User, change: Callable[[Event], Event]
) -> Event:
    with hub.lock:
        discussion = hub.all(Discussion).get(discussion.key) or discussion
        comment = _find_comment(discussion, comment_id)
        _check_may_change(hub, repo, comment.author, by)
        changed = change(comment)
        events = tuple(changed if event.id == comment_id else event for event in discussion.events)
        discussion = _put(hub, discussion.model_copy(update={"events": events}))
    webhook_events.comment_changed(hub, repo, discussion, changed, "update")
    return changed


def append(hub: Hub, discussion: Discussion, event: Event, **fields: str) -> Discussion:
    with hub.lock:
        discussion = hub.all(Discussion).get(discussion.key) or discussion
        return _put(hub, discussion.model_copy(update={"events": (*discussion.events, event), **fields}))


def _put(hub: Hub, discussion: Discussion) -> Discussion:
    return hub.all(Discussion).put(discussion.key, discussion)


def _find_comment(discussion: Discussion, comment_id: str) -> Event:
    for event in discussion.events:
        if event.id == comment_id and event.type is EventType.COMMENT:
            return event
    raise HubError(404, "Comment not found")


def _check_may_change(hub: Hub, repo: Repo, author: str, by: User) -> None:
    """What someone wrote, they may change; so may the repo's owner and the members of the organisation."""
    owner = hub.all(User).get(repo.owner)
    members = owner.members if owner is not None else ()
    if by.name not in {author, repo.owner, *members}:
        raise forbidden("Only its author and those who may write to this repo can change this")


def new_event(author: User, kind: EventType, data: dict[str, str] | None = None) -> Event:
    return Event(
        id=secrets.token_hex(12),
        type=kind,
        author=author.name,
        author_id=author.id,
        created_at=now(),
        data=data or {},
    )


def new_comment(author: User, text: str) -> Event:
    event = new_event(author, EventType.COMMENT)
    version = Version(text=text, author=author.name, at=event.created_at)
    return event.model_copy(update={"versions": (version,)})


def _checked_text(text: str) -> str:
    if not text.strip():
        raise HubError(400, "A comment needs some text")
    return checked_length(text)


def checked_length(text: str) -> str:
    if len(text) > MAX_TEXT:
        raise HubError(400, f"A comment holds at most {MAX_TEXT} characters; this one has {len(text)}")
    return text


def _checked_title(title: str) -> str:
    if not SHORTEST_TITLE <= len(title.strip()) <= LONGEST_TITLE:
        raise HubError(400, f"A title needs {SHORTEST_TITLE} to {LONGEST_TITLE} characters")
    return title.strip()
