"""What a reader's browser makes of our words: the tags with their attributes, and the plain text between."""

import re
from html.parser import HTMLParser

from markdown_it import MarkdownIt


class Seen(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []
        self.text = ""
        self._code = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(attrs)))
        self._code += tag == "code"

    def handle_endtag(self, tag: str) -> None:
        self.tags.append((f"/{tag}", ()))
        self._code -= tag == "code"

    def handle_data(self, data: str) -> None:
        if not self._code:
            self.text += data

    def handle_comment(self, data: str) -> None:
        self.tags.append(("!--", ()))

    def handle_decl(self, decl: str) -> None:
        self.tags.append(("!", ((decl, None),)))


def of_markdown(text: str) -> Seen:
    """With HTML let through, as the most careless renderer would."""
    return Seen(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(text))


def mentions(seen: Seen) -> set[str]:
    """Names that a reader's Hub would call."""
    return set(re.findall(r"@[A-Za-z0-9][\w-]*", seen.text))


def bare_addresses(seen: Seen) -> list[str]:
    """What GitHub-flavoured Markdown turns into a link by itself."""
    return re.findall(r"(?i)(?:https?://|ftp://|www\.)[\w]", seen.text)
