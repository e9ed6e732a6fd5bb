"""Puts Spaces to sleep that nobody visits, in one thread per Hub. A visit wakes them, in `space_proxy`."""

import threading
from pathlib import Path

from bot.localhub.repos import Repo, RepoKind
from bot.localhub.space_life import put_to_sleep
from bot.localhub.state import Hub

LOOK_EVERY = 0.5


class Watch(threading.Thread):
    def __init__(self, hub: Hub) -> None:
        super().__init__(name="sleeping Spaces", daemon=True)
        self._hub = hub
        self._stopped = threading.Event()

    def run(self) -> None:
        while not self._stopped.wait(LOOK_EVERY):
            for repo in self._hub.all(Repo):
                if repo.kind is RepoKind.SPACE:
                    put_to_sleep(self._hub, repo)

    def stop(self) -> None:
        self._stopped.set()
        self.join()


_watches: dict[Path, Watch] = {}
"""By the folder of their Hub."""


def start(hub: Hub) -> None:
    watch = _watches[hub.folder] = Watch(hub)
    watch.start()


def stop(hub: Hub) -> None:
    """Safe to repeat."""
    if watch := _watches.pop(hub.folder, None):
        watch.stop()
