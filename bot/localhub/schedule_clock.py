"""Launches the Jobs of schedules when they are due, in one thread per Hub."""

import threading
import time
from pathlib import Path

from bot.localhub import job_launch
from bot.localhub.accounts import User
from bot.localhub.errors import HubError
from bot.localhub.job_records import Initiator, Job
from bot.localhub.schedules import Schedule, change, due_after
from bot.localhub.state import Hub, now

LOOK_EVERY = 0.5
MADE_UP_FOR = 60.0
"""Seconds: what fell due while the Hub was down is launched if it was down no longer than this."""


class Clock(threading.Thread):
    def __init__(self, hub: Hub) -> None:
        super().__init__(name="schedules", daemon=True)
        self._hub = hub
        self._stopped = threading.Event()

    def run(self) -> None:
        while not self._stopped.wait(LOOK_EVERY):
            for schedule in self._hub.all(Schedule):
                if schedule.due_at <= time.time():
                    self._strike(schedule)

    def stop(self) -> None:
        self._stopped.set()
        self.join()

    def _strike(self, schedule: Schedule) -> None:
        """Set the next time first, so that whatever happens, this one comes once."""
        late = time.time() - schedule.due_at
        change(self._hub, schedule.id, due_at=due_after(schedule.schedule, time.time()))
        if late > MADE_UP_FOR or schedule.suspend or _is_busy(self._hub, schedule):
            return
        try:
            launch(self._hub, schedule)
        except HubError as refusal:
            change(self._hub, schedule.id, problem=refusal.message)


def launch(hub: Hub, schedule: Schedule) -> Job:
    """Launch the schedule's Job now, with the rights that its creator has now. Raises HubError."""
    creator, owner = hub.all(User).get(schedule.creator), hub.all(User).get(schedule.owner.name)
    if creator is None or owner is None:
        raise HubError(404, "Who made this schedule is not here any more")
    caller = job_launch.on_behalf_of(creator)
    job_launch.namespace_for(hub, caller, owner.name)
    by = Initiator(type="scheduled-job", id=schedule.id)
    job = job_launch.launch(hub, owner, caller, schedule.spec, by)
    change(hub, schedule.id, last_job=job.id, last_at=now(), problem=None)
    return job


def _is_busy(hub: Hub, schedule: Schedule) -> bool:
    last = hub.all(Job).get(schedule.last_job or "")
    return not schedule.concurrency and last is not None and not last.stage.is_final


_clocks: dict[Path, Clock] = {}
"""By the folder of their Hub."""


def start(hub: Hub) -> None:
    clock = _clocks[hub.folder] = Clock(hub)
    clock.start()


def stop(hub: Hub) -> None:
    """Launch nothing more; returns when that is sure. Safe to repeat."""
    if clock := _clocks.pop(hub.folder, None):
        clock.stop()
