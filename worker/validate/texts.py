"""Texts to try, by what the author calls the input: a question wants a question, labels want a list."""

import re
from enum import StrEnum

MASKS = re.compile(r"\[MASK\]|<mask>")


class Meaning(StrEnum):
    """What a text input is for."""

    PROMPT = "prompt"
    QUESTION = "question"
    SEEN = "seen"
    """A question about a picture."""
    CONTEXT = "context"
    LABELS = "labels"
    SPOKEN = "spoken"
    LIST = "list"
    """Several texts, one in a line."""
    SENTENCE = "sentence"
    ARTICLE = "article"
    OBJECT = "object"
    """Things to look for in a picture."""
    LANGUAGE = "language"
    NEGATIVE = "negative"
    ASIDE = "aside"
    """System prompts, keys, addresses: left as they are."""


WORDS: tuple[tuple[str, Meaning], ...] = (
    (r"negative", Meaning.NEGATIVE),
    (r"\bsystem\b|instruction|\bapi\b|\btoken\b|\burl\b|\bpassword\b|\bfile ?name\b", Meaning.ASIDE),
    (r"\blang(uage)?s?\b|\blocale\b", Meaning.LANGUAGE),
    (r"question|\bquery\b", Meaning.QUESTION),
    (r"context|passage(?!s)|paragraph", Meaning.CONTEXT),
    (r"\blabels?\b|categories|candidates?|\bclasses\b", Meaning.LABELS),
    (r"sentences|documents|passages|\btexts\b|one per line|one in a line", Meaning.LIST),
    (r"objects?\b|things? to find", Meaning.OBJECT),
    (r"article|summar", Meaning.ARTICLE),
)
TASKS = {
    "summarization": Meaning.ARTICLE,
    "text-to-image": Meaning.PROMPT,
    "text-to-video": Meaning.PROMPT,
    "image-to-image": Meaning.PROMPT,
    "text-generation": Meaning.PROMPT,
    "text-to-speech": Meaning.SPOKEN,
    "visual-question-answering": Meaning.SEEN,
    "document-question-answering": Meaning.SEEN,
    "image-text-to-text": Meaning.SEEN,
}
MASKED = ("Paris is the {} of France.", "She put the {} on the table and left.", "The {} is shining.")
TEXTS: dict[Meaning, tuple[str, ...]] = {
    Meaning.PROMPT: (
        "A red fox running through a snowy forest at sunrise",
        "The harbour of an old city at night, with neon lights on the water",
    ),
    Meaning.QUESTION: ("Where does Sarah live?", "How many people work in the factory?"),
    Meaning.SEEN: ("What does this picture show?", "Which colours and shapes do you see here?"),
    Meaning.CONTEXT: (
        "My sister's name is Sarah and she lives in London, where she has been teaching music for many years."
        " In summer she visits our parents, who keep bees and a small garden near the coast of Portugal.",
        "The factory was built in 1962 beside the river. Today two hundred people work in it and make bicycle"
        " lamps, which are sold in eleven countries; the old machines are shown in a museum next door.",
    ),
    Meaning.SPOKEN: (
        "Good morning, how are you?",
        "The train to the coast leaves from platform four at ten past nine, and it stops at every village.",
    ),
    Meaning.LABELS: ("sports, politics, science",),
    Meaning.LIST: (
        "A happy dog runs over the meadow\nThe stock market fell again\nParis is the capital of France",
        "The train is late\nHe plays the violin every evening\nWinter in Berlin is long and grey",
    ),
    Meaning.SENTENCE: (
        "I am very happy with it: it works perfectly and arrived early.",
        "It broke after two days and nobody answers. A complete waste of money.",
        "The parcel contains a cable, a manual and two screws.",
    ),
    Meaning.ARTICLE: (
        "The city council decided on Monday to close the old bridge for two years. Engineers had found cracks"
        " in three of its pillars last autumn, and repairs would have cost more than a new bridge. Until it"
        " is ready, a ferry will carry people and bicycles over the river every ten minutes, free of charge."
        " Shop owners on the northern bank fear for their business and ask for lower rents.",
        "Researchers have followed four hundred storks with small transmitters on their way to Africa. The"
        " birds that left late flew faster and arrived at the same time as the early ones, but many more of"
        " them died. The scientists believe that young storks learn the best day of departure from the older"
        " ones, and that rubbish tips in Spain tempt a growing number to stay there for the whole winter.",
    ),
    Meaning.OBJECT: ("circle, line, person", "ring, bar, dog"),
}


def meaning_of(key: str, task: str | None) -> Meaning:
    """`key` is what the author calls the input, in small letters."""
    for pattern, meaning in WORDS:
        if re.search(pattern, key):
            about_a_picture = meaning is Meaning.QUESTION and TASKS.get(task or "") is Meaning.SEEN
            return Meaning.SEEN if about_a_picture else meaning
    if "prompt" in key:
        return TASKS.get(task or "", Meaning.PROMPT)
    return TASKS.get(task or "", Meaning.SENTENCE)


def texts_for(meaning: Meaning, mask: str | None) -> tuple[str, ...]:
    """Ours, at least one; with a mask where the model fills one in."""
    if mask and meaning in {Meaning.SENTENCE, Meaning.PROMPT}:
        return tuple(text.format(mask) for text in MASKED)
    return TEXTS[meaning]


def mask_in(*texts: str) -> str | None:
    """The mask that a text shows."""
    found = (MASKS.search(text) for text in texts)
    return next((match[0] for match in found if match), None)
