"""How much of an answer is the model's: what it moves, beside what another question moves."""

from collections.abc import Sequence
from dataclasses import dataclass

from worker.contract import AnswerType
from worker.twin.boot import Heard
from worker.validate.answers import Answered, Content, content_of
from worker.validate.difference import distance, kinds_in, same
from worker.validate.media import looked_at
from worker.validate.probes import Turn

LEAST = 0.1
"""A model that moves its app's answer less than this, of what another question does, has no say in it."""


@dataclass(frozen=True)
class Share:
    """Distances from 0 to 1, each the largest that was seen."""

    by_model: float
    by_question: float
    known: bool
    """Whether different questions move the answer at all."""

    @property
    def enough(self) -> bool:
        return not self.known or self.by_model >= LEAST * self.by_question


def share_of(questions: Sequence[Heard], disturbed: Sequence[Heard], returns: tuple[str, ...]) -> Share:
    """`disturbed` are the answers to the same questions with another model behind them, as far as asked."""
    files = [file for each in (*questions, *disturbed) for file in each.reply.files]
    seen = looked_at(files) if files else {}

    def content(heard: Heard) -> Content:
        media = {str(file): seen[file] for file in heard.reply.files}
        return content_of(
            Answered(turn=Turn.FIRST, content=0, returns=returns, output=heard.reply.output, media=media)
        )

    asked, other = [content(each) for each in questions], [content(each) for each in disturbed]
    kind = kinds_in(asked[0], AnswerType.ANY)
    by_question = max((distance(kind, asked[0], each) for each in asked[1:]), default=0.0)
    by_model = max((distance(kind, one, two) for one, two in zip(asked, other, strict=False)), default=0.0)
    return Share(by_model, by_question, known=by_question > same(kind))
