"""The answers of a run side by side: which ones should be alike, which ones should not. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from worker.contract import AnswerType
from worker.validate.answers import Answered, Content, content_of
from worker.validate.calls import Calls
from worker.validate.difference import distance, kinds_in
from worker.validate.evidence.subject import Subject
from worker.validate.probes import Turn

DRAWN = frozenset({AnswerType.TEXT, AnswerType.IMAGE, AnswerType.AUDIO, AnswerType.VIDEO})
"""What generating models give: without a seed they may answer differently each time."""


@dataclass(frozen=True)
class Compared:
    """The answers that came, with what they hold, and what they are compared by."""

    kind: AnswerType
    answers: tuple[tuple[Answered, Content], ...]
    may_vary: bool
    """Whether a genuine app may answer the same input differently."""

    def of(self, turn: Turn) -> Content | None:
        return next((content for answer, content in self.answers if answer.turn is turn), None)

    def apart(self, turn: Turn) -> float | None:
        """How far the answer of a turn lies from the first one."""
        first, other = self.of(Turn.FIRST), self.of(turn)
        return None if first is None or other is None else distance(self.kind, first, other)

    @property
    def drift(self) -> float:
        """How far asking again moves the answer."""
        return self.apart(Turn.AGAIN) or 0.0

    def different(self) -> Iterator[tuple[Answered, Content]]:
        """One answer for each content, in order."""
        seen: set[int] = set()
        for answer, content in self.answers:
            if answer.content not in seen:
                seen.add(answer.content)
                yield answer, content


def compared(subject: Subject, calls: Calls) -> Compared:
    answers = tuple((each, content_of(each)) for each in calls.answers if not each.error)
    contents = [content for _, content in answers]
    kind = kinds_in(contents[0], subject.answer) if contents else subject.answer
    return Compared(
        kind=kind,
        answers=tuple((answer, content) for answer, content in answers if content.has(kind)),
        may_vary=kind in DRAWN and not calls.plans.has_seed,
    )
