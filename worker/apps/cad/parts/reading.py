"""A prompt that is being read: what a rule has used is taken out, so that what nobody used can be said."""

import re

from .quantities import Quantity, marked
from .trouble import Trouble
from .vocabulary import QUIET, canonical, unsupported

USED = " ; "
NAMES = "diameter|radius|length|width|height|depth|thickness|bore|across flats|teeth|module|wall"
OF = r"(?: ?(?:of|is|:|=|about))? ?"
Q = r"<(\d+)>"
"""A number, by its place in the list."""
STYLE = re.compile(rf"(?P<name>\b(?:{NAMES}){OF}{Q})|{Q} (?:(?:in|outer|inner) )*(?:{NAMES})\b")


class Reading:
    """The words that are left, and the notes for the person."""

    def __init__(self, prompt: str) -> None:
        text, self.quantities = marked(prompt)
        if what := unsupported(text):
            raise Trouble(f"The built-in rules can't make {what}. Leave that out, or say it otherwise.")
        self.text = canonical(text)
        self.words = self.text
        """As it was at the beginning."""
        self.notes: list[str] = []
        units = {each.unit for each in self.quantities if each.unit}
        first = STYLE.search(self.text)
        self._names_first = first is not None and first["name"] is not None
        self._usual_unit = units.pop() if len(units) == 1 else 1.0

    def has(self, pattern: str) -> bool:
        """Whether the whole prompt has it, used or not."""
        return re.search(rf"\b(?:{pattern})\b", self.words) is not None

    def take(self, pattern: str) -> "re.Match[str] | None":
        """The first match in what is left; it counts as used."""
        found = re.search(pattern, self.text)
        if found:
            self.use(found.start(), found.end())
        return found

    def use(self, start: int, end: int) -> None:
        self.text = self.text[:start] + USED + self.text[end:]

    def length(self, *patterns: str) -> float | None:
        """Millimetres of the number in the first pattern that matches; None if none does."""
        for pattern in patterns:
            if found := self.take(pattern):
                return self.mm(next(each for each in found.groups() if each is not None))
        return None

    def named(self, nouns: str, adjectives: str = "") -> float | None:
        """The size with one of these names: `height 20`, or `20 height` in prompts like that; `20 tall`."""
        name, number = rf"\b(?:{nouns}){OF}{Q}", rf"{Q} (?:in )?(?:{nouns})\b"
        either = (name, number) if self._names_first else (number, name)
        if not adjectives:
            return self.length(*either)
        return self.length(rf"{Q} (?:in )?(?:{adjectives})\b", *either, rf"\b(?:{adjectives}){OF}{Q}")

    def mm(self, index: str | int) -> float:
        quantity = self.quantity(index)
        if quantity.unit == 0:
            raise Trouble(f"{quantity.number:g}° is an angle where a length is needed.")
        unit = self._usual_unit if quantity.unit is None else quantity.unit
        return round(quantity.number * (1.0 if quantity.is_thread else unit), 6)

    def quantity(self, index: str | int) -> Quantity:
        return self.quantities[int(index)]

    def left_over(self) -> list[str]:
        """The numbers that no rule has used."""
        return re.findall(Q, self.text)

    def unknown_words(self) -> list[str]:
        """Words that nobody had a use for, without those that say nothing."""
        found = re.findall(r"[a-zäöüß]{3,}", re.sub(Q, " ", self.text))
        return list(dict.fromkeys(word for word in found if word not in QUIET))

    def chose(self, what: str, value: float, given: float | None) -> float:
        """A size, or the usual one with a note that it was not given."""
        if given is not None:
            return given
        self.notes.append(f"The {what} was not given; {value:g} mm was taken.")
        return value
