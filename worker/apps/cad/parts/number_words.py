"""Numbers that are written as words: twelve, twenty-four, vierundzwanzig, quatre, half a dozen."""

import re
from itertools import product

from .romance_words import COUNTED as ROMANCE
from .trouble import Trouble

_ONES = (
    *(("one", "eins"), ("two", "zwei"), ("three", "drei"), ("four", "vier"), ("five", "fünf")),
    *(("six", "sechs"), ("seven", "sieben"), ("eight", "acht"), ("nine", "neun")),
)
_TEENS = (
    *(("ten", "zehn"), ("eleven", "elf"), ("twelve", "zwölf"), ("thirteen", "dreizehn")),
    *(("fourteen", "vierzehn"), ("fifteen", "fünfzehn"), ("sixteen", "sechzehn")),
    *(("seventeen", "siebzehn"), ("eighteen", "achtzehn"), ("nineteen", "neunzehn")),
)
_TENS = (
    *(("twenty", "zwanzig"), ("thirty", "dreißig"), ("forty", "vierzig"), ("fifty", "fünfzig")),
    *(("sixty", "sechzig"), ("seventy", "siebzig"), ("eighty", "achtzig"), ("ninety", "neunzig")),
)
_DOZENS = {
    "a couple": 2,
    "a pair": 2,
    "half a dozen": 6,
    "half dozen": 6,
    "ein halbes dutzend": 6,
    "halbes dutzend": 6,
} | dict.fromkeys(("a dozen", "dozen", "ein dutzend", "dutzend"), 12)


def _counted() -> dict[str, int]:
    numbers = {word: number for number, words in enumerate((*_ONES, *_TEENS), start=1) for word in words}
    for (ten, (english, german)), (one, (unit, einer)) in product(
        enumerate(_TENS, start=2), enumerate(_ONES, start=1)
    ):
        numbers |= {english: 10 * ten, german: 10 * ten}
        numbers[f"{english}-{unit}"] = 10 * ten + one
        numbers[f"{einer.removesuffix('s') if one == 1 else einer}und{german}"] = 10 * ten + one
    for one, (unit, einer) in enumerate(_ONES, start=1):
        numbers |= {f"{unit} hundred": 100 * one, f"{einer}hundert": 100 * one}
    return numbers | ROMANCE | _DOZENS | dict.fromkeys(("a hundred", "hundred", "hundert", "einhundert"), 100)


COUNTED = _counted()
WORDS = "|".join(sorted(COUNTED, key=len, reverse=True))
"""For a pattern; the longest first."""
_TWO_WORDS = re.compile(
    rf"\b({'|'.join(english for english, _ in _TENS)}) ({'|'.join(english for english, _ in _ONES)})\b"
)


def joined(text: str) -> str:
    """`twenty four holes` with its hyphen. Trouble for `twenty four mm holes`, which may be 20 of 4 mm."""

    def join(found: re.Match[str]) -> str:
        if re.match(r"\s*(?:mm|cm|inch|millimet|\d)", text[found.end() :]):
            raise Trouble(f"The number “{found[0]}” can be read in two ways. Write it in digits.")
        return f"{found[1]}-{found[2]}"

    return _TWO_WORDS.sub(join, text)
