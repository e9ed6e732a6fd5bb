"""Discussions as stored, and as the API shows them."""

from enum import StrEnum

from markdown_it import MarkdownIt
from pydantic import BaseModel, ConfigDict, Field

from bot.localhub.repos import Repo
from bot.localhub.state import Record

HIDDEN_TEXT = "This comment has been hidden"
_markdown = MarkdownIt("js-default", {"linkify": False})


class EventType(StrEnum):
    COMMENT = "comment"
    STATUS_CHANGE = "status-change"
    TITLE_CHANGE = "title-change"
    COMMIT = "commit"


class Version(BaseModel):
    """A comment's text at one time. The last version is the current one."""

    model_config = ConfigDict(frozen=True)

    text: str
    author: str
    """Name of who wrote this version; not always who wrote the comment."""
    at: str


class Event(Record):
    """What happened in a discussion: `versions` and `hidden` are for comments, `data` for the rest."""

    id: str
    type: EventType
    author: str
    author_id: str
    created_at: str
    versions: tuple[Version, ...] = ()
    hidden: bool = False
    data: dict[str, str] = Field(default_factory=dict)

    @property
    def text(self) -> str:
        return self.versions[-1].text

    @property
    def edited(self) -> bool:
        return len(self.versions) > 1


class Discussion(Record):
    """A discussion on a repo, stored under `<repo_id_hex>/<num>`. The first event is its opening comment.

    A pull request is a discussion with a `base`: the full ref of the branch that it wants to change. Its
    commits are on `ref`, which began at the commit `fork`.
    """

    id: str
    repo: str
    """`repo_id_hex` of its repo."""
    num: int
    title: str
    status: str = "open"
    author: str
    author_id: str
    created_at: str
    events: tuple[Event, ...] = ()
    base: str | None = None
    fork: str | None = None
    merged_as: str | None = None
    """The commit on the base that brought the changes in."""

    @property
    def is_pull_request(self) -> bool:
        return self.base is not None

    @property
    def ref(self) -> str:
        return f"refs/pr/{self.num}"

    @property
    def key(self) -> str:
        return f"{self.repo}/{self.num}"


def discussion_url(discussion: Discussion) -> str:
    """Relative to the repo's own address."""
    return f"/discussions/{discussion.num}"


def render(text: str) -> str:
    """Markdown as HTML; HTML in the text stays text."""
    return str(_markdown.render(text))


def author_json(name: str, user_id: str) -> dict[str, object]:
    return {
        "_id": user_id,
        "name": name,
        "fullname": name,
        "type": "user",
        "avatarUrl": "/avatars/none.svg",
        "isHf": False,
        "isPro": False,
    }


def discussion_json(repo: Repo, discussion: Discussion) -> dict[str, object]:
    return {
        "_id": discussion.id,
        "num": discussion.num,
        "title": discussion.title,
        "status": discussion.status,
        "isPullRequest": discussion.is_pull_request,
        "createdAt": discussion.created_at,
        "author": author_json(discussion.author, discussion.author_id),
        "repo": {"name": repo.id, "type": repo.kind.value},
        "numComments": sum(event.type is EventType.COMMENT for event in discussion.events),
        "pinned": False,
        "locked": False,
    }


def changes_json(discussion: Discussion) -> dict[str, object]:
    """What a pull request is about, and what became of it."""
    changes: dict[str, object] = {"base": discussion.base}
    if discussion.merged_as is not None:
        changes["mergeCommitId"] = discussion.merged_as
    return changes


def event_json(event: Event) -> dict[str, object]:
    return {
        "id": event.id,
        "type": event.type.value,
        "createdAt": event.created_at,
        "author": author_json(event.author, event.author_id),
        "data": _comment_data(event) if event.type is EventType.COMMENT else event.data,
    }


def _comment_data(comment: Event) -> dict[str, object]:
    if comment.hidden:
        blank = comment.versions[-1].model_copy(update={"text": HIDDEN_TEXT})
        return {
            "edited": comment.edited,
            "hidden": True,
            "numEdits": 0,
            "latest": _version(blank),
            "history": [],
        }
    return {
        "edited": comment.edited,
        "hidden": False,
        "numEdits": len(comment.versions) - 1,
        "latest": _version(comment.versions[-1]),
        "history": [_version(version) for version in comment.versions[:-1]],
    }


def _version(version: Version) -> dict[str, object]:
    return {
        "raw": version.text,
        "html": render(version.text),
        "updatedAt": version.at,
        "author": {"name": version.author},
    }
