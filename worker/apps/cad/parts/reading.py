"""A prompt that is being read: what a rule has used is taken out, so that what nobody used can be said."""

import re

from .quantities import UNITS, Quantity, marked
from .trouble import Trouble
from .vocabulary import QUIET, canonical, originals, refused, unsupported

USED = " ; "
NAMES = "diameter|radius|length|width|height|depth|thickness|bore|across flats|teeth|module|wall"
OF = r"(?: ?(?:of|is|:|=|about))? ?"
Q = r"<(\d+)>"
"""A number, by its place in the list."""
WORD = re.compile(r"[^\W\d_]{2,}|[^\W\d_a-zäöüß]")
"""One sign is a word where one sign says something."""
STYLE = re.compile(
    rf"(?P<name>\b(?:{NAMES}|outer|inner){OF}{Q})"
    rf"|(?<!> x )(?<!> by ){Q} (?:(?:in|outer|inner) )*(?:{NAMES}|outer|inner)\b"
)


class Reading:
    """The words that are left, and the notes for the person."""

    def __init__(self, prompt: str) -> None:
        text, self.quantities = marked(prompt)
        text, self.refused = refused(text)
        """What the part must not have: `without holes`."""
        if what := unsupported(text):
            raise Trouble(f"The built-in rules can't make {what}. Leave that out, or say it otherwise.")
        self._originals = originals(text)
        self._understood: set[str] = set()
        self.text = canonical(text)
        self.words = self.text
        """As it was at the beginning."""
        self.notes: list[str] = []
        units = {each.unit for each in self.quantities if each.unit}
        first = STYLE.search(self.text)
        self._names_first = first is not None and first["name"] is not None
        self._usual_unit = units.pop() if len(units) == 1 else 1.0

    def has(self, pattern: str) -> bool:
        """Whether the whole prompt has it, used or not. Its words count as understood."""
        found = [each[0] for each in re.finditer(rf"\b(?:{pattern})\b", self.words)]
        self._understood |= {word for each in found for word in WORD.findall(each)}
        return bool(found)

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
        # The last of `50x30x40 thickness 3` is one of the three.
        either = (name, number) if self._names_first else (rf"(?<!> x )(?<!> by ){number}", name, number)
        if not adjectives:
            return self.length(*either)
        return self.length(rf"{Q} (?:in )?(?:{adjectives})\b", *either, rf"\b(?:{adjectives}){OF}{Q}")

    def mm(self, index: str | int) -> float:
        quantity = self.quantity(index)
        if quantity.unit == 0:
            raise Trouble(f"{quantity.written} is no length, and one is needed there.")
        if quantity.is_thread:
            self.notes.append(f"M{quantity.number:g} was taken as {quantity.number:g} mm, without a thread.")
            return quantity.number
        if quantity.unit is None and self._usual_unit != 1:
            name = next(name for name, size in UNITS.items() if size == self._usual_unit)
            self.notes.append(f"Numbers without a unit were taken as {name}, like the others.")
        return round(quantity.number * (self._usual_unit if quantity.unit is None else quantity.unit), 9)

    def quantity(self, index: str | int) -> Quantity:
        return self.quantities[int(index)]

    def left_over(self) -> list[str]:
        """The numbers that no rule has used."""
        return re.findall(Q, self.text)

    def unknown_words(self) -> list[str]:
        """Words that nobody had a use for, as they were written, without those that say nothing."""
        found = WORD.findall(re.sub(Q, " ", self.text))
        unknown = (self._originals.get(word, word) for word in found if self._is_unknown(word))
        return list(dict.fromkeys(unknown))

    def belongs_to_a_name(self, index: str) -> bool:
        """Whether a bare number stands behind a word that is unknown, as in `Pi 4`."""
        before = re.search(rf"({WORD.pattern}) ?<{index}>", self.text)
        return self.quantity(index).unit is None and before is not None and self._is_unknown(before[1])

    def _is_unknown(self, word: str) -> bool:
        return word not in QUIET and word not in self._understood

    def chose(self, what: str, value: float, given: float | None) -> float:
        """A size, or the usual one with a note that it was not given."""
        if given is not None:
            return given
        self.notes.append(f"The {what} was not given; {value:g} mm was taken.")
        return value
