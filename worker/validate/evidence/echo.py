"""Is the answer only what was sent? Repeated, shuffled, backwards, or in a frame of fixed words.

One content alone may well come back as it is, where a text needs no correction; every content does not.
"""

from worker.contract import AnswerType, Evidence
from worker.validate.answers import Answered, Content, numbers_in, strings_in
from worker.validate.difference import words_of
from worker.validate.evidence.comparing import Compared
from worker.validate.evidence.subject import Subject

LEAST_WORDS = 3
"""Of an answer that is called a shuffle."""
LEAST_SHARE = 0.5
"""Of the input's words that a shuffle has."""
MADE_OF_INPUT = frozenset({"token-classification"})
QUOTING = frozenset({"question-answering", "document-question-answering", "summarization", None})
"""Tasks whose answers may be passages of the input."""


def no_echo(subject: Subject, answers: Compared) -> Evidence:
    if not answers.answers:
        return Evidence(name="no_echo", passed=None, detail="There is no answer to look at.")
    if subject.card and subject.card.pipeline_tag in MADE_OF_INPUT:
        return Evidence(name="no_echo", passed=None, detail="Answers of this task are made of their input.")
    found = [echo_in(subject, answer, content) for answer, content in answers.different()]
    if all(found):
        return Evidence(name="no_echo", passed=False, detail=f"An answer {found[0]}.")
    if any(found):
        detail = f"One answer {next(filter(None, found))}, the others do not."
        return Evidence(name="no_echo", passed=None, detail=detail)
    if framed(subject, answers):
        detail = "Without the words of its input, every answer is the same."
        return Evidence(name="no_echo", passed=False, detail=detail)
    return Evidence(name="no_echo", passed=True, detail="No answer repeats its input.")


def echo_in(subject: Subject, answer: Answered, content: Content) -> str | None:
    """How an answer repeats what was sent; continues the sentence: An answer …"""
    sent = {media.digest for media in answer.sent if media.digest}
    if any(media.digest in sent for media in content.media) and not content.annotated:
        return "is the file that was sent"
    own = set((subject.card and subject.card.labels) or ())
    inputs = [text for text in answer.texts if len(words_of(text)) >= LEAST_WORDS]
    for text in _said(answer, content):
        for given in inputs:
            if text not in own and (how := _repeats(text, given, quoting=_may_quote(subject))):
                return how
    return None


def _said(answer: Answered, content: Content) -> list[str]:
    """The words of an answer. Data may well name what it is about, unless that is all there is in it."""
    if content.labels:
        return strings_in(answer.output)
    strings = [text for each in content.data for text in strings_in(each)]
    names_only = bool(strings) and not any(numbers_in(each) for each in content.data)
    return [*content.texts, *(strings if names_only and set(strings) <= set(answer.texts) else [])]


def _repeats(text: str, given: str, *, quoting: bool) -> str | None:
    said, sent = words_of(text), words_of(given)
    if said == sent:
        return "repeats its input"
    letters, sent_letters = "".join(said), "".join(sent)
    if len(letters) > 10 and sorted(letters) == sorted(sent_letters):
        return "has the letters of its input in another order"
    if len(said) < max(LEAST_WORDS, LEAST_SHARE * len(sent)) or not set(said) <= set(sent):
        return None
    quoted = f" {' '.join(said)} " in f" {' '.join(sent)} "
    if quoted and quoting and len(said) < len(sent):
        return None
    return "is a piece of its input" if quoted else "is made of its input's words alone"


def framed(subject: Subject, answers: Compared) -> bool:
    """Whether the answers to different texts differ in nothing but those texts' own words."""
    texts = [(answer, content) for answer, content in answers.different() if content.texts]
    if answers.kind is not AnswerType.TEXT or len(texts) < 2 or not all(a.texts for a, _ in texts):
        return False
    if _may_quote(subject):
        texts = [(answer, content) for answer, content in texts if not _passage(answer, content)]
    left = [_own_words(answer, content) for answer, content in texts]
    return len(left) > 1 and all(words == left[0] for words in left)


def _own_words(answer: Answered, content: Content) -> list[str]:
    """What is left of an answer without the words that were sent."""
    sent = {word for text in answer.texts for word in words_of(text)}
    return [word for text in content.texts for word in words_of(text) if word not in sent]


def _passage(answer: Answered, content: Content) -> bool:
    said = " ".join(words_of(" ".join(content.texts)))
    return any(said in " ".join(words_of(text)) for text in answer.texts)


def _may_quote(subject: Subject) -> bool:
    return (subject.card.pipeline_tag if subject.card else None) in QUOTING
