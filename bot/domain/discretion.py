"""Where a run may be spoken of by name: nobody learns of a private model from us.

A model's own discussions are read by those who can see it, and a private answer by whoever asked. Elsewhere a
run of a private or gated model keeps its names, its outputs and its error lines to itself.
"""

from dataclasses import replace

from bot.domain.models import ApiRef, ChannelRef, DiscussionRef, Run, ThreadRef
from bot.domain.people import Person
from bot.domain.snapshot import Snapshot
from worker.contract import Report


def may_see(run: Run, visitor: Person | None) -> bool:
    """Whether somebody may open the run's page: everyone may where the model is public."""
    return not run.is_private or is_own(run, visitor)


def is_own(run: Run, visitor: Person | None) -> bool:
    """Whether somebody asked for the run themselves."""
    return visitor is not None and visitor.user_id == run.requester.id


def is_discreet(run: Run, place: ThreadRef) -> bool:
    """Whether nothing that tells of its model may be said about this run in that place."""
    if not run.is_private:
        return False
    match place:
        case DiscussionRef(repo=repo):
            return repo != run.model_id
        case ChannelRef(is_private=is_for_one):
            return not is_for_one
        case ApiRef():
            return False


def as_told_in(place: ThreadRef, snapshot: Snapshot) -> Snapshot:
    """The run as that place may hear of it."""
    if not is_discreet(snapshot.run, place):
        return snapshot
    return Snapshot(veiled(snapshot.run), tuple(replace(step, message="") for step in snapshot.steps))


def veiled(run: Run) -> Run:
    """Without names, outputs and error lines: how it goes, how it ended, and what it cost."""
    report = _veiled(run.report) if run.report else None
    return run.model_copy(update={"model_id": "", "target_space": "", "sha": None, "report": report})


def _veiled(report: Report) -> Report:
    probes = tuple(
        probe.model_copy(
            update={"endpoint": "", "inputs": {}, "output": None, "error": probe.error and "an error"}
        )
        for probe in report.probes
    )
    hidden = {"space_id": None, "reason": "", "failure": None, "phases": (), "probes": probes, "evidence": ()}
    return report.model_copy(update=hidden)
