"""Recorded answers of honest and of cheating apps, with the verdict that each deserves.

Each is what an app gave for the contents 0, 0 again, 1 and 2.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from pydantic import JsonValue

from worker.card import Card
from worker.validate.evidence import Answered

TEXTS = ("I love it.", "It broke at once.", "It is a kettle.")
CARD = Card(
    model_id="alice/model",
    revision="a" * 40,
    files={"config.json": 10, "onnx/model.onnx": 1000},
    labels=("negative", "positive"),
)
HEALTH: dict[str, JsonValue] = {
    "status": "ok",
    "model_id": CARD.model_id,
    "revision": CARD.revision,
    "opened": {"config.json": 10, "onnx/model.onnx": 1000},
}


def labels(**probabilities: float) -> JsonValue:
    """An answer as gr.Label gives it."""
    ordered = sorted(probabilities.items(), key=lambda item: -item[1])
    confidences: list[JsonValue] = [{"label": name, "confidence": value} for name, value in ordered]
    return {"label": ordered[0][0], "confidences": confidences}


def sure(positive: float) -> JsonValue:
    return labels(positive=positive, negative=1 - positive)


HONEST = (sure(0.9), sure(0.9), sure(0.2), sure(0.55))


@dataclass(frozen=True)
class Case:
    """`fails` names the check that must refute it; None for an app that must pass."""

    outputs: tuple[JsonValue, ...] = HONEST
    fails: str | None = None
    health: dict[str, JsonValue] | None = field(default_factory=lambda: dict(HEALTH))
    errors: tuple[str | None, ...] = (None,) * 4
    texts: tuple[str, ...] = TEXTS
    expected: tuple[str | None, ...] = (None,) * 3
    card: Card = CARD

    @property
    def answers(self) -> tuple[Answered, ...]:
        contents = (0, 0, 1, 2)
        return tuple(
            Answered(
                content=content,
                text=self.texts[content],
                expected=self.expected[content],
                output=output,
                error=error,
                seconds=0.1,
            )
            for content, output, error in zip(contents, self.outputs, self.errors, strict=True)
        )


def each(answer: Callable[[str], JsonValue]) -> tuple[JsonValue, ...]:
    return tuple(answer(TEXTS[content]) for content in (0, 0, 1, 2))


GENUINE = {
    "a usual classifier": Case(),
    "a very sure one": Case((sure(0.99999), sure(0.99999), sure(0.99998), sure(0.999985))),
    "with the rounding of a GPU": Case((sure(0.9), sure(0.900001), sure(0.2), sure(0.55))),
    "labels that are not exclusive": Case(each(lambda text: labels(positive=0.9, negative=len(text) / 20))),
    "only the top label": Case((*[labels(positive=0.9)] * 2, labels(negative=0.8), labels(positive=0.5))),
    "no labels in its config": Case(
        (*[labels(LABEL_1=0.9)] * 2, labels(LABEL_0=0.7), labels(LABEL_1=0.8)),
        card=CARD.model_copy(update={"labels": None}),
    ),
    "an input that is one of its labels": Case(texts=("positive", *TEXTS[1:])),
    "what its card says": Case(expected=("positive", "negative", None)),
    "a card that is a little old": Case(expected=("positive", "positive", None)),
}

CHEATS = {
    "constant": Case((sure(0.9),) * 4, fails="input_sensitive"),
    "constant with a little noise": Case(
        (sure(0.9), sure(0.90002), sure(0.90001), sure(0.89999)), fails="input_sensitive"
    ),
    "random": Case((sure(0.9), sure(0.3), sure(0.2), sure(0.55)), fails="repeatable"),
    "labels of another model": Case(
        (*[labels(cat=0.9, dog=0.1)] * 2, labels(cat=0.2, dog=0.8), labels(cat=0.5, dog=0.5)), fails="labels"
    ),
    "one label too many": Case(
        (*[labels(positive=0.9, neutral=0.1)] * 2, sure(0.2), sure(0.55)), fails="labels"
    ),
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
            for answer, content in zip(HONEST, (0, 0, 1, 2), strict=True)
        ),
        fails="no_echo",
    ),
    "a picture instead of labels": Case(each(lambda _text: "/tmp/answer.png"), fails="type"),
    "a label without probability": Case(
        each(lambda _text: {"label": "positive", "confidences": None}), fails="type"
    ),
    "words as probabilities": Case(
        each(lambda _text: {"label": "a", "confidences": [{"label": "a", "confidence": "high"}]}),
        fails="type",
    ),
    "nothing": Case((None,) * 4, fails="type"),
    "a structure that is empty": Case(({},) * 4, fails="type"),
    "an error for every call": Case((None,) * 4, fails="answered", errors=("boom",) * 4),
    "an error for one input": Case((*HONEST[:3], None), fails="answered", errors=(None, None, None, "boom")),
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
    "the opposite of its card": Case(fails="card_examples", expected=("negative", "positive", "negative")),
}
