"""What to put into each input of an endpoint, and what part it plays: content, seed or option."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from gradio_client import handle_file
from pydantic import JsonValue

from worker.validate.app import Endpoint, Parameter
from worker.validate.films import film
from worker.validate.pictures import picture
from worker.validate.recognise import MediaKind
from worker.validate.samples import Samples
from worker.validate.settings import RANDOM_SEED, choice_value, is_seed, number_value
from worker.validate.sounds import recording
from worker.validate.texts import Meaning, mask_in, meaning_of, texts_for

TEXTUAL = frozenset({"textbox", "textarea", "code", "markdown", "highlightedtext"})
CHOOSING = frozenset({"dropdown", "radio", "checkboxgroup"})
STAYS = frozenset({Meaning.LABELS, Meaning.OBJECT, Meaning.LANGUAGE, Meaning.NEGATIVE, Meaning.ASIDE})
"""Texts that say what to look for, and not where: the answer must change without them."""
SUFFIXES = {MediaKind.IMAGE: ".png", MediaKind.AUDIO: ".wav", MediaKind.VIDEO: ".mp4"}
MADE: dict[MediaKind, Callable[[int], bytes]] = {
    MediaKind.IMAGE: picture,
    MediaKind.AUDIO: recording,
    MediaKind.VIDEO: film,
}
TABLES = ("a,b\n1,2\n3,4\n", "a,b\n8,1\n0,5\n")


class Role(StrEnum):
    CONTENT = "content"
    SEED = "seed"
    OPTION = "option"


class NoValue(Exception):
    """There is nothing that could be put into this input."""


@dataclass(frozen=True)
class Contents:
    """Values for the inputs of one endpoint; another number is another content."""

    endpoint: Endpoint
    samples: Samples
    folder: Path
    """Where files that are made for a call are written."""
    mask: str | None = field(init=False)

    def __post_init__(self) -> None:
        shown = [text for each in self.endpoint.parameters for text in (each.hint, str(each.value or ""))]
        shown += [str(value) for row in self.endpoint.examples for value in row]
        object.__setattr__(self, "mask", mask_in(*self.samples.texts, *shown))

    def role(self, parameter: Parameter) -> Role:
        if is_seed(parameter):
            return Role.SEED
        if parameter.component in TEXTUAL:
            return Role.OPTION if self._meaning(parameter) in STAYS else Role.CONTENT
        if _media(parameter) or parameter.component in {"dataframe", "json", "multimodaltextbox"}:
            return Role.CONTENT
        return Role.OPTION

    def value(self, parameter: Parameter, number: int) -> JsonValue | Path:
        """What a call with this content puts into an input that is no seed. NoValue if there is nothing."""
        kind = parameter.component
        if media := _media(parameter):
            return self._file(parameter, media, number)
        if kind in TEXTUAL:
            return self.text(parameter, number)
        if kind in CHOOSING:
            return choice_value(parameter)
        if kind in {"number", "slider"}:
            return number_value(parameter)
        return self._other(parameter, number)

    def text(self, parameter: Parameter, number: int) -> str:
        """The card's texts come first, then the page's own examples, then ours."""
        meaning = self._meaning(parameter)
        if meaning in {Meaning.NEGATIVE, Meaning.ASIDE, Meaning.LANGUAGE} or (
            meaning in STAYS and parameter.parameter_default
        ):
            return str(parameter.parameter_default or parameter.value or "")
        ours = texts_for(meaning, self.mask)
        offered = (*self._card_texts(parameter), *self._page_texts(parameter)) if meaning not in STAYS else ()
        texts = list(dict.fromkeys((*offered, *ours)))
        return texts[number % len(texts)]

    def media(self, media: MediaKind, number: int) -> Path:
        """A file of the card's, else one of ours."""
        offered = {
            MediaKind.IMAGE: self.samples.images,
            MediaKind.AUDIO: self.samples.audio,
            MediaKind.VIDEO: self.samples.videos,
        }[media]
        if number < len(offered):
            return offered[number]
        return self._made(f"probe-{media}-{number + 1}{SUFFIXES[media]}", MADE[media](number))

    def _meaning(self, parameter: Parameter) -> Meaning:
        return meaning_of(parameter.key, self.samples.task)

    def _card_texts(self, parameter: Parameter) -> tuple[str, ...]:
        """For the first text input; a question of the card's would not fit a context of ours."""
        mine = [each for each in self.endpoint.parameters if each.component in TEXTUAL and not is_seed(each)]
        meanings = {self._meaning(each) for each in mine}
        carriers = [each for each in mine if self._meaning(each) not in STAYS]
        if Meaning.CONTEXT in meanings or Meaning.LIST in meanings or parameter is not carriers[0]:
            return ()
        return self.samples.texts

    def _page_texts(self, parameter: Parameter) -> tuple[str, ...]:
        column = self.endpoint.parameters.index(parameter)
        cells = [row[column] for row in self.endpoint.examples if column < len(row)]
        return tuple(cell for cell in cells if isinstance(cell, str) and cell.strip())[:3]

    def _file(self, parameter: Parameter, media: MediaKind, number: int) -> JsonValue | Path:
        file = self._document(parameter, number) if media is MediaKind.OTHER else self.media(media, number)
        nested: JsonValue = handle_file(str(file))
        match parameter.component:
            case "imageeditor" | "sketchpad" | "paint":
                return {"background": nested, "layers": [], "composite": nested}
            case "imageslider":
                return [nested, nested]
            case "gallery":
                return [{"image": nested, "caption": None}]
            case _:
                return [nested] if parameter.takes_list else file

    def _document(self, parameter: Parameter, number: int) -> Path:
        suffix = ".csv" if ".csv" in parameter.file_types else ".txt"
        text = TABLES[number % 2] if suffix == ".csv" else texts_for(Meaning.ARTICLE, None)[number % 2]
        return self._made(f"probe-document-{number + 1}{suffix}", text.encode())

    def _made(self, name: str, content: bytes) -> Path:
        file = self.folder / name
        if not file.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        return file

    def _other(self, parameter: Parameter, number: int) -> JsonValue:
        """The inputs that hold neither a text nor a file nor a number."""
        prompt = texts_for(Meaning.PROMPT, None)[number % 2]
        table: JsonValue = [[1 + number, 2], [3, 4 + number]]
        values: dict[str, JsonValue] = {
            "checkbox": bool(parameter.parameter_default or parameter.value)
            and not RANDOM_SEED.search(parameter.key),
            "multimodaltextbox": {"text": prompt, "files": []},
            "chatbot": [],
            "dataframe": {"headers": ["a", "b"], "data": table},
            "json": {"value": 1 + number},
            "colorpicker": "#ff0000",
            "datetime": "2025-01-01 00:00:00",
        }
        if parameter.component in values:
            return values[parameter.component]
        if parameter.parameter_has_default:
            return parameter.parameter_default
        raise NoValue(parameter.component)


def _media(parameter: Parameter) -> MediaKind | None:
    """What kind of file an input takes; OTHER is any document."""
    match parameter.component:
        case "image" | "imageeditor" | "sketchpad" | "paint" | "imageslider" | "gallery":
            return MediaKind.IMAGE
        case "audio" | "microphone":
            return MediaKind.AUDIO
        case "video" | "playablevideo":
            return MediaKind.VIDEO
        case "file" | "uploadbutton":
            wanted = " ".join(parameter.file_types)
            return next(
                (kind for kind in MADE if kind in wanted or SUFFIXES[kind] in wanted), MediaKind.OTHER
            )
        case _:
            return None
