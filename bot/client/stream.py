"""Server-sent events out of the lines of an answer (https://html.spec.whatwg.org/#server-sent-events)."""

from collections.abc import Iterable, Iterator


def events_of(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each event's kind and data; an empty kind for a comment, which only keeps the line open."""
    kind, data = "message", list[str]()
    for line in lines:
        if not line:
            if data:
                yield kind, "\n".join(data)
            kind, data = "message", []
        elif line.startswith(":"):
            yield "", ""
        else:
            field, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if field == "event":
                kind = value
            elif field == "data":
                data.append(value)
