"""Finds out on a Hub what only it can tell: each probe makes what it needs, looks, and takes it away again.

What a probe raises about the Hub (`HubError`, `HubUnavailable`, `TokenGone`) is for its caller to tell.
"""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from huggingface_hub import DiscussionComment
from huggingface_hub.utils.tqdm import disable_progress_bars

from bot.domain.errors import HubError, HubUnavailable, TokenGone
from bot.domain.messages_live import Finding, Mark
from bot.hub.client import HubClient, hub_trouble
from bot.hub.oauth import OAuthApp, SignedIn, TokenPair

PREFIX = "space-factory-check-"
MARK = "space-factory-mark"
MENTIONED = "space-factory-mention"
WAITING = ["sleep", "120"]
JOB_SECONDS = 180
"""After which the Hub ends the Job, should nobody else."""
IN_MARKUP = re.compile(r"<!--.*?-->", re.DOTALL)
CONTENT = b"It was written here."


def clear(client: HubClient, name: str) -> list[str]:
    """Take away what a check has left in `name`'s account, such as one that was killed; what it was."""
    with hub_trouble():
        api = client.api
        models = [("model", each.id) for each in api.list_models(author=name, search=PREFIX)]
        spaces = [("space", each.id) for each in api.list_spaces(author=name, search=PREFIX)]
        buckets = [each.id for each in api.list_buckets(name, search=PREFIX)]
        left = [(kind, each) for kind, each in models + spaces if each.startswith(f"{name}/{PREFIX}")]
        for kind, each in left:
            api.delete_repo(each, repo_type=kind, missing_ok=True)
        for each in buckets:
            if each.startswith(f"{name}/{PREFIX}"):
                api.delete_bucket(each, missing_ok=True)
                left.append(("bucket", each))
    return [f"{kind} {each}" for kind, each in left]


def author_id(client: HubClient, name: str, signed_in: SignedIn) -> Finding:
    """Whether a comment's author has the id that their sign-in named."""
    if signed_in.name != name:
        return Finding(Mark.UNKNOWN, f"{signed_in.name} signed in, and HF_TOKEN is {name}'s", failed=True)
    with _repo(client, name, "model") as repo:
        found = str(_event(_said(client, repo, "Whose comment is this?")).get("author", {}).get("_id"))
    is_same = found == signed_in.user_id
    words = "they are the same" if is_same else f"the comment says {found}, the sign-in {signed_in.user_id}"
    return Finding(Mark.AS_EXPECTED if is_same else Mark.DIFFERENT, words)


def hidden_mark(client: HubClient, name: str) -> Finding:
    with _repo(client, name, "model") as repo:
        html = _html(_said(client, repo, f"Here is nothing more. <!-- {MARK} -->"))
    if html is None:
        return Finding(Mark.UNKNOWN, "the Hub does not say how it shows a comment")
    if MARK in IN_MARKUP.sub("", html):
        return Finding(Mark.DIFFERENT, "it can be read on the page")
    return Finding(Mark.AS_EXPECTED, "it can't be read on the page")


def mention(client: HubClient, name: str) -> Finding:
    with _repo(client, name, "model") as repo:
        said = _said(client, repo, "Here is nobody yet.")
        with hub_trouble():
            client.api.edit_discussion_comment(repo, 1, said.id, f"Here is @{name}.")
        html = _html(_comment(client, repo, said.id))
    if html is None:
        return Finding(Mark.UNKNOWN, "the Hub does not say how it shows a comment")
    if re.search(rf'href="[^"]*/{re.escape(name)}"', html):
        return Finding(Mark.AS_EXPECTED, "it links to the person; whether it notifies, only they see")
    return Finding(Mark.DIFFERENT, "it is shown as plain text")


def own_bucket(client: HubClient, name: str) -> Finding:
    """Whether this identity may make a private bucket, write a file there and read it back."""
    disable_progress_bars()
    bucket = f"{name}/{PREFIX}{secrets.token_hex(4)}"
    try:
        with hub_trouble():
            client.api.create_bucket(bucket, private=True)
            client.api.batch_bucket_files(bucket, add=[(CONTENT, "note.txt")])
            there = [each.path for each in client.api.list_bucket_tree(bucket)]
            is_private = client.api.bucket_info(bucket).private
    except HubError as refused:
        return _refused("a bucket", refused)
    finally:
        _take_away(client, "bucket", bucket)
    if there == ["note.txt"] and is_private:
        return Finding(Mark.AS_EXPECTED, "made, written and read")
    return Finding(Mark.DIFFERENT, f"it holds {there}" if is_private else "the bucket was made public")


def own_space(owner: HubClient, name: str, client: HubClient) -> Finding:
    """Each call on a private Space that the app has made. It may need its owner to delete it; whether the
    app may restart it is said only, because nothing here needs that."""
    may: dict[str, str] = {}
    try:
        with _repo(client, name, "space", owner) as space:
            api = client.api
            calls = {
                "set a secret": lambda: api.add_space_secret(space, "CHECK", "a value"),
                "set a variable": lambda: api.add_space_variable(space, "CHECK", "a value"),
                "read its state": lambda: api.get_space_runtime(space),
                "read its log": lambda: list(api.fetch_space_logs(space)),
                "restart it": lambda: api.restart_space(space),
            }
            may = {what: _tried(call) for what, call in calls.items()}
    except HubError as refused:
        return _refused("a private Gradio Space", refused)
    missing = [f"{what} ({why})" for what, why in may.items() if why and what != "restart it"]
    also = f"; restarting it: {may['restart it'] or 'allowed'} (not needed)"
    if missing:
        return Finding(Mark.DIFFERENT, f"it may not {', '.join(missing)}{also}")
    return Finding(Mark.AS_EXPECTED, f"made, set and read{also}")


def job_rights(client: HubClient, name: str) -> Finding:
    label = f"{PREFIX}{secrets.token_hex(4)}"
    api = client.api
    job_id = ""
    try:
        with hub_trouble():
            job_id = api.run_job(
                image="python:3.13-slim", command=WAITING, flavor="cpu-basic", timeout=JOB_SECONDS,
                labels={"check": label}, namespace=name,
            ).id  # fmt: skip
            found = [each.id for each in api.list_jobs(labels={"check": label}, namespace=name)]
            api.inspect_job(job_id=job_id, namespace=name)
            list(api.fetch_job_logs(job_id=job_id, namespace=name, tail=1))
    except HubError as refused:
        return _refused("a Job", refused)
    finally:
        if job_id:
            end = _tried(lambda: api.cancel_job(job_id=job_id, namespace=name))
    if found != [job_id]:
        return Finding(Mark.DIFFERENT, "it is not found by its label")
    if end:
        return Finding(Mark.DIFFERENT, f"it can't be cancelled ({end}); it ends after {JOB_SECONDS} s")
    return Finding(Mark.AS_EXPECTED, "started, found by its label, looked at, read and cancelled")


def refresh_token(app: OAuthApp, given: TokenPair) -> tuple[Finding, TokenPair]:
    """The second is what is valid from now on: renewing ends the token before."""
    if given.refresh is None:
        return Finding(Mark.DIFFERENT, "there is none"), given
    try:
        renewed = app.refresh(given.refresh, given.scopes)
    except TokenGone as refused:
        return Finding(Mark.DIFFERENT, f"there is one, and it is refused: {refused}"), given
    hours = renewed.seconds / 3600
    return Finding(Mark.AS_EXPECTED, f"there is one, and it works; access lasts {hours:g} hours"), renewed


def _refused(what: str, refused: HubError) -> Finding:
    return Finding(Mark.DIFFERENT, f"{what}: the Hub answered {refused.status}, {refused.message[:200]}")


def _tried(call: Any) -> str:
    """Why it is refused; empty where it is not."""
    try:
        with hub_trouble():
            call()
    except HubError as refused:
        return f"the Hub answered {refused.status}"
    return ""


@contextmanager
def _repo(client: HubClient, name: str, kind: str, owner: HubClient | None = None) -> Iterator[str]:
    """A private repo for a moment; `owner` takes it away where `client` may not."""
    repo = f"{name}/{PREFIX}{secrets.token_hex(4)}"
    try:
        with hub_trouble():
            sdk = "gradio" if kind == "space" else None
            client.api.create_repo(repo, repo_type=kind, private=True, space_sdk=sdk)
        yield repo
    finally:
        _take_away(owner or client, kind, repo)


def _take_away(client: HubClient, kind: str, name: str) -> None:
    """What can't be taken away now is found by the next check."""
    with suppress(HubError, HubUnavailable, TokenGone), hub_trouble():
        if kind == "bucket":
            client.api.delete_bucket(name, missing_ok=True)
        else:
            client.api.delete_repo(name, repo_type=kind, missing_ok=True)


def _said(client: HubClient, repo: str, text: str) -> DiscussionComment:
    """The first comment of a new discussion, as the Hub has it."""
    with hub_trouble():
        client.api.create_discussion(repo, "A check of Space Factory", description=text)
    return _comment(client, repo)


def _comment(client: HubClient, repo: str, comment_id: str = "") -> DiscussionComment:
    with hub_trouble():
        events = client.api.get_discussion_details(repo, 1).events
    found = [each for each in events if isinstance(each, DiscussionComment)]
    if not found:
        raise HubUnavailable("the Hub does not show the comment that it took")
    return next((each for each in found if each.id == comment_id), found[0])


def _event(comment: DiscussionComment) -> dict[str, Any]:
    return comment._event


def _html(comment: DiscussionComment) -> str | None:
    html = _event(comment).get("data", {}).get("latest", {}).get("html")
    return html if isinstance(html, str) else None
