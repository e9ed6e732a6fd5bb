"""What a page must not contain, however hostile its text: anything that runs, or loads from elsewhere."""

from html.parser import HTMLParser

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "[click](javascript:alert(1))",
    "[click](data:text/html;base64,PHNjcmlwdD4=)",
    "![tracker](https://tracker.example/pixel.png)",
    "<javascript:alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
)


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


def elements(html: str) -> list[tuple[str, dict[str, str]]]:
    """Every element of the page, with its attributes as a browser reads them."""
    parser = _Elements()
    parser.feed(html)
    return parser.found


def assert_harmless(html: str) -> None:
    for tag, attributes in elements(html):
        assert not any(name.startswith("on") or name == "style" for name in attributes), (tag, attributes)
        assert tag not in {"svg", "object", "embed", "base", "style"}, tag
        if tag == "script":
            assert attributes["src"] == "/static/live.js"
        for name in ("href", "action", "src"):
            address = attributes.get(name, "").strip().lower()
            assert not address.startswith(("javascript:", "data:text", "vbscript:")), (tag, attributes)
        if tag == "img":
            assert attributes["src"].startswith(("/", "data:image/")), attributes
    assert "49{%" not in html
