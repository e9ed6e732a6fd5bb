"""What a scripted model can do when it is asked: say something, call tools, refuse, stall, hang up."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Call:
    """A tool call. Arguments that are a string go out as they are, be they JSON or not."""

    name: str
    arguments: dict[str, Any] | str

    @property
    def text(self) -> str:
        return self.arguments if isinstance(self.arguments, str) else json.dumps(self.arguments)


@dataclass(frozen=True)
class Say:
    """An answer. `tokens` is the use that the provider tells, in and out; None is what the sizes suggest."""

    text: str = ""
    calls: tuple[Call, ...] = ()
    tokens: tuple[int, int] | None = None
    cut: bool = False
    """Cut off at the answer's greatest length."""
    says_usage: bool = True
    pause: float = 0.0
    """Seconds between two pieces of a stream."""


@dataclass(frozen=True)
class Refuse:
    status: int
    message: str
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Stall:
    """Begin an answer and say no more until the other side hangs up. `silent` does not even begin."""

    silent: bool = False


@dataclass(frozen=True)
class HangUp:
    """Break the connection in the middle of an answer."""


Step = Say | Refuse | Stall | HangUp


@dataclass(frozen=True)
class Asked:
    """One request, as a behaviour sees it."""

    number: int
    """From 0, over the server's whole life."""
    body: dict[str, Any]

    @property
    def messages(self) -> list[dict[str, Any]]:
        return list(self.body["messages"])

    @property
    def turn(self) -> int:
        """How often a person has spoken, from 0."""
        return [message["role"] for message in self.messages].count("user") - 1

    @property
    def step(self) -> int:
        """How often the model has answered since a person spoke."""
        last = max(i for i, message in enumerate(self.messages) if message["role"] == "user")
        return [message["role"] for message in self.messages[last:]].count("assistant")

    @property
    def prompt(self) -> str:
        """What the person said last."""
        return text_of(next(m for m in reversed(self.messages) if m["role"] == "user"))

    @property
    def last(self) -> str:
        """The text of the last message, such as what a tool gave."""
        return text_of(self.messages[-1])


Behaviour = Callable[[Asked], Step]


def text_of(message: dict[str, Any]) -> str:
    match message.get("content"):
        case str(text):
            return text
        case list(parts):
            return "".join(part.get("text", "") for part in parts)
        case _:
            return ""
