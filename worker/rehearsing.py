"""Rehearses the written app beside a twin of its model, in the background: the Space is made meanwhile."""

import threading
from functools import partial

from worker.build import Build
from worker.contract import EventKind, Mode
from worker.errors import Failed
from worker.hub import Hub
from worker.judging import samples_of
from worker.loader import Loader, loader_of
from worker.twin.evidence import evidence_of
from worker.twin.rehearsal import Rehearsal
from worker.twin.run import Facts, rehearse

NEEDED = ("twin_boots", "twin_answers")
"""What must not have failed before hardware is asked for that costs money or quota."""


class Rehearsing:
    """A rehearsal under way. `result` waits for it."""

    def __init__(self, build: Build, hub: Hub) -> None:
        self._rehearsal = Rehearsal(
            why_not="The rehearsal broke: there is an error of ours in the Job's log."
        )
        self._thread = threading.Thread(target=self._work, args=(build, hub), name="rehearsal", daemon=True)
        self._thread.start()

    def result(self) -> Rehearsal:
        self._thread.join()
        return self._rehearsal

    def _work(self, build: Build, hub: Hub) -> None:
        assert build.card and build.plan
        folder = build.folder / "rehearsal"
        folder.mkdir(exist_ok=True)
        try:
            self._rehearsal = rehearse(
                dict(build.files),
                build.card,
                hub,
                facts_of(build),
                samples_of(build, hub),
                folder,
                partial(build.journal.log, "twin", EventKind.NOTE),
            )
        except Exception as error:  # the build goes on; the reason is in its record
            build.journal.log("twin", EventKind.FAILED, f"{type(error).__name__}: {error}")


def facts_of(build: Build) -> Facts:
    """What the plan knows, as the rehearsal needs it."""
    assert build.card and build.plan
    card, settings = build.card, build.plan.settings
    loader, _ = loader_of(card)
    data = settings.get("external_data")
    base = card.base_of_adapter if loader in {Loader.PEFT, Loader.DIFFUSERS_LORA} else None
    return Facts(
        loader=loader,
        endpoint=build.plan.blueprint.endpoint,
        opens=(build.plan.weights, *(map(str, data) if isinstance(data, list) else ())),
        bases=(base,) if base else (),
    )


def check_before_spending(build: Build) -> None:
    """Where the hardware costs money or quota, the app must have booted and answered beside its twin."""
    assert build.plan
    if not build.rehearsal or not build.plan.is_scarce or build.spec.mode is not Mode.FULL_INFERENCE_GATED:
        return
    evidence = evidence_of(build.rehearsal())
    failed = next((each for each in evidence if each.name in NEEDED and each.passed is False), None)
    if failed:
        what = "Before any hardware was asked for, the app failed beside a small copy of its model"
        raise Failed("twin", f"{what}: {failed.detail}")
