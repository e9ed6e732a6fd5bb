"""What a Space answered, in words: the wire's JSON is for machines."""

from collections.abc import Mapping

from pydantic import JsonValue

SHOWN_LABELS = 3


def in_words(output: JsonValue) -> str:
    """Labels with their shares as `positive 96 %, neutral 3 %`; anything else as it is."""
    match output:
        case {"label": str(label), "confidences": [*shares]}:
            known = [share for share in shares if isinstance(share, Mapping)]
            return ", ".join(_share(share) for share in known[:SHOWN_LABELS]) or label
        case str():
            return output
        case _:
            return str(output)


def _share(share: Mapping[str, JsonValue]) -> str:
    confidence = share.get("confidence")
    percent = f" {confidence:.0%}" if isinstance(confidence, int | float) else ""
    return f"{share.get('label')}{percent}".replace("%", " %")
