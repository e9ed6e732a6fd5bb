"""Templates and the few filters they use. Everything is escaped; nothing in a page comes from elsewhere."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from bot.domain.answers import in_words
from bot.domain.markdown import duration
from bot.domain.models import RunState
from bot.domain.money import in_dollars
from bot.domain.pieces import pieces
from bot.domain.redact import redacted
from bot.web.browser import context_of, person_of

HERE = Path(__file__).parent
STATIC = HERE / "static"

STATE_WORDS = {
    RunState.WAITING_FOR_SIGN_IN: "waiting for sign-in",
    RunState.QUEUED: "starting",
    RunState.LAUNCHING: "starting",
    RunState.RUNNING: "building",
    RunState.SUCCEEDED: "ready",
    RunState.FAILED: "not built",
    RunState.ERRORED: "could not run",
    RunState.CANCELLED: "cancelled",
    RunState.SUPERSEDED: "replaced",
    RunState.EXPIRED: "expired",
}


def page(request: Request, template: str, values: Mapping[str, object], *, status: int = 200) -> HTMLResponse:
    """A whole page, with the visitor and the links every page shows."""
    ctx = context_of(request)
    shared = {
        "visitor": person_of(request),
        "links": ctx.links,
        "bot_name": ctx.bot_name,
        "here": request.url.path,
    }
    return HTMLResponse(_templates.get_template(template).render(shared | dict(values)), status)


def fragment(template: str, values: Mapping[str, object]) -> str:
    """A part of a page, for the live stream."""
    return _templates.get_template(template).render(values)


def message_page(request: Request, title: str, sentence: str, *, status: int) -> HTMLResponse:
    return page(request, "message.html", {"title": title, "sentence": sentence}, status=status)


class ShownOnce:
    """A secret that a page is there to show, to whom it belongs; every other one is taken out."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def __html__(self) -> str:
        return escape(self._secret)


def _spoken(value: object) -> object:
    """What a template prints, without secrets: a worker's or a stranger's words may hold one."""
    match value:
        case Markup():
            return Markup(redacted(value))  # noqa: S704  # it was escaped before
        case str():
            return redacted(value)
        case _:
            return value


def _moment(seconds: float | datetime | None) -> Markup:
    """A time as UTC words, with the machine's form beside it."""
    if seconds is None:
        return Markup("")
    moment = seconds if isinstance(seconds, datetime) else datetime.fromtimestamp(seconds, UTC)
    return Markup('<time datetime="{}">{}</time>').format(
        moment.isoformat(timespec="seconds"), f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    )


def _said(sentence: str) -> Markup:
    """A sentence of ours, which is Markdown: no HTML of anybody's, and no picture."""
    return Markup(_markdown.render(sentence))  # noqa: S704  # what is not Markdown was escaped


def _sentence(words: str) -> str:
    """With a capital, and otherwise as it is."""
    return f"{words[:1].upper()}{words[1:]}"


def _static(name: str) -> str:
    """The address of a static file; it changes with the file, so it can be cached for ever."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]
    return f"/static/{name}?v={digest}"


_markdown = MarkdownIt("commonmark", {"html": False}).disable("image").enable("table")
_templates = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    finalize=_spoken,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters.update(
    said=_said,
    sentence=_sentence,
    duration=duration,
    in_dollars=in_dollars,
    pieces=pieces,
    moment=_moment,
    words=in_words,
    state=lambda state: STATE_WORDS[RunState(state)],
)
_templates.globals.update(static=_static)
