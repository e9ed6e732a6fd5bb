"""What happened to a repo or in a discussion, told to every webhook that watches it."""

from collections.abc import Mapping
from typing import Literal

from bot.localhub import deliveries, webhook_limits
from bot.localhub.accounts import User
from bot.localhub.discussion_records import Discussion, Event, changes_json, discussion_url
from bot.localhub.repos import Repo, RepoKind, api_url, web_url
from bot.localhub.space_records import subdomain
from bot.localhub.state import Hub
from bot.localhub.webhook_records import WatchedItem, Webhook, watches

Action = Literal["create", "update", "delete", "move"]


def repo_created(hub: Hub, repo: Repo) -> None:
    _fire(hub, repo, "create", "repo", _repo_part(hub, repo))


def repo_deleted(hub: Hub, repo: Repo) -> None:
    _fire(hub, repo, "delete", "repo", _repo_part(hub, repo))


def repo_moved(hub: Hub, old: Repo, new: Repo) -> None:
    """Told with the old name; `movedTo` has the new one."""
    to = {"name": new.id, "owner": {"id": _owner_id(hub, new)}}
    _fire(hub, old, "move", "repo", {**_repo_part(hub, old), "movedTo": to})


def config_updated(hub: Hub, repo: Repo, config: Mapping[str, object]) -> None:
    _fire(hub, repo, "update", "repo.config", {**_repo_part(hub, repo), "updatedConfig": dict(config)})


def content_updated(hub: Hub, repo: Repo, ref: str, old: str | None, new: str | None) -> None:
    """A ref was made (`old` is None), moved, or deleted (`new` is None)."""
    refs = [{"ref": ref, "oldSha": old, "newSha": new}]
    _fire(hub, repo, "update", "repo.content", {**_repo_part(hub, repo), "updatedRefs": refs})


def discussion_opened(hub: Hub, repo: Repo, discussion: Discussion) -> None:
    first = _comment_part(hub, repo, discussion, discussion.events[0])
    _fire(hub, repo, "create", "discussion", {**_discussion_part(hub, repo, discussion), **first})


def discussion_updated(hub: Hub, repo: Repo, discussion: Discussion) -> None:
    _fire(hub, repo, "update", "discussion", _discussion_part(hub, repo, discussion))


def comment_changed(
    hub: Hub, repo: Repo, discussion: Discussion, comment: Event, action: Literal["create", "update"]
) -> None:
    part = _discussion_part(hub, repo, discussion)
    part |= _comment_part(hub, repo, discussion, comment)
    _fire(hub, repo, action, "discussion.comment", part)


def _fire(hub: Hub, repo: Repo, action: Action, scope: str, part: Mapping[str, object]) -> None:
    fire(hub, WatchedItem(type=repo.kind.value, name=repo.id), repo.private, action, scope, part)


def fire(
    hub: Hub, item: WatchedItem, private: bool, action: Action, scope: str, part: Mapping[str, object]
) -> None:
    """Hand the event to every webhook that watches this repo or bucket."""
    for webhook in hub.all(Webhook):
        if watches(hub, webhook, item, private, scope) and webhook_limits.count_event(hub, webhook):
            event = {"event": {"action": action, "scope": scope}}
            deliveries.send(hub, webhook, {**event, **part, "webhook": {"id": webhook.id, "version": 3}})


def _repo_part(hub: Hub, repo: Repo) -> dict[str, object]:
    part = _plain_repo_part(hub, repo)
    part["headSha"] = repo.head
    return {"repo": part}


def _plain_repo_part(hub: Hub, repo: Repo) -> dict[str, object]:
    part: dict[str, object] = {
        "type": repo.kind.value,
        "name": repo.id,
        "id": repo.repo_id_hex,
        "private": repo.private,
        "url": {"web": web_url(hub, repo), "api": api_url(hub, repo)},
        "owner": {"id": _owner_id(hub, repo)},
    }
    if repo.kind is RepoKind.SPACE:
        part["subdomain"] = subdomain(repo)
    return part


def _discussion_part(hub: Hub, repo: Repo, discussion: Discussion) -> dict[str, object]:
    url = discussion_url(discussion)
    part: dict[str, object] = {
        "id": discussion.id,
        "title": discussion.title,
        "num": discussion.num,
        "status": discussion.status,
        "isPullRequest": discussion.is_pull_request,
        "author": {"id": discussion.author_id},
        "url": {"web": f"{web_url(hub, repo)}{url}", "api": f"{api_url(hub, repo)}{url}"},
    }
    if discussion.is_pull_request:
        part["changes"] = changes_json(discussion)
    return {"repo": _plain_repo_part(hub, repo), "discussion": part}


def _comment_part(hub: Hub, repo: Repo, discussion: Discussion, comment: Event) -> dict[str, object]:
    url = f"{web_url(hub, repo)}{discussion_url(discussion)}#{comment.id}"
    part: dict[str, object] = {
        "id": comment.id,
        "author": {"id": comment.author_id},
        "hidden": comment.hidden,
        "url": {"web": url},
    }
    if not comment.hidden:
        part["content"] = comment.text
    return {"comment": part}


def _owner_id(hub: Hub, repo: Repo) -> str:
    owner = hub.all(User).get(repo.owner)
    assert owner is not None
    return owner.id
