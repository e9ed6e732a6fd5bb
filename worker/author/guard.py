"""Reads what the agent wrote before it leaves the machine: what must not be published, and what to do
instead.

Nothing of it is run. Who hides well is for the twin and the probes; this finds shortcuts early and cheaply.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from worker.author.guard_code import shortcuts
from worker.author.guard_files import declared
from worker.author.workspace import Workspace
from worker.card import Card
from worker.redact import Redactor
from worker.validate.evidence.source.diluting import diluted
from worker.validate.evidence.source.fallbacks import fallbacks
from worker.validate.evidence.source.flow import Flow
from worker.validate.evidence.source.handlers import handlers, not_from_the_model
from worker.validate.evidence.source.hashing import disguised_chance
from worker.validate.evidence.source.hiding import hiding
from worker.validate.evidence.source.instead import answers_instead
from worker.validate.evidence.source.loading import loading, other_revision
from worker.validate.evidence.source.program import Program
from worker.validate.evidence.source.reading import read_program
from worker.validate.evidence.source.remote import remote

NEEDED = ("app.py", "requirements.txt", "README.md")
MOST = 12
"""Refusals that are told at once; the first are the ones to mend first."""


@dataclass(frozen=True)
class Refusal:
    """Why a workspace is not published."""

    rule: str
    problem: str
    fix: str

    def __str__(self) -> str:
        return f"[{self.rule}] {self.problem} → {self.fix}"


@dataclass(frozen=True)
class Allowed:
    """What this run has decided about the app."""

    card: Card
    endpoint: str = ""
    """The one that will be called."""
    trust_remote_code: bool = False
    """Whether the requester lets code of the model's repo run in the Space."""


def check(workspace: Workspace, allowed: Allowed, redactor: Redactor) -> tuple[Refusal, ...]:
    """Every reason not to publish, the most basic first; none where it may be published."""
    every = (
        *_files(workspace, redactor),
        *(Refusal(*each) for each in declared(workspace.texts, allowed.card.model_id)),
        *_source(workspace.texts, allowed),
    )
    return tuple(dict.fromkeys(every))[:MOST]


def _files(workspace: Workspace, redactor: Redactor) -> Iterator[Refusal]:
    for odd in workspace.oddities:
        yield Refusal("files", f"{odd.path} {odd.problem}.", odd.fix)
    for name in NEEDED:
        if name not in workspace.texts:
            yield Refusal("files", f"There is no {name}.", f"Write {name} at the top of the workspace.")
    for path, content in workspace.files.items():
        if redactor.has_secret(content.decode(errors="replace").replace("\ufffd", "?")):
            yield Refusal(
                "secret", f"{path} holds what looks like a secret.", "Take it out; the app needs none."
            )


def _source(texts: dict[str, str], allowed: Allowed) -> Iterator[Refusal]:
    program = read_program(texts)
    if program.broken:
        yield Refusal(
            "syntax",
            f"{program.broken} cannot be read as Python.",
            f"Run: python3 -m py_compile {program.broken}",
        )
        return
    if not program.modules:
        return
    yield from (Refusal(*each) for each in shortcuts(program, trust=allowed.trust_remote_code))
    try:
        yield from [
            Refusal(rule, f"The source {said}.", fix) for rule, said, fix in _evidence(program, allowed)
        ]
    except RecursionError:
        yield Refusal(
            "syntax", "The source is nested too deeply to be read.", "Write it in plain, short steps."
        )


def _evidence(program: Program, allowed: Allowed) -> Iterator[tuple[str, str, str]]:
    """What the judge of a running Space would find in its source as well."""
    card = allowed.card
    flow = Flow(program, card)
    behind = handlers(program, allowed.endpoint.lstrip("/"))
    pinned = "Load exactly this model with revision= from model.json, and no other."
    plainly = "Write what it does plainly: no eval, no names that are put together."
    here = "Run the model in this process; call no service and no other Space."
    model = "Give back what the model's own output says; let errors reach the person as gr.Error."
    for rule, said, fix in (
        ("hidden", hiding(program), plainly),
        ("remote", remote(program), here),
        ("model", loading(program, card), pinned),
        ("model", other_revision(program, card), pinned),
        ("fallback", fallbacks(flow), model),
        ("canned", disguised_chance(flow), model),
        ("canned", diluted(flow), model),
        ("canned", not_from_the_model(flow, behind), model),
        ("canned", answers_instead(flow, behind), model),
    ):
        for each in said:
            yield rule, each, fix
