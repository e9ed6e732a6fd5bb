"""An answer, and what is in it: texts, labels, data, files. Told by content and not by component. Pure."""

import math
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, JsonValue

from worker.contract import AnswerType
from worker.validate.labels import Labels, labels_in
from worker.validate.media import Media
from worker.validate.probes import Turn
from worker.validate.recognise import MediaKind


class Answered(BaseModel):
    """One call that was made."""

    model_config = ConfigDict(frozen=True)

    turn: Turn
    content: int
    """Equal where the content was equal."""
    seed: int | None = None
    texts: tuple[str, ...] = ()
    """The texts that were sent, the content first."""
    sent: tuple[Media, ...] = ()
    """The files that were sent."""
    expected: str | None = None
    """The label that the card gives for this content."""
    returns: tuple[str, ...] = ()
    """The components of the endpoint's outputs."""
    output: JsonValue = None
    """A list where there are several outputs. A file is its path."""
    media: dict[str, Media] = {}
    """What each file of the output is, by its path."""
    error: str | None = None
    seconds: float = 0.0


@dataclass(frozen=True)
class Content:
    """What an answer holds, each kind apart."""

    texts: tuple[str, ...] = ()
    labels: tuple[Labels, ...] = ()
    data: tuple[JsonValue, ...] = ()
    media: tuple[Media, ...] = ()
    regions: tuple[JsonValue, ...] = ()
    """The named regions of annotated images, each with the digest of its mask."""
    annotated: bool = False

    @property
    def silent(self) -> bool:
        """Whether nothing was said and nothing found; a picture without named regions is what was sent."""
        return not (self.texts or self.labels or self.data or self.regions or self.media) or (
            self.annotated and not (self.texts or self.data or self.regions)
        )

    def has(self, kind: AnswerType) -> bool:
        """Whether there is anything of this kind; an empty text, list or mapping is nothing."""
        match kind:
            case AnswerType.TEXT:
                return bool(self.texts)
            case AnswerType.LABELS:
                return bool(self.labels)
            case AnswerType.DATA:
                return bool(self.data)
            case AnswerType.IMAGE | AnswerType.AUDIO | AnswerType.VIDEO:
                return bool(self.of(kind))
            case AnswerType.ANNOTATED:
                return self.annotated
            case AnswerType.ANY:
                return bool(self.texts or self.labels or self.data or self.media)

    def of(self, kind: AnswerType) -> tuple[Media, ...]:
        """The files of one kind; a picture that moves is a film too."""
        match kind:
            case AnswerType.IMAGE:
                return tuple(each for each in self.media if each.kind is MediaKind.IMAGE)
            case AnswerType.AUDIO:
                return tuple(each for each in self.media if each.kind is MediaKind.AUDIO)
            case AnswerType.VIDEO:
                return tuple(each for each in self.media if each.kind is MediaKind.VIDEO or each.moves)
            case _:
                return self.media


def content_of(answer: Answered) -> Content:
    """Everything that an answer holds."""
    parts = answer.output if len(answer.returns) > 1 and isinstance(answer.output, list) else [answer.output]
    read = [_read(part, answer.media) for part in parts]
    return Content(
        texts=tuple(each for one in read for each in one.texts),
        labels=tuple(each for one in read for each in one.labels),
        data=tuple(each for one in read for each in one.data),
        media=tuple(each for one in read for each in one.media),
        regions=tuple(each for one in read for each in one.regions),
        annotated=any(one.annotated for one in read),
    )


def says_nothing(answer: Answered, content: Content) -> bool:
    """Whether a model had nothing to say about a file: no speech in a sound, no object in a picture."""
    return bool(answer.sent) and content.silent and _is_nothing(answer.output, answer.media)


def _is_nothing(output: JsonValue, media: dict[str, Media]) -> bool:
    """Nothing was answered, which is more than no answer."""
    match output:
        case str():
            return not output.strip() or output in media
        case list():
            return all(_is_nothing(each, media) for each in output)
        case {"image": _, "annotations": []}:
            return True
        case _:
            return False


def _read(part: JsonValue, media: dict[str, Media]) -> Content:  # noqa: PLR0911  # one for each shape
    match part:
        case str() if part in media:
            return Content(media=(media[part],))
        case str():
            return Content(texts=(part,) if part.strip() else ())
        case {"image": str() as image, "annotations": list() as regions}:
            named = tuple(_region(each, media) for each in regions)
            return Content(media=_files(image, media), regions=named, annotated=image in media)
        case {"confidences": _}:
            labels = labels_in(part)
            return Content(labels=(labels,)) if labels else Content()
        case [*_, {"role": "assistant", "content": said}]:  # a conversation
            return Content(texts=tuple(each for each in strings_in(said) if each.strip()))
        case list() | dict():
            files = _files(part, media)
            return Content(media=files) if files else Content(data=(part,) if _is_data(part) else ())
        case None | bool():
            return Content()
        case _:
            return Content(data=(part,) if _is_data(part) else ())


def _region(region: JsonValue, media: dict[str, Media]) -> JsonValue:
    match region:
        case {"image": str() as mask, "label": label}:
            return [label, media[mask].digest if mask in media else None]
        case _:
            return region


def _files(value: JsonValue, media: dict[str, Media]) -> tuple[Media, ...]:
    return tuple(dict.fromkeys(media[text] for text in strings_in(value) if text in media))


def strings_in(value: JsonValue) -> list[str]:
    """Every text in an output, however deep."""
    match value:
        case str():
            return [value]
        case list():
            return [text for item in value for text in strings_in(item)]
        case dict():
            return [text for item in value.values() for text in strings_in(item)]
        case _:
            return []


def numbers_in(value: JsonValue) -> list[float]:
    """Every number in an output, in order."""
    match value:
        case bool():
            return []
        case int() | float():
            return [float(value)]
        case list():
            return [number for item in value for number in numbers_in(item)]
        case dict():
            return [number for item in value.values() for number in numbers_in(item)]
        case _:
            return []


def _is_data(value: JsonValue) -> bool:
    """Whether there is something in it; a number that is none is nothing."""
    numbers = numbers_in(value)
    return all(math.isfinite(each) for each in numbers) and bool(numbers or any(strings_in(value)))
