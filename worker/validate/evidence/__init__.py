"""Did real inference happen? Each check looks at what came back and says what it saw.

`passed` is None where a check could not be made. What these checks cannot tell is whether other weights would
have given other answers: that is what the twin is for.
"""

from worker.contract import AnswerType, Evidence
from worker.validate.calls import Calls
from worker.validate.evidence.answering import answered, latency, typed
from worker.validate.evidence.classes import as_documented, own_labels, probable
from worker.validate.evidence.comparing import compared
from worker.validate.evidence.echo import no_echo
from worker.validate.evidence.health import healthy, weights_opened
from worker.validate.evidence.log import logged
from worker.validate.evidence.repeating import repeatable, seed_matters, sensitive
from worker.validate.evidence.source import read_source
from worker.validate.evidence.subject import Subject
from worker.validate.evidence.substance import substance


def judge(subject: Subject, calls: Calls) -> tuple[Evidence, ...]:
    """Every check that the type of answer allows, in the order in which they explain themselves."""
    answers = compared(subject, calls)
    labelled = answers.kind is AnswerType.LABELS
    classes = (probable(answers), own_labels(subject, answers), as_documented(subject, answers))
    return (
        healthy(subject),
        weights_opened(subject),
        answered(calls),
        typed(subject, calls),
        substance(answers),
        *(classes if labelled else ()),
        repeatable(answers),
        sensitive(answers, calls),
        seed_matters(answers, calls),
        no_echo(subject, answers),
        read_source(subject, calls.plans.endpoint),
        logged(subject),
        latency(calls),
    )
