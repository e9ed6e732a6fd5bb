"""The rehearsal: runs an app beside a twin of its model, before it costs anything.

Three copies run side by side: with the first weights, with other weights under the same id, without weights.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx2
from huggingface_hub.errors import HfHubHTTPError
from pydantic import BaseModel, ConfigDict

from worker.card import Card
from worker.errors import failure_of
from worker.hub import Hub
from worker.loader import Loader
from worker.twin.app_environment import NoEnvironment, app_python, base_python, gradio_wanted
from worker.twin.boot import Boot, ListeningClient
from worker.twin.hearing import Ask, hear_closed, hear_first, hear_other
from worker.twin.make import NoTwin, Twin, make_twin, ways
from worker.twin.notes import Notes
from worker.twin.real_files import Source, source_of, source_on
from worker.twin.rehearsal import Rehearsal
from worker.twin.repo import TwinRepo
from worker.twin.sandbox import Bounds, Sandbox
from worker.validate.calls import Calls, call_app
from worker.validate.samples import Samples

AFTER_THE_OTHERS = 8.0
"""Seconds that the copy without weights gets beyond what the first one took."""


class Facts(BaseModel):
    """What the plan knows of an app."""

    model_config = ConfigDict(frozen=True)

    loader: Loader
    endpoint: str | None = None
    """The one to call; None to find one."""
    opens: tuple[str, ...] = ()
    """The files with weights that it opens by name."""
    bases: tuple[str, ...] = ()
    """Ids of the models that this one stands on."""
    python: Path | None = None
    """The prepared environment's; None for the one that the worker's own environment names."""
    boot_seconds: float = 120
    call_seconds: float = 120
    memory: int = 8 * 1024**3


def rehearse(
    files: dict[str, str],
    card: Card,
    hub: Hub,
    facts: Facts,
    samples: Samples,
    folder: Path,
    say: Callable[[str], None],
) -> Rehearsal:
    """Everything that can be seen of these files beside a twin of the card's model.

    The app is called with the same probes as the deployed Space; the files that they send are made in
    `folder`. What cannot be seen is said in the Rehearsal. Blocking, and safe to call in a thread.
    """

    def ask(client: ListeningClient) -> Calls:
        return call_app(client, client.app(), facts.endpoint, samples, folder)

    notes = Notes(say)
    try:
        python = (facts.python or base_python()).absolute()
        with Sandbox(python) as sandbox:
            with notes.timed("environment"):
                wanted = files.get("requirements.txt", "")
                gradio = gradio_wanted(files.get("README.md", ""))
                python = app_python(sandbox, python, wanted, gradio, say)
            stage = _Stage(files, facts, ask, sandbox, python, notes)
            source = source_of(card, facts.loader, facts.opens)
            with notes.timed("bases"):
                bases = [_base(hub, base, sandbox, python) for base in facts.bases]
            for itself in ways(source):
                notes.begin_again(sandbox.level)
                if _rehearse_beside(stage, hub, source, bases, itself):
                    break
    except (NoEnvironment, NoTwin) as reason:
        notes.note(why_not=str(reason))
    except (HfHubHTTPError, httpx2.TransportError) as error:
        notes.note(why_not=f"The model's files could not be read for a twin. {failure_of(error).message}")
    return notes.rehearsal()


def _base(hub: Hub, model_id: str, sandbox: Sandbox, python: Path) -> Twin:
    source = source_on(hub, model_id)
    return make_twin(hub, source, sandbox, python, None, itself=ways(source)[0])


def _rehearse_beside(stage: "_Stage", hub: Hub, source: Source, bases: Sequence[Twin], itself: bool) -> bool:
    """One attempt; False if another kind of twin might do better."""
    notes = stage.notes
    base = bases[0] if bases else None
    try:
        with notes.timed("twin"):
            twin = make_twin(hub, source, stage.sandbox, stage.python, base, itself=itself)
    except NoTwin as reason:
        notes.note(why_not=str(reason))
        return False
    notes.note(twin=twin.what, exact=twin.exact)
    _run(stage, [twin, *bases])
    return bool(notes.seen.get("booted")) and notes.seen.get("answers") is not False


@dataclass(frozen=True)
class _Stage:
    """An app, and everything it is rehearsed with."""

    files: dict[str, str]
    facts: Facts
    ask: Ask
    sandbox: Sandbox
    python: Path
    notes: Notes

    def boot(self, name: str, repos: list[TwinRepo]) -> Boot:
        facts = self.facts
        bounds = Bounds(seconds=4 * (facts.boot_seconds + facts.call_seconds), memory=facts.memory)
        return Boot(name, self.sandbox, self.python, self.files, repos, bounds)


def _run(stage: _Stage, twins: list[Twin]) -> None:
    notes, facts = stage.notes, stage.facts
    with ExitStack() as stack:
        started = time.monotonic()
        first, other, closed = (
            stack.enter_context(stage.boot(name, repos)) for name, repos in _served(twins).items()
        )
        until = started + facts.boot_seconds
        with notes.timed("boot"):
            booted = first.wait_for_health(until) is not None
        detail = "The app became healthy beside its twin." if booted else first.why_down()
        if not booted and first.hub.unknown:
            detail += f" It asked for {', '.join(sorted(first.hub.unknown))}, which is not this model."
        notes.saw("booted", booted, detail)
        if not booted:
            return
        took = time.monotonic() - started
        with notes.timed("first"):
            asked = hear_first(ListeningClient(first, facts.call_seconds), stage.ask, first, twins[0], notes)
        if asked is None:
            return
        with notes.timed("other"):
            hear_other(ListeningClient(other, facts.call_seconds), other, until + took, asked, notes)
        with notes.timed("without"):
            patience = started + 2 * took + AFTER_THE_OTHERS
            hear_closed(ListeningClient(closed, facts.call_seconds), closed, patience, asked, notes)


def _served(twins: list[Twin]) -> dict[str, list[TwinRepo]]:
    """What each copy of the app finds on its Hub. Only the asked-for model changes."""
    model, *others = twins
    bases = [base.source.served_from(base.first) for base in others]
    return {
        "first": [model.source.served_from(model.first), *bases],
        "other": [model.source.served_from(model.other), *bases],
        "without": [model.source.served_from(model.first, without_weights=True), *bases],
    }
