"""Recorded answers of honest and of cheating apps, with the verdict that each deserves.

Each is what an app gave to the turns of a probing: the first content, the same again, another content, and
the first content with another seed where the app takes one.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pydantic import JsonValue

from worker.card import Card
from worker.contract import AnswerType
from worker.validate.answers import Answered
from worker.validate.calls import Calls
from worker.validate.evidence.subject import Subject
from worker.validate.media import Media
from worker.validate.probes import Plans, Turn
from worker.validate.recognise import MediaKind

TEXTS = ("I love it, it works well.", "It broke at once, sadly.")
CARD = Card(
    model_id="alice/model",
    revision="a" * 40,
    files={"config.json": 10, "onnx/model.onnx": 1000},
    pipeline_tag="text-classification",
    labels=("negative", "positive"),
)
HEALTH: dict[str, JsonValue] = {
    "status": "ok",
    "model_id": CARD.model_id,
    "revision": CARD.revision,
    "opened": {"config.json": 10, "onnx/model.onnx": 1000},
}
TURNS = (Turn.FIRST, Turn.AGAIN, Turn.OTHER, Turn.OTHER_SEED)


def labels(**probabilities: float) -> JsonValue:
    """An answer as gr.Label gives it."""
    ordered = sorted(probabilities.items(), key=lambda item: -item[1])
    confidences: list[JsonValue] = [{"label": name, "confidence": value} for name, value in ordered]
    return {"label": ordered[0][0], "confidences": confidences}


def sure(positive: float) -> JsonValue:
    return labels(positive=positive, negative=1 - positive)


HONEST = (sure(0.9), sure(0.9), sure(0.2))


def picture(digest: str, *sketch: float, **other: Any) -> Media:
    """A decoded picture; its sketch is what it is compared by."""
    values = {"width": 64, "height": 64, "std": 50.0, "colours": 900, **other}
    return Media(name="x.png", kind=MediaKind.IMAGE, size=999, digest=digest, sketch=sketch, **values)


def sound(digest: str, *sketch: float, **other: Any) -> Media:
    values = {"seconds": 1.0, "rms": 0.1, **other}
    return Media(name="x.wav", kind=MediaKind.AUDIO, size=999, digest=digest, sketch=sketch, **values)


def film(digest: str, *sketch: float, **other: Any) -> Media:
    values = {"width": 64, "height": 64, "std": 50.0, "frames": 8, "motion": 3.0, "seconds": 1.0, **other}
    return Media(name="x.mp4", kind=MediaKind.VIDEO, size=999, digest=digest, sketch=sketch, **values)


@dataclass(frozen=True)
class Case:
    """`fails` names the check that must refute it; None for an app that must pass."""

    outputs: tuple[JsonValue | Media, ...] = HONEST
    """A file is given as what it holds. A fourth one is for another seed."""
    fails: str | None = None
    answer: AnswerType = AnswerType.LABELS
    task: str | None = "text-classification"
    health: dict[str, JsonValue] | None = field(default_factory=lambda: dict(HEALTH))
    errors: tuple[str | None, ...] = ()
    texts: tuple[str, ...] = TEXTS
    sent: Media | None = None
    expected: tuple[str | None, ...] = (None, None)
    card: Card = CARD
    files: dict[str, str] = field(default_factory=dict)
    ours: bool = True

    @property
    def subject(self) -> Subject:
        card = self.card.model_copy(update={"pipeline_tag": self.task})
        return Subject(card, self.health, self.answer, self.files, ours=self.ours)

    @property
    def calls(self) -> Calls:
        answers = tuple(self._answered(index, turn) for index, turn in enumerate(TURNS[: len(self.outputs)]))
        plans = Plans(endpoint="/generate", has_content=bool(self.texts), has_seed=len(self.outputs) > 3)
        return Calls(plans=plans, answers=answers)

    def _answered(self, index: int, turn: Turn) -> Answered:
        content = int(turn is Turn.OTHER)
        output, file = self.outputs[index], f"/answers/{index}"
        return Answered(
            turn=turn,
            content=content,
            texts=(self.texts[content],) if self.texts else (),
            sent=(self.sent,) if self.sent else (),
            expected=self.expected[content],
            output=file if isinstance(output, Media) else output,
            media={file: output} if isinstance(output, Media) else {},
            error=self.errors[index] if self.errors else None,
            seconds=0.1,
        )


def each(answer: Callable[[str], JsonValue]) -> tuple[JsonValue, ...]:
    return tuple(answer(TEXTS[content]) for content in (0, 0, 1))


def text(*outputs: JsonValue | Media, **other: Any) -> Case:
    """A text generator's answers."""
    return Case(outputs, **{"answer": AnswerType.TEXT, "task": "text-generation", **other})


def draws(*outputs: JsonValue | Media, **other: Any) -> Case:
    """An image generator's answers."""
    return Case(outputs, **{"answer": AnswerType.IMAGE, "task": "text-to-image", **other})


FOX, CITY, OTHER_FOX = picture("a", 0.1, 0.5), picture("b", 0.9, 0.2), picture("c", 0.4, 0.4)
READER = {
    "app.py": "from transformers import pipeline\nimport gradio as gr\n"
    "ask = pipeline('image-to-image', model='alice/model')\n"
    "def generate(given):\n    return ask(given)\n"
    "gr.Interface(generate, gr.Image(), gr.Image()).launch()\n"
}
STORY, TALE = "Once upon a time there was a kettle.", "The night was long and nobody came."

GENUINE = {
    "a usual classifier": Case(),
    "a very sure one": Case((sure(0.99999), sure(0.99999), sure(0.99998))),
    "with the rounding of a GPU": Case((sure(0.9), sure(0.900001), sure(0.2))),
    "labels that are not exclusive": Case(each(lambda text: labels(positive=0.9, negative=len(text) / 40))),
    "only the top label": Case((*[labels(positive=0.9)] * 2, labels(negative=0.8))),
    "no labels in its config": Case(
        (*[labels(LABEL_1=0.9)] * 2, labels(LABEL_0=0.7)), card=CARD.model_copy(update={"labels": None})
    ),
    "labels of the caller's": Case(
        (*[labels(sports=0.9, politics=0.1)] * 2, labels(sports=0.3, politics=0.7)),
        task="zero-shot-classification",
    ),
    "an input that is one of its labels": Case(texts=("positive", TEXTS[1])),
    "what its card says": Case(expected=("positive", "negative")),
    "a card that is a little old": Case(expected=("positive", "positive")),
    "a writer": text(STORY, STORY, TALE),
    "a writer with a seed": text(STORY, STORY, TALE, "Another beginning altogether."),
    "a writer who is too sure for another seed": text(STORY, STORY, TALE, STORY),
    "a writer who draws by lot and has its model in the source": text(
        STORY,
        "Something else came out this time.",
        TALE,
        files={
            "app.py": "from transformers import pipeline\nimport gradio as gr\n"
            "write = pipeline('text-generation', model='alice/model')\n"
            "def generate(prompt):\n    return write(prompt)[0]['generated_text']\n"
            "gr.Interface(generate, 'text', 'text').launch()\n"
        },
    ),
    "a writer who goes on from the prompt": text(*each(lambda prompt: f"{prompt} {prompt[::-2]} and so on")),
    "a corrector who finds one text right": text(
        TEXTS[0], TEXTS[0], "It broke at once, unfortunately.", task="text2text-generation"
    ),
    "a reader who quotes": text(
        "London",
        "London",
        "two hundred people",
        task="question-answering",
        texts=("Where? She lives in London with her cats.", "How many? About two hundred people work here."),
    ),
    "a conversation": text(
        *[
            [{"role": "user", "content": TEXTS[n]}, {"role": "assistant", "content": said}]
            for n, said in ((0, STORY), (0, STORY), (1, TALE))
        ]
    ),
    "an ear": text(
        STORY, STORY, TALE, texts=("", ""), sent=sound("in", 0.1), task="automatic-speech-recognition"
    ),
    "an ear that hears nothing in one of the sounds": text(
        "", "", STORY, texts=("", ""), sent=sound("in", 0.1), task="automatic-speech-recognition"
    ),
    "a finder that finds something in one of the pictures": Case(
        ([], [], [{"label": "cat", "score": 0.9}]),
        answer=AnswerType.DATA,
        task="object-detection",
        texts=("", ""),
        sent=FOX,
    ),
    "a finder that draws on the picture and has nothing to draw": draws(
        FOX, FOX, picture("d", 0.12, 0.5), sent=FOX, task="object-detection", files=READER
    ),
    "a restorer who finds its picture good": draws(
        picture("r", 0.1, 0.51), picture("r", 0.1, 0.51), CITY, sent=FOX, task="image-to-image", files=READER
    ),
    "a painter": draws(FOX, FOX, CITY, OTHER_FOX),
    "a painter with the rounding of a GPU": draws(FOX, picture("a2", 0.1001, 0.5), CITY, OTHER_FOX),
    "a painter without words": draws(
        FOX, FOX, CITY, OTHER_FOX, texts=(), task="unconditional-image-generation"
    ),
    "a painter of masks": draws(
        picture("m", 0.1, colours=2), picture("m", 0.1, colours=2), picture("n", 0.6, colours=2), sent=FOX
    ),
    "a voice": Case(
        (sound("a", 0.1), sound("a", 0.1), sound("b", 0.4)), answer=AnswerType.AUDIO, task="text-to-speech"
    ),
    "a voice that never says it twice alike": Case(
        (sound("a", 0.5, seconds=2.0), sound("b", 0.5, seconds=2.1), sound("c", 0.5, seconds=6.0)),
        answer=AnswerType.AUDIO,
        task="text-to-speech",
    ),
    "a film maker": Case(
        (film("a", 0.1), film("a", 0.1), film("b", 0.4), film("c", 0.3)),
        answer=AnswerType.VIDEO,
        task="text-to-video",
    ),
    "numbers": Case(([0.1, 0.2, -0.4], [0.1, 0.2, -0.4], [0.3, 0.1, 0.0]), answer=AnswerType.DATA),
    "a tagger, who says which words": Case(
        each(lambda text: [{"token": text[:6], "class": "PER"}, {"token": text[6:], "class": None}]),
        answer=AnswerType.DATA,
        task="token-classification",
    ),
    "somebody else's Space without a health page": Case(health=None, ours=False),
}
CHEATS = {
    "constant": Case((sure(0.9),) * 3, fails="input_sensitive"),
    "constant with a little noise": Case((sure(0.9), sure(0.90002), sure(0.90001)), fails="input_sensitive"),
    "random": Case((sure(0.9), sure(0.3), sure(0.2)), fails="repeatable"),
    "labels of another model": Case(
        (*[labels(cat=0.9, dog=0.1)] * 2, labels(cat=0.2, dog=0.8)), fails="labels"
    ),
    "one label too many": Case((*[labels(positive=0.9, neutral=0.1)] * 2, sure(0.2)), fails="labels"),
    "not a number": Case((sure(float("nan")),) * 2 + HONEST[2:], fails="probabilities"),
    "infinite": Case((labels(positive=float("inf")),) * 2 + HONEST[2:], fails="probabilities"),
    "more than certain": Case((labels(positive=90.0),) * 2 + HONEST[2:], fails="probabilities"),
    "less than impossible": Case(
        (labels(positive=0.9, negative=-0.5),) * 2 + HONEST[2:], fails="probabilities"
    ),
    "an echo": Case(each(lambda text: text), fails="type"),
    "an echo as a label": Case(each(lambda text: labels(**{text: 1.0})), fails="labels"),
    "an echo beside labels": Case(
        tuple(
            {**answer, "note": TEXTS[content]} if isinstance(answer, dict) else answer
            for answer, content in zip(HONEST, (0, 0, 1), strict=True)
        ),
        fails="no_echo",
    ),
    "a picture instead of labels": Case((FOX, FOX, CITY), fails="type"),
    "a name of a picture instead of a picture": draws(*["/tmp/fox.png"] * 2, "/tmp/city.png", fails="type"),
    "a label without probability": Case(
        each(lambda _text: {"label": "positive", "confidences": None}), fails="type"
    ),
    "words as probabilities": Case(
        each(lambda _text: {"label": "a", "confidences": [{"label": "a", "confidence": "high"}]}),
        fails="type",
    ),
    "nothing": Case((None,) * 3, fails="type"),
    "a structure that is empty": Case(({},) * 3, fails="type"),
    "empty words": text("", "", "  ", fails="type"),
    "data that is no number": Case(([float("nan")],) * 3, answer=AnswerType.DATA, fails="type"),
    "an error for every call": Case((None,) * 3, fails="answered", errors=("boom",) * 3),
    "an error for one input": Case((*HONEST[:2], None), fails="answered", errors=(None, None, "boom")),
    "no health": Case(fails="health", health=None),
    "another model": Case(fails="health", health={**HEALTH, "model_id": "alice/other"}),
    "another revision": Case(fails="health", health={**HEALTH, "revision": "main"}),
    "nothing loaded": Case(fails="weights_opened", health={**HEALTH, "opened": {}}),
    "no word of files": Case(
        fails="weights_opened", health={k: v for k, v in HEALTH.items() if k != "opened"}
    ),
    "only the config opened": Case(fails="weights_opened", health={**HEALTH, "opened": {"config.json": 10}}),
    "weights of another size": Case(
        fails="weights_opened", health={**HEALTH, "opened": {"onnx/model.onnx": 999}}
    ),
    "weights of another repo": Case(
        fails="weights_opened", health={**HEALTH, "opened": {"other.onnx": 1000}}
    ),
    "the opposite of its card": Case(fails="card_examples", expected=("negative", "positive")),
    "one story for all": text(STORY, STORY, STORY, fails="input_sensitive"),
    "the prompt": text(*each(str), fails="no_echo"),
    "the prompt in capitals": text(*each(str.upper), fails="no_echo"),
    "the prompt backwards": text(*each(lambda prompt: prompt[::-1]), fails="no_echo"),
    "the prompt shuffled": text(
        *each(lambda prompt: " ".join(sorted(prompt.split(), key=str.casefold))), fails="no_echo"
    ),
    "the prompt in a frame": text(
        *each(lambda prompt: f"A wonderful story: {prompt} The end of it."), fails="no_echo"
    ),
    "the beginning of the prompt": text(*each(lambda prompt: " ".join(prompt.split()[:4])), fails="no_echo"),
    "words about a demo": text(
        *each(lambda prompt: f"This is a placeholder for {len(prompt)}."), fails="substance"
    ),
    "ready stories drawn by lot": text(STORY, TALE, STORY, fails="input_sensitive"),
    "drawn by lot, and nothing speaks for it": text(
        STORY, "Quite another one.", TALE, fails="input_sensitive"
    ),
    "one picture for all": draws(FOX, FOX, FOX, FOX, fails="input_sensitive"),
    "one picture with noise": draws(
        FOX, picture("a2", 0.105, 0.5), picture("a3", 0.1, 0.51), fails="input_sensitive"
    ),
    "a picture that knows no seed": draws(FOX, FOX, CITY, FOX, fails="seed_matters"),
    "one picture without words": draws(*[FOX] * 4, texts=(), fails="input_sensitive"),
    "the picture that was sent": draws(FOX, FOX, FOX, sent=FOX, fails="input_sensitive"),
    "a model that hears nothing at all": text(
        "", "", "", texts=("", ""), sent=sound("in", 0.1), fails="type"
    ),
    "the picture that was sent, saved anew": draws(
        *[picture("s", 0.101, 0.499)] * 2, picture("t", 0.1, 0.498), sent=FOX, fails="no_echo"
    ),
    "a blank picture": draws(*[picture("z", 0.5, std=0.2, colours=1)] * 3, fails="substance"),
    "a picture that cannot be decoded": draws(
        *[picture("", problem="cannot be decoded: truncated")] * 3, fails="substance"
    ),
    "a picture of four pixels": draws(*[picture("z", 0.5, width=2, height=2)] * 3, fails="substance"),
    "one sound with noise": Case(
        (sound("a", 0.5), sound("b", 0.501), sound("c", 0.499)),
        answer=AnswerType.AUDIO,
        fails="input_sensitive",
    ),
    "silence": Case((sound("z", rms=0.0),) * 3, answer=AnswerType.AUDIO, fails="substance"),
    "a click": Case((sound("z", 0.1, seconds=0.01),) * 3, answer=AnswerType.AUDIO, fails="substance"),
    "a film that stands still": Case(
        (film("z", 0.1, motion=0.0),) * 3, answer=AnswerType.VIDEO, fails="substance"
    ),
    "a film of one frame": Case((film("z", 0.1, frames=1),) * 3, answer=AnswerType.VIDEO, fails="substance"),
    "a sound instead of a film": Case((sound("z", 0.1),) * 3, answer=AnswerType.VIDEO, fails="type"),
    "the text as data": Case(each(lambda text: {"text": text}), answer=AnswerType.DATA, fails="no_echo"),
    "one vector for all": Case(([0.1, 0.2],) * 3, answer=AnswerType.DATA, fails="input_sensitive"),
    "a vector by lot": Case(([0.1, 0.2], [0.5, 0.1], [0.3, 0.3]), answer=AnswerType.DATA, fails="repeatable"),
}
