"""Is there something in the answers? Nothing blank, silent or frozen, no words of an app without model."""

import re

from worker.contract import Evidence
from worker.validate.evidence.comparing import Compared
from worker.validate.media import Media
from worker.validate.recognise import MediaKind

SMALLEST_SIDE = 8
"""Pixels."""
LEAST_CONTRAST = 1.0
"""Of 255."""
SHORTEST_SOUND = 0.05
"""Seconds."""
LEAST_LOUDNESS = 1e-4
PLACEHOLDER = re.compile(
    r"\bthis is a (placeholder|mock|dummy|stub)\b|\bplaceholder (output|response|text|answer)"
    r"|\b(demo|mock|simulat\w+|dummy|fake|canned) (mode|output|response|answer|result)\b"
    r"|\bmodel (is )?not (loaded|available)|\bnot (yet )?implemented\b|lorem ipsum"
    r"|Traceback \(most recent call last\)|\b(CUDA out of memory|RuntimeError|NotImplementedError)\b:?",
    re.IGNORECASE,
)


def substance(answers: Compared) -> Evidence:
    """Every answer must have some; what was sent may have the same words."""
    if not answers.answers:
        return Evidence(name="substance", passed=None, detail="There is no answer to look at.")
    for answer, content in answers.answers:
        for media in content.media:
            if lacking := lacks(media):
                return Evidence(name="substance", passed=False, detail=f"{media.name} {lacking}.")
        for text in content.texts:
            found = PLACEHOLDER.search(text)
            if found and not any(found[0].casefold() in sent.casefold() for sent in answer.texts):
                detail = f"An answer says “{found[0]}”."
                return Evidence(name="substance", passed=False, detail=detail)
    return Evidence(name="substance", passed=True, detail=_seen(answers))


def lacks(media: Media) -> str | None:
    """What a file lacks to be an answer; continues the sentence: NAME …"""
    if media.problem:
        return media.problem
    match media.kind:
        case MediaKind.IMAGE | MediaKind.VIDEO:
            return _blank(media)
        case MediaKind.AUDIO if (media.seconds or 0) < SHORTEST_SOUND:
            return f"is {media.seconds or 0:.3f} s long"
        case MediaKind.AUDIO if (media.rms or 0) < LEAST_LOUDNESS:
            return "is silent"
        case _ if media.size == 0:
            return "is empty"
        case _:
            return None


def _blank(media: Media) -> str | None:
    if min(media.width or 0, media.height or 0) < SMALLEST_SIDE:
        return f"has only {media.width}×{media.height} pixels"
    if (media.std or 0) < LEAST_CONTRAST:
        return "shows one colour and nothing else"
    if media.kind is MediaKind.VIDEO and not media.moves:
        return "has a single frame"
    if media.kind is MediaKind.VIDEO and not media.motion:
        return "does not move"
    return None


def _seen(answers: Compared) -> str:
    _, content = answers.answers[0]
    if content.media:
        return f"The first answer: {content.media[0].said()}."
    if content.texts:
        return f"The first answer has {len(content.texts[0])} characters."
    return "No answer is empty."
