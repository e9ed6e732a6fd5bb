"""The bot's Markdown as Discord reads it: tables become lines, tags go, links stay."""

import re

LONGEST_CONTENT = 2000
LONGEST_EMBED = 4096
SEPARATOR = re.compile(r"^\|[\s:|-]+\|$")
MENTION_ME = re.compile(r"\b([Mm])ention me with `(\w+)")


def for_discord(text: str, limit: int) -> str:
    """At most `limit` characters of it."""
    lines = [line for block in _blocks(text.split("\n")) for line in block]
    said = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    said = MENTION_ME.sub(lambda found: f"{'Use' if found[1] == 'M' else 'use'} `/{found[2]}", said)
    return said if len(said) <= limit else _shortened(said, limit)


def _blocks(lines: list[str]) -> list[list[str]]:
    """Each line as the lines it becomes; an indented block is fenced."""
    said: list[list[str]] = []
    code: list[str] = []
    for number, line in enumerate([*lines, ""]):
        if line.startswith("    "):
            code.append(line[4:].replace("```", "`\u200b``"))
            continue
        if code:
            said.append(["```", *code, "```"])
            code = []
        is_head = number + 1 < len(lines) and SEPARATOR.match(lines[number + 1]) is not None
        said.append([] if is_head and line.startswith("|") else _line(line))
    return said


def _line(line: str) -> list[str]:
    if SEPARATOR.match(line):
        return []
    if line.startswith("|"):
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip("|"))]
        return [" · ".join(["▪ " + cells[0], *(cell for cell in cells[1:] if cell)])]
    line = re.sub(r"<details><summary>(.*?)</summary>", r"**\1**", line)
    line = re.sub(r"^<sub>", "-# ", line)
    return [re.sub(r"</?(?:sub|details)>", "", line)]


def _shortened(text: str, limit: int) -> str:
    """Without the middle: the last line says which run this is."""
    body, _, last = text.rpartition("\n")
    kept = body[: max(limit - len(last) - 10, 0)].rpartition("\n")[0]
    fence = "\n```" if kept.count("```") % 2 else ""
    return f"{kept}{fence}\n…\n{last}"[-limit:]
