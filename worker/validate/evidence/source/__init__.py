"""What the source says: which model it loads, and whether something else answers in its place.

Read as a syntax tree and never run. It finds mistakes and plain cheats; who hides well is for the twin.
"""

from worker.contract import Evidence
from worker.validate.evidence.source.diluting import diluted
from worker.validate.evidence.source.fallbacks import fallbacks
from worker.validate.evidence.source.flow import Flow
from worker.validate.evidence.source.handlers import handlers, not_from_the_model
from worker.validate.evidence.source.hashing import disguised_chance
from worker.validate.evidence.source.hiding import hiding
from worker.validate.evidence.source.instead import answers_instead
from worker.validate.evidence.source.loading import loading, other_revision
from worker.validate.evidence.source.reading import read_program
from worker.validate.evidence.source.remote import remote
from worker.validate.evidence.subject import Subject


def read_source(subject: Subject, endpoint: str | None) -> Evidence:
    """One item with the first things that are wrong."""
    program = read_program(subject.files)
    if program.broken:
        return Evidence(
            name="source", passed=False, detail=f"{program.broken} is no Python that can be read."
        )
    if not program.modules:
        return Evidence(name="source", passed=None, detail="There is no source to read.")
    flow = Flow(program, subject.card)
    behind = handlers(program, (endpoint or "").lstrip("/"))
    found = [
        *hiding(program),
        *remote(program),
        *loading(program, subject.card),
        *(other_revision(program, subject.card) if subject.ours else ()),
        *fallbacks(flow),
        *disguised_chance(flow),
        *diluted(flow),
        *not_from_the_model(flow, behind),
        *answers_instead(flow, behind),
    ]
    if found:
        detail = f"The source {'; it '.join(dict.fromkeys(found[:4]))}."
        return Evidence(name="source", passed=False, detail=detail[:500])
    named = f"loads {subject.card.model_id} and no other model" if subject.card else "loads a model"
    return Evidence(name="source", passed=True, detail=f"The source {named}, and answers with what it gives.")
