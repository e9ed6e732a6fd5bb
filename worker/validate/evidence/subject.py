"""What is judged: a Space that claims to show a model."""

from dataclasses import dataclass, field

from pydantic import JsonValue

from worker.card import Card
from worker.contract import AnswerType


@dataclass(frozen=True)
class Subject:
    """Everything that is known of it besides its answers."""

    card: Card | None
    """Of the model that it claims to show; None where nobody knows."""
    health: dict[str, JsonValue] | None
    answer: AnswerType = AnswerType.ANY
    files: dict[str, str] = field(default_factory=dict)
    """The source, path to text."""
    logs: str = ""
    ours: bool = True
    """Whether we made it: then it has our /health and our words in its log."""
