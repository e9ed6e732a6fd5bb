"""Makes a stranger's text into data: what cannot be seen is taken out, what is left is quoted line by line.

This does not make a text harmless. It takes away the hiding places, and leaves no doubt whose words they
are; what keeps the agent from harm is that it has nothing to give away.
"""

import html
import re
import unicodedata

LONGEST = 24_000
LONGEST_LINE = 600
MARK = "card| "
COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
HIDDEN_BLOCK = re.compile(
    r"<(script|style|template|noscript|iframe|object|svg|details hidden)\b.*?(?:</\1\s*>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
INVISIBLE = re.compile(
    r"<(\w+)\b[^>]*(?:hidden|display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|opacity\s*:\s*0(?!\.)"
    r"|color\s*:\s*(?:white|#fff(?:fff)?|transparent))[^>]*>.*?(?:</\1\s*>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
TAG = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>")
IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
LINK = re.compile(r"\[([^\]]*)\]\(\s*<?([^)\s>]*)[^)]*\)")
REFERENCE = re.compile(r"^\s*\[[^\]]+\]:\s.*$", re.MULTILINE)
ENCODED = re.compile(r"(?:data:[\w/+.-]+;base64,)?[A-Za-z0-9+/_-]{120,}={0,2}|(?:\\x[0-9a-fA-F]{2}){8,}")
KEPT_CONTROLS = frozenset("\n\t")
UNSEEN = frozenset({"Cf", "Cc", "Co", "Cs", "Cn"})
"""Unicode's categories without a shape: joiners, directions, tags, private use."""
LEFT_OUT = "[left out]"


def sanitised(text: str) -> str:
    """The visible words of Markdown, bounded: nothing hidden, no pictures, no encoded blocks."""
    text = _visible(text[: 8 * LONGEST])
    for pattern in (COMMENT, HIDDEN_BLOCK, INVISIBLE):
        text = pattern.sub("", text)
    text = html.unescape(IMAGE.sub("", text))
    for pattern in (COMMENT, HIDDEN_BLOCK, INVISIBLE, REFERENCE):  # what was written as entities
        text = pattern.sub("", text)
    text = TAG.sub("", LINK.sub(r"\1 (\2)", text))
    text = _visible(ENCODED.sub(LEFT_OUT, text))
    text = re.sub(r"\n{3,}", "\n\n", text).strip()
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}\n{LEFT_OUT}"


def quoted(text: str, mark: str = MARK) -> str:
    """Every line behind a mark, so that no line can pretend to be somebody else's."""
    lines = [line[:LONGEST_LINE] for line in re.split(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]", text)]
    return "\n".join(f"{mark}{line}" for line in lines)


def one_line(text: object, longest: int = 200) -> str:
    """A value of a stranger within a line: no markup, no line breaks."""
    line = " ".join(_visible(str(text)).split()).replace("`", "'")
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def _visible(text: str) -> str:
    normal = unicodedata.normalize("NFKC", text.replace("\r\n", "\n"))
    return "".join(
        each for each in normal if each in KEPT_CONTROLS or unicodedata.category(each) not in UNSEEN
    )
