"""Markdown as people wrote it, which may be hostile: HTML stays text, links go nowhere dangerous.

Only this Hub's own files are shown as images; a picture that lives elsewhere becomes a link to it.
"""

import re
from collections.abc import Iterator
from posixpath import normpath
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markupsafe import Markup

_LOWER = {"h1": "h2", "h2": "h3", "h3": "h4", "h4": "h5", "h5": "h6"}
"""A page has its own h1."""
_BARE = re.compile(r"\bhttps?://[^\s<>\"`\\]+")
_PLAIN_TAG = re.compile(r"</?(?:details|summary|sub|sup|kbd|br)>", re.IGNORECASE)


def _html_comment(state: StateInline, silent: bool) -> bool:
    """A comment says nothing to people: it is left out, as on the Hub. All other HTML stays text."""
    if not state.src.startswith("<!--", state.pos):
        return False
    end = state.src.find("-->", state.pos)
    if end == -1:
        return False
    state.pos = end + 3
    return True


def _plain_tag(state: StateInline, silent: bool) -> bool:
    """The few tags that can do no harm and that people use in comments, if they carry no attribute."""
    found = _PLAIN_TAG.match(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        state.push("html_inline", "", 0).content = found[0].lower()
    state.pos = found.end()
    return True


_parser = MarkdownIt("js-default", {"linkify": False})
_parser.inline.ruler.before("autolink", "html_comment", _html_comment)
_parser.inline.ruler.before("autolink", "plain_tag", _plain_tag)


def rendered(text: str, *, images: str = "", links: str = "") -> Markup:
    """Safe HTML. Relative addresses start at `images` (/owner/name/resolve/main) or `links` (…/blob/main)."""
    tokens = _parser.parse(text)
    for token in tokens:
        token.tag = _LOWER.get(token.tag, token.tag)
        if token.children is not None:
            token.children = list(_safe(token.children, images, links))
    return Markup(_parser.renderer.render(tokens, _parser.options, {}))  # noqa: S704 - the parser escapes


def _safe(tokens: list[Token], images: str, links: str) -> Iterator[Token]:
    inside_link = False
    for token in tokens:
        if token.type in {"link_open", "link_close"}:
            inside_link = token.type == "link_open"
        if token.type == "link_open":
            yield _link(str(token.attrGet("href")), links)
        elif token.type == "text" and not inside_link:
            yield from _linked(token.content)
        elif token.type == "image":
            yield from _image(token, images)
        else:
            yield token


def _link(target: str, base: str) -> Token:
    opening = Token("link_open", "a", 1)
    address = _address(target, base)
    opening.attrSet("href", address)
    if urlsplit(address).netloc:
        opening.attrSet("rel", "nofollow noopener noreferrer")
    return opening


def _image(token: Token, base: str) -> Iterator[Token]:
    address = _address(str(token.attrGet("src")), base)
    if not urlsplit(address).netloc and base:
        token.attrSet("src", address)
        token.attrSet("loading", "lazy")
        yield token
        return
    yield from (_link(address, base), _text(token.content or address), Token("link_close", "a", -1))


def _linked(words: str) -> Iterator[Token]:
    """Text in which the addresses that stand there bare have become links."""
    end = 0
    for found in _BARE.finditer(words):
        address = _without_tail(found[0])
        yield _text(words[end : found.start()])
        yield from (_link(address, ""), _text(address), Token("link_close", "a", -1))
        end = found.start() + len(address)
    yield _text(words[end:])


def _without_tail(address: str) -> str:
    """What ends a sentence, and a bracket that was opened before the address, does not belong to it."""
    shorter = address.rstrip(".,:;!?'*_~")
    if shorter.count(")") > shorter.count("("):
        shorter = shorter.removesuffix(")")
    return shorter if shorter == address else _without_tail(shorter)


def _text(words: str) -> Token:
    text = Token("text", "", 0)
    text.content = words
    return text


def _address(target: str, base: str) -> str:
    """The target, taken as relative to the base unless it is a full address, a path or a fragment."""
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or not base or target.startswith(("/", "#")):
        return target
    path = normpath(f"/{parts.path}")
    return base + path + (f"#{parts.fragment}" if parts.fragment else "")
