"""Everything that is known about one build so far. Whatever ends the run, the report is made from this."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pydantic import JsonValue

from worker.apps import CustomApp
from worker.card import Card
from worker.checklist import FirstRun
from worker.contract import BuildSpec, Evidence, Failure, Kind, Report, Weights
from worker.errors import Blocker
from worker.journal import Journal, now
from worker.plan import Plan
from worker.promotion import Standing
from worker.recommendation import Recommendation
from worker.space import Space
from worker.space_logs import Logs
from worker.twin.rehearsal import Rehearsal
from worker.validate.calls import Calls
from worker.validate.gate import NOT_PROVEN, Decision, Findings
from worker.waiting import Running


@dataclass
class Build:
    """Filled in by the phases; a field is None until its phase has ended well."""

    spec: BuildSpec
    journal: Journal
    token: str = field(repr=False)
    started_at: datetime = field(default_factory=now)
    folder: Path = Path()
    """For the files of this run that are no part of its record."""
    card: Card | None = None
    plan: Plan | None = None
    app: CustomApp | None = None
    """What is built where no model is."""
    recommendation: Recommendation | None = None
    """What the plan says, or as much as can be said where there is none."""
    files: dict[str, str] = field(default_factory=dict)
    written: dict[str, bytes] = field(default_factory=dict)
    """Every file of an app that a coding agent wrote, as its Space has them."""
    written_by: str | None = None
    space: Space | None = None
    rehearsal: Callable[[], Rehearsal] | None = None
    """Waits for what the app showed beside a twin of its model."""
    weights: Weights = NOT_PROVEN
    standing: Standing | None = None
    """The Space that a rebuild is for, as it was before."""
    commit: str | None = None
    private: bool | None = None
    running: Running | None = None
    health: dict[str, JsonValue] | None = None
    schema: dict[str, JsonValue] = field(default_factory=dict)
    calls: Calls | None = None
    evidence: tuple[Evidence, ...] = ()
    is_pictured: bool = False
    logs: Logs | None = None
    blockers: tuple[Blocker, ...] = ()
    hardware_refusal: str | None = None
    failure: Failure | None = None
    checked: bool = False
    """Whether a hello came to its end."""

    def findings(self) -> Findings:
        return Findings(
            blockers=self.blockers,
            hardware_refusal=self.hardware_refusal,
            failure=self.failure,
            running=self.running is not None,
            tested=self.calls is not None,
            evidence=self.evidence,
            answer=self.plan.blueprint.answer if self.plan else self.spec.validation.expected,
            ours=self.plan is not None or self.app is not None or "hosting.py" in self.files,
            shows_model=self.app is None,
            weights=self.weights,
            checked=self.checked,
            planned=self.spec.kind is Kind.PLAN and self.plan is not None,
        )

    def first_run(self) -> FirstRun:
        answers = self.calls.answers if self.calls else ()
        return FirstRun(
            running=self.running is not None if self.commit else None,
            private=self.private,
            examples_answered=all(not answer.error for answer in answers) if answers else None,
            source_passed=next((each.passed for each in self.evidence if each.name == "source"), None),
        )

    def report(self, decision: Decision) -> Report:
        return Report(
            run_id=self.spec.run_id,
            kind=self.spec.kind,
            model_id=self.spec.model_id,
            revision=self.spec.revision,
            verdict=decision.verdict,
            reason=decision.reason,
            weights=self.weights,
            space_id=self.space.id if self.space else None,
            space_repo=self.space.repo if self.space else None,
            space_url=self.space.url if self.space else None,
            space_commit=self.commit,
            previous_commit=self.standing.commit if self.standing else None,
            blueprint=self.plan.blueprint.name if self.plan else self.app and str(self.app.name),
            blueprint_reason=self.plan.reason if self.plan else None,
            written_by=self.written_by,
            hardware=self._hardware(),
            probes=self.calls.probes if self.calls else (),
            evidence=self.evidence,
            is_pictured=self.is_pictured,
            failure=decision.failure,
            phases=self.journal.phases,
            started_at=self.started_at,
            ended_at=now(),
        )

    def _hardware(self) -> str | None:
        if self.running and self.running.hardware:
            return self.running.hardware
        return self.space.hardware if self.space else None
