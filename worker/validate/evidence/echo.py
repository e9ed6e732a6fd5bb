"""Is the answer only what was sent? Repeated, shuffled, backwards, or in a frame of fixed words.

One content alone may well come back as it is, where a text needs no correction; every content does not.
"""

from worker.contract import AnswerType, Evidence
from worker.validate.answers import Answered, Content, numbers_in, strings_in
from worker.validate.difference import words_of
from worker.validate.evidence.comparing import Compared
from worker.validate.evidence.subject import Subject
from worker.validate.recognise import MediaKind

LEAST_WORDS = 3
"""Of an answer that is called a shuffle."""
LEAST_SHARE = 0.5
"""Of the input's words that a shuffle has."""
NEAR = 0.02
"""Mean difference of the sketches of pictures that look the same."""
DRAWN_ON = frozenset(
    {
        "object-detection",
        "zero-shot-object-detection",
        "image-segmentation",
        "mask-generation",
        "keypoint-detection",
    }
)
"""Tasks whose answers may be drawn on the picture that was sent, where there was something to draw."""
MADE_OF_INPUT = frozenset({"token-classification"})
QUOTING = frozenset({"question-answering", "document-question-answering", "summarization", None})
"""Tasks whose answers may be passages of the input."""


def no_echo(subject: Subject, answers: Compared) -> Evidence:
    made_of_input = subject.card is not None and subject.card.pipeline_tag in MADE_OF_INPUT
    if made_of_input or not answers.answers:
        why = "Answers of this task are made of their input." if made_of_input else "There is no answer."
        return Evidence(name="no_echo", passed=None, detail=why)
    if _shows_what_was_sent(subject, answers):
        detail = "Every picture looks like the one that was sent: the model, or a program, left it as it was."
        return Evidence(name="no_echo", passed=None, detail=detail)
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
    if _copies(answer, content):
        return "is the file that was sent"
    own = set((subject.card and subject.card.labels) or ())
    inputs = [text for text in answer.texts if len(words_of(text)) >= LEAST_WORDS]
    for text in _said(answer, content):
        for given in inputs:
            if text not in own and (how := _repeats(text, given, quoting=_may_quote(subject))):
                return how
    return None


def _shows_what_was_sent(subject: Subject, answers: Compared) -> bool:
    """Whether every picture is nearly, or where it may be drawn on even exactly, the one that was sent."""
    pairs = list(answers.different())
    if not all(_is_near_copy(answer, content) for answer, content in pairs):
        return False
    may_draw = subject.card is not None and subject.card.pipeline_tag in DRAWN_ON
    return may_draw or not all(_copies(answer, content) for answer, content in pairs)


def _copies(answer: Answered, content: Content) -> bool:
    """Whether a file came back as it was sent; regions are named on the picture that was sent."""
    sent = {media.digest for media in answer.sent if media.digest}
    return any(media.digest in sent for media in content.media) and not content.annotated


def _is_near_copy(answer: Answered, content: Content) -> bool:
    """Whether a picture came back that looks like one that was sent."""
    pictures = content.of(AnswerType.IMAGE)
    sent = [media.sketch for media in answer.sent if media.kind is MediaKind.IMAGE and media.sketch]
    return not content.annotated and any(
        len(mine.sketch) == len(theirs)
        and sum(abs(a - b) for a, b in zip(mine.sketch, theirs, strict=True)) <= NEAR * len(theirs)
        for mine in pictures
        for theirs in sent
    )


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
