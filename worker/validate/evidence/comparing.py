"""The answers of a run side by side: which ones should be alike, which ones should not. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from worker.contract import AnswerType
from worker.validate.answers import Answered, Content, content_of, says_nothing
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
        """How far the answer of a turn lies from the first one; of several the one furthest away."""
        first = self.of(Turn.FIRST)
        others = [content for answer, content in self.answers if answer.turn is turn]
        if first is None or not others:
            return None
        return max(distance(self.kind, first, other) for other in others)

    @property
    def silent(self) -> bool:
        """Whether the model had nothing to say to anything."""
        return bool(self.answers) and all(says_nothing(*each) for each in self.answers)

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
        answers=tuple(
            (answer, content)
            for answer, content in answers
            if content.has(kind) or says_nothing(answer, content)
        ),
        may_vary=kind in DRAWN and not calls.plans.has_seed,
    )
