"""What a custom app has answered, probe by probe, as its judge gets it."""

from dataclasses import dataclass, field
from pathlib import Path

from pydantic import JsonValue

from worker.apps import CustomApp, ProbeOf
from worker.contract import Evidence
from worker.validate.client import AppClient, Reply


@dataclass(frozen=True)
class Said:
    """One call and its reply."""

    probe: ProbeOf
    reply: Reply


@dataclass(frozen=True)
class Judged:
    """What a judge says, and every call that it has made."""

    evidence: tuple[Evidence, ...]
    calls: tuple[Said, ...]


@dataclass(frozen=True)
class Visit:
    """A running Space of a custom app, to be judged."""

    app: CustomApp
    client: AppClient
    health: dict[str, JsonValue] | None
    files: dict[str, str]
    """What the Space was made of."""
    tracked: tuple[str, ...] = ()
    """What the Hub says is in the Space's repo."""
    made: list[Said] = field(default_factory=list)

    def call(self, probe: ProbeOf) -> Said:
        inputs: dict[str, JsonValue | Path] = {**probe.inputs}
        said = Said(probe, self.client.call(self.app.endpoint, inputs))
        self.made.append(said)
        return said
