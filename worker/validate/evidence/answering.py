"""Was every call answered, how quickly, and with what the model should give?"""

from statistics import median

from worker.contract import AnswerType, Evidence
from worker.validate.answers import Answered, Content, content_of, says_nothing
from worker.validate.calls import Calls
from worker.validate.duration import recommend
from worker.validate.evidence.subject import Subject

WORDS = {
    AnswerType.TEXT: "a text",
    AnswerType.LABELS: "labels with probabilities",
    AnswerType.DATA: "data",
    AnswerType.IMAGE: "an image",
    AnswerType.ANNOTATED: "an image with named regions",
    AnswerType.AUDIO: "a sound",
    AnswerType.VIDEO: "a film",
    AnswerType.ANY: "something",
}


def answered(calls: Calls) -> Evidence:
    failed = [answer.error for answer in calls.answers if answer.error]
    if not calls.answers:
        why_not = calls.plans.why_not or "No endpoint could be called."
        return Evidence(name="answered", passed=None, detail=why_not)
    detail = f"{len(calls.answers) - len(failed)} of {len(calls.answers)} calls were answered."
    if failed:
        detail += f" First error: {failed[0]}"
    return Evidence(name="answered", passed=not failed, detail=detail)


def typed(subject: Subject, calls: Calls) -> Evidence:
    """Told by the content: a file by its bytes, labels by their probabilities."""
    expected = WORDS[subject.answer]
    given = [answer for answer in calls.answers if not answer.error]
    if not given:
        return Evidence(name="type", passed=None, detail="There is no answer to look at.")
    silent = [answer for answer in given if says_nothing(answer, content_of(answer))]
    if len(silent) == len(given):
        return Evidence(name="type", passed=None, detail="The model had nothing to say to any test file.")
    for answer in given:
        content = content_of(answer)
        if not content.has(subject.answer) and answer not in silent:
            return Evidence(name="type", passed=False, detail=f"Not {expected}: {_brief(answer, content)}")
    shown = next(answer for answer in given if answer not in silent)
    detail = f"Every answer is {expected}: {_brief(shown, content_of(shown))}"
    return Evidence(name="type", passed=True, detail=detail)


def latency(calls: Calls) -> Evidence:
    seconds = tuple(answer.seconds for answer in calls.answers if not answer.error)
    if not seconds:
        return Evidence(name="latency", passed=None, detail="Nothing to measure.")
    wish = recommend(seconds, calls.plans.work)
    detail = f"First call {seconds[0]:.2f} s, median {median(seconds):.2f} s. {wish.reason}"
    return Evidence(name="latency", passed=None, detail=detail)


def _brief(answer: Answered, content: Content) -> str:
    text = "; ".join(each.said() for each in content.media) or repr(answer.output)
    return text if len(text) <= 120 else text[:119] + "…"
